import { describe, expect, it } from 'vitest';
import { memoryTransport } from '../src/memory.ts';
import type { Attachable, Wire } from '../src/wire.ts';

/** A device that does what the test says and remembers what happened to it. */
function puppet(onAttach?: (wire: Wire) => void) {
  const log: (string | Uint8Array)[] = [];
  let wire: Wire | undefined;
  const device: Attachable = {
    attach: (given) => {
      wire = given;
      onAttach?.(given);
      return {
        receive: (bytes) => void log.push(bytes),
        detach: () => void log.push('detach'),
      };
    },
  };
  return { device, log, wire: () => wire! };
}

describe('memoryTransport', () => {
  it('hands a write to the device before it returns, and the answer to the next read', async () => {
    const device: Attachable = {
      attach: (wire) => ({
        receive: (bytes) => wire.send(bytes.map((byte) => byte + 1)),
        detach: () => {},
      }),
    };
    await using transport = memoryTransport(device);
    await transport.write(Uint8Array.of(1, 2));
    expect(await transport.read(0)).toEqual(Uint8Array.of(2, 3));
  });

  it('keeps the arrays of the two sides apart', async () => {
    const { device, log, wire } = puppet();
    await using transport = memoryTransport(device);
    const page = Uint8Array.of(1, 2);
    wire().send(page);
    const read = await transport.read(0);
    read.fill(0);
    expect(page).toEqual(Uint8Array.of(1, 2));
    const request = Uint8Array.of(3);
    await transport.write(request);
    request.fill(0);
    expect(log).toEqual([Uint8Array.of(3)]);
  });

  it('detaches the device once on closing', async () => {
    const { device, log, wire } = puppet();
    const transport = memoryTransport(device);
    await transport.close();
    await transport.close();
    wire().unplug();
    expect(log).toEqual(['detach']);
  });

  it('detaches the device once when it unplugs itself', async () => {
    const { device, log, wire } = puppet();
    const transport = memoryTransport(device, { path: 'bench' });
    wire().unplug();
    wire().unplug();
    await expect(transport.read(0)).rejects.toMatchObject({
      code: 'unplugged',
      data: { path: 'bench' },
    });
    await expect(transport.write(Uint8Array.of(1))).rejects.toMatchObject({ code: 'unplugged' });
    await transport.close();
    expect(log).toEqual(['detach']);
  });

  it('copes with a device that unplugs itself while it is attached', async () => {
    const { device, log } = puppet((wire) => {
      wire.send(Uint8Array.of(9));
      wire.unplug();
    });
    const transport = memoryTransport(device);
    expect(await transport.read(0)).toEqual(Uint8Array.of(9));
    await expect(transport.read(0)).rejects.toMatchObject({ code: 'unplugged' });
    expect(log).toEqual(['detach']);
  });

  it("passes a device's own mistake on to the writer", async () => {
    const mistake = new Error('no such page');
    const device: Attachable = {
      attach: () => ({
        receive: () => {
          throw mistake;
        },
        detach: () => {},
      }),
    };
    await using transport = memoryTransport(device);
    await expect(transport.write(Uint8Array.of(1))).rejects.toBe(mistake);
  });
});
