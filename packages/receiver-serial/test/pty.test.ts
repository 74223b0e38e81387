import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { describeStoppedTransport, describeTransport, peerDevice } from '@egvkit/contracts';
import { Receiver } from '@egvkit/receiver';
import { openPty } from '@egvkit/receiver-emulator/pty';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openSerial } from '../src/index.ts';

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const QUICK = { settleMs: 1 } as const;

const XOFF = 0x13;

/** From now on a terminal's output stops when XOFF comes. */
function letXoffStop(path: string): void {
  const terminal = openSync(path, 'r+');
  const { status } = spawnSync('stty', ['ixon'], { stdio: [terminal, 'ignore', 'inherit'] });
  closeSync(terminal);
  expect(status).toBe(0);
}

async function plugIn() {
  let ended: Promise<void> = Promise.resolve();
  const { device, peer } = peerDevice(async () => {
    await ended;
    // serialport learns of it by an event.
    await pause(20);
  });
  const port = await openPty(device);
  ended = port.ended;
  return { port, peer };
}

describe.skipIf(process.platform === 'win32')('serialport on a pseudo-terminal', () => {
  describeTransport('openSerial', async () => {
    const { port, peer } = await plugIn();
    return {
      transport: await openSerial(port.path, QUICK),
      peer,
      dispose: () => port.close(),
    };
  });

  async function openStoppable() {
    const { port, peer } = await plugIn();
    const transport = await openSerial(port.path, QUICK);
    const stop = async () => {
      letXoffStop(port.path);
      peer.write(Uint8Array.of(XOFF));
      await pause(50);
    };
    return { transport, peer: { ...peer, stop }, dispose: () => port.close() };
  }

  describeStoppedTransport('openSerial', openStoppable);

  it('is a timeout of the receiver when its output is stopped', { timeout: 15_000 }, async () => {
    const { transport, peer, dispose } = await openStoppable();
    onTestFinished(dispose);
    await peer.stop();
    const start = performance.now();
    await expect(Receiver.open(transport)).rejects.toMatchObject({
      code: 'timeout',
      data: { command: 'ping', afterMs: 2000 },
    });
    // The time of the command, and what closing may take.
    expect(performance.now() - start).toBeLessThan(2000 + 3000 + 2000);
  });

  it('opens, closes and opens again without waiting', async () => {
    const { port, peer } = await plugIn();
    await using _ = port;
    for (let round = 1; round <= 3; round++) {
      await using transport = await openSerial(port.path, { ...QUICK, attempts: 1 });
      await transport.write(Uint8Array.of(round));
      await peer.received(round);
    }
    expect(await peer.received(3)).toEqual(Uint8Array.of(1, 2, 3));
  });

  it('carries any bytes in any chunks, both ways at the same time', async () => {
    const { port, peer } = await plugIn();
    await using _ = port;
    await using transport = await openSerial(port.path, QUICK);
    const chunks = fc.array(fc.uint8Array({ minLength: 1, maxLength: 600 }), { maxLength: 8 });
    let received = 0;
    await fc.assert(
      fc.asyncProperty(chunks, chunks, async (out, back) => {
        for (const chunk of back) peer.write(chunk);
        for (const chunk of out) await transport.write(chunk);
        const expected = back.flatMap((chunk) => [...chunk]);
        const got: number[] = [];
        while (got.length < expected.length) got.push(...(await transport.read(1000)));
        expect(got).toEqual(expected);
        const sent = out.flatMap((chunk) => [...chunk]);
        const heard = await peer.received(received + sent.length);
        expect([...heard.subarray(received)]).toEqual(sent);
        received += sent.length;
      }),
      { numRuns: 40 },
    );
  });

  it('discards what came before it was opened', async () => {
    const { port, peer } = await plugIn();
    await using _ = port;
    peer.write(Uint8Array.of(0x41, 0x54, 0x0d));
    await pause(20);
    await using transport = await openSerial(port.path);
    peer.write(Uint8Array.of(1));
    expect(await transport.read(1000)).toEqual(Uint8Array.of(1));
  });

  it('waits until another program lets go of the port', async () => {
    const { port, peer } = await plugIn();
    await using _ = port;
    const other = await openSerial(port.path, QUICK);
    const codes: string[] = [];
    await using transport = await openSerial(port.path, {
      ...QUICK,
      delayMs: 5,
      onRetry: ({ attempt, error }) => {
        codes.push(error.code);
        if (attempt === 2) void other.close();
      },
    });
    peer.write(Uint8Array.of(1));
    expect(await transport.read(1000)).toEqual(Uint8Array.of(1));
    expect(codes.slice(0, 2)).toEqual(['portBusy', 'portBusy']);
  });

  it.each([
    ['/dev/no-such-port', 'portNotFound', 'There is no port /dev/no-such-port.'],
    ['/dev/null', 'notASerialPort', '/dev/null is not a serial port.'],
    ['/tmp', 'notASerialPort', '/tmp is not a serial port.'],
  ])('reports %s at once: %s', async (path, code, message) => {
    const retries: unknown[] = [];
    await expect(
      openSerial(path, { onRetry: (retry) => retries.push(retry) }),
    ).rejects.toMatchObject({ code, message });
    expect(retries).toEqual([]);
  });
});
