import type { UsbFailure } from '@egvkit/receiver-emulator/webusb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { page } from './support.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const after = (ms: number) => vi.advanceTimersByTimeAsync(ms);

/** An error that a promise fails with, as a value. */
async function errorOf(work: Promise<unknown>): Promise<unknown> {
  return await work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** Failures one after the other, then none. */
function failures(...kinds: UsbFailure[]) {
  return () => kinds.shift();
}

describe('reading', () => {
  it('keeps two transfers of 4096 bytes waiting, whatever times out (browser §1, §23)', async () => {
    const { device, peer, open } = page();
    const transferIn = vi.spyOn(device, 'transferIn');
    const transport = await open();
    const timedOut = transport.read(50);
    await after(50);
    expect(await timedOut).toHaveLength(0);
    await expect(transport.read(50, AbortSignal.abort(new Error('x')))).rejects.toThrow('x');
    expect(device.transfersWaiting).toBe(2);
    // The last is for Node's `usb`, which else ends a transfer after a second.
    expect(transferIn.mock.calls).toEqual([
      [3, 4096, 0x7fff_ffff],
      [3, 4096, 0x7fff_ffff],
    ]);
    peer.write(Uint8Array.of(1));
    expect(await transport.read(50)).toEqual(Uint8Array.of(1));
    await after(0);
    expect(device.transfersWaiting).toBe(2);
  });

  it('gives bytes in the order of the transfers, whichever ends first (browser §23)', async () => {
    const { device, open } = page();
    const ends = Array.from({ length: 8 }, () => Promise.withResolvers<USBInTransferResult>());
    let begun = 0;
    vi.spyOn(device, 'transferIn').mockImplementation(() => ends[begun++]!.promise);
    const transport = await open();
    const end = (i: number, byte: number) =>
      ends[i]!.resolve({ status: 'ok', data: new DataView(Uint8Array.of(byte).buffer) });
    end(1, 2);
    await after(0);
    expect(await transport.read(0)).toHaveLength(0);
    end(0, 1);
    await after(0);
    expect([...(await transport.read(0))]).toEqual([1, 2]);
  });

  it.each([
    ['stall', ['in', 3]],
    ['babble', undefined],
  ] as const)('goes on after %s, and tells of the loss (browser §24)', async (kind, cleared) => {
    const { device, peer, open } = page({ failTransfer: failures(kind) });
    const clearHalt = vi.spyOn(device, 'clearHalt');
    const losses: unknown[] = [];
    const transport = await open({ onLoss: (cause) => losses.push(cause) });
    peer.write(Uint8Array.of(1));
    await after(0);
    peer.write(Uint8Array.of(2));
    await after(0);
    expect(await transport.read(0)).toEqual(Uint8Array.of(2));
    expect(losses[0]).toMatchObject({ message: `a transfer from it ended with ${kind}` });
    expect(clearHalt.mock.calls[0]).toEqual(cleared);
  });

  it('gives up where every transfer stalls', async () => {
    const { device, open } = page();
    vi.spyOn(device, 'transferIn').mockResolvedValue({ status: 'stall' });
    const transport = await open();
    const read = errorOf(transport.read(1000));
    await after(200);
    expect(await read).toMatchObject({
      code: 'portFailed',
      message: 'USB device 22A3:0047 could not be used: a transfer from it ended with stall.',
    });
  });

  it('gives a reply of whole packets, which an empty packet ends', async () => {
    const { peer, open } = page();
    const transport = await open();
    for (const size of [64, 128, 4096]) {
      peer.write(new Uint8Array(size).fill(1));
      await after(0);
      expect(await transport.read(0)).toHaveLength(size);
    }
    // One that is longer than a transfer goes on in the next.
    peer.write(new Uint8Array(10_000));
    await after(0);
    expect(await transport.read(0)).toHaveLength(10_000);
  });
});

describe('a pulled cable', () => {
  it('is reported as unplugged although transfers fail before the event (browser §4)', async () => {
    const { cable, device, open } = page({}, { disconnectMs: 900 });
    const transport = await open();
    // A browser that does not know yet.
    Object.defineProperty(device, 'opened', { value: true });
    const read = errorOf(transport.read(1000));
    cable.unplug();
    await after(900);
    expect(await read).toMatchObject({
      code: 'unplugged',
      message: 'The connection to the receiver on USB device 22A3:0047 was lost.',
      cause: { name: 'NetworkError' },
    });
  });

  it('is told from other failures by the name of the error (browser §3)', async () => {
    const { usb, device, open } = page();
    const cause = Object.assign(new Error('x'), { name: 'NetworkError' });
    vi.spyOn(device, 'transferIn').mockRejectedValue(cause);
    const transport = await open();
    const read = errorOf(transport.read(2000));
    await after(900);
    usb.dispatchEvent(Object.assign(new Event('disconnect'), { device }));
    await after(0);
    expect(await read).toMatchObject({ code: 'unplugged', cause });
  });

  it('is reported as portFailed if no event comes within 1 s (browser §4)', async () => {
    const { device, open } = page();
    vi.spyOn(device, 'transferIn').mockRejectedValue(new DOMException('Broken.', 'NetworkError'));
    const transport = await open();
    const read = errorOf(transport.read(2000));
    await after(1000);
    expect(await read).toMatchObject({
      code: 'portFailed',
      message: 'USB device 22A3:0047 could not be used: Broken.',
    });
  });

  it('of another receiver does not affect this one (browser §7)', async () => {
    const { usb, peer, open } = page();
    const transport = await open();
    usb.plug({ attach: () => ({ receive() {}, detach() {} }) }, { granted: true }).unplug();
    await after(500);
    peer.write(Uint8Array.of(1));
    await after(0);
    expect(await transport.read(0)).toEqual(Uint8Array.of(1));
  });

  it("is known by its handle in Node's usb, which makes an object for each event", async () => {
    const { usb, device, open } = page();
    Object.defineProperty(device, 'handle', { value: '1-2' });
    const transport = await open();
    const event = new Event('disconnect');
    Object.defineProperty(event, 'device', { value: { handle: '1-2' } });
    usb.dispatchEvent(event);
    const read = errorOf(transport.read(1000));
    await after(200);
    expect(await read).toMatchObject({ code: 'unplugged' });
  });

  it('ends a write too', async () => {
    const { cable, open } = page({ stopped: true });
    const transport = await open();
    const written = errorOf(transport.write(Uint8Array.of(1)));
    cable.unplug();
    await after(200);
    expect(await written).toMatchObject({ code: 'unplugged' });
  });
});

describe('writing', () => {
  it.each([6, 64, 128, 4096])('sends %i bytes, and no empty packet (browser §25)', async (size) => {
    const { device, open, peer } = page();
    const transport = await open();
    await transport.write(new Uint8Array(size));
    await peer.received(size);
    expect(device.transfersOut).toEqual([size]);
  });

  it("sets no limit, where Node's usb has one (browser §1)", async () => {
    const { device, open } = page();
    const transferOut = vi.spyOn(device, 'transferOut');
    const transport = await open();
    await transport.write(Uint8Array.of(1));
    expect(transferOut.mock.calls).toEqual([[2, Uint8Array.of(1), 0x7fff_ffff]]);
  });

  it('fails where the transfer stalls', async () => {
    const { device, open } = page();
    vi.spyOn(device, 'transferOut').mockResolvedValue({
      status: 'stall',
      bytesWritten: 0,
    } as never);
    const transport = await open();
    const written = errorOf(transport.write(Uint8Array.of(1)));
    await after(200);
    expect(await written).toMatchObject({
      code: 'portFailed',
      data: { reason: 'a transfer to it ended with stall' },
    });
  });
});

describe('closing', () => {
  it('ends pending transfers, and reports no AbortError (browser §26)', async () => {
    const { device, open } = page();
    const losses: unknown[] = [];
    const transport = await open({ onLoss: (cause) => losses.push(cause) });
    const read = errorOf(transport.read(60_000));
    await transport.close();
    expect(await read).toMatchObject({ code: 'closed' });
    await after(1000);
    expect(device.opened).toBe(false);
    expect(losses).toEqual([]);
  });

  it('closes a device that takes no bytes', async () => {
    const { device, open } = page({ stopped: true });
    const transport = await open();
    const written = errorOf(transport.write(Uint8Array.of(1)));
    await transport.close();
    expect(await written).toMatchObject({ code: 'closed' });
    expect(device.opened).toBe(false);
  });

  it('fails after 3 s if the browser does not release the device', async () => {
    const { open } = page({ closingHangs: true });
    const transport = await open();
    const closed = errorOf(transport.close());
    await after(3000);
    expect(await closed).toMatchObject({
      code: 'notReleased',
      message: 'USB device 22A3:0047 was not released within 3000 ms.',
    });
  });

  it('fails if a device does not close while a transfer waits (browser §26)', async () => {
    const { cable, open } = page({ closingRefusesPending: true });
    const transport = await open();
    const closed = errorOf(transport.close());
    await after(200);
    expect(await closed).toMatchObject({
      code: 'portFailed',
      data: { reason: "Can't close device with a pending request" },
    });
    cable.behaviour.closingRefusesPending = false;
  });

  it('succeeds after the cable was pulled', async () => {
    const { cable, open } = page();
    const transport = await open();
    cable.unplug();
    await transport.close();
  });

  it('can be opened again afterwards, with two new transfers', async () => {
    const { device, peer, open } = page();
    await (await open()).close();
    const transport = await open();
    peer.write(Uint8Array.of(1));
    await after(0);
    expect(await transport.read(0)).toEqual(Uint8Array.of(1));
    expect(device.transfersWaiting).toBe(2);
  });
});

describe('the page', () => {
  it('closes the device when the user leaves it (browser §8)', async () => {
    const window = new EventTarget();
    vi.stubGlobal('addEventListener', window.addEventListener.bind(window));
    vi.stubGlobal('removeEventListener', window.removeEventListener.bind(window));
    const { device, open } = page();
    await open();
    window.dispatchEvent(new Event('pagehide'));
    // Within the event: a page that goes away runs nothing later.
    expect(device.opened).toBe(false);
  });

  it('notices after it was frozen that the receiver has gone meanwhile (browser §8)', async () => {
    const document = new EventTarget();
    vi.stubGlobal('document', document);
    const { device, open } = page();
    const transport = await open();
    Object.defineProperty(device, 'opened', { value: false });
    document.dispatchEvent(new Event('resume'));
    await after(200);
    await expect(transport.read(0)).rejects.toMatchObject({ code: 'unplugged' });
  });
});
