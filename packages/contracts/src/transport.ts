/** The one suite that every `Transport` passes. */
import type { Transport } from '@egvkit/protocol/receiver';
import { describe, expect, it, onTestFinished } from 'vitest';
import { expectSameBytes, PATIENCE_MS, pattern, pause, readBytes } from './bytes.ts';
import type { TransportPair, TransportPeer } from './peer.ts';

/**
 * Describes what a `Transport` promises, as one vitest suite.
 *
 * @param name of the transport, for the suite
 * @param makePair opens a new connection for one test; the suite closes it
 */
export function describeTransport(
  name: string,
  makePair: () => Promise<TransportPair<Transport>>,
): void {
  const open = async (): Promise<{ transport: Transport; peer: TransportPeer }> => {
    const { transport, peer, dispose } = await makePair();
    onTestFinished(async () => {
      await transport.close();
      await dispose?.();
    });
    return { transport, peer };
  };

  describe(`${name} as a Transport`, () => {
    describeReading(open);
    describeWriting(open);
    describeAborting(open);
    describeEnding(open);
  });
}

const FLOOD_BYTES = 1_048_576;

type Open = () => Promise<{ transport: Transport; peer: TransportPeer }>;

function describeReading(open: Open): void {
  it('gives bytes in order over many chunks of many sizes', async () => {
    const { transport, peer } = await open();
    const sent = pattern(10_000);
    for (let offset = 0, size = 1; offset < sent.length; offset += size, size = (size * 7) % 251) {
      peer.write(sent.subarray(offset, Math.min(offset + size, sent.length)));
      if (size % 5 === 0) await pause(0);
    }
    expectSameBytes(await readBytes(transport, sent.length), sent);
  });

  it('gives part of an answer as soon as that part is there', async () => {
    const { transport, peer } = await open();
    peer.write(Uint8Array.of(1, 2));
    expect(await readBytes(transport, 2)).toEqual(Uint8Array.of(1, 2));
    peer.write(Uint8Array.of(3));
    expect(await readBytes(transport, 1)).toEqual(Uint8Array.of(3));
  });

  it('gives all 256 byte values as they are', async () => {
    const { transport, peer } = await open();
    const sent = Uint8Array.from({ length: 256 }, (_, i) => i);
    peer.write(sent);
    expectSameBytes(await readBytes(transport, 256), sent);
  });

  it('gives 64 KiB whole', async () => {
    const { transport, peer } = await open();
    const sent = pattern(65_536);
    peer.write(sent);
    expectSameBytes(await readBytes(transport, sent.length), sent);
  });

  it('gives plain arrays that are the caller’s to change', async () => {
    const { transport, peer } = await open();
    peer.write(Uint8Array.of(1, 2, 3));
    const first = await transport.read(PATIENCE_MS);
    expect(Object.getPrototypeOf(first)).toBe(Uint8Array.prototype);
    first.fill(0xff);
    peer.write(Uint8Array.of(4, 5, 6));
    const second = await readBytes(transport, 6 - first.length);
    expect(second.at(-1)).toBe(6);
    expect(first.every((byte) => byte === 0xff)).toBe(true);
  });

  it('does not wait with a timeout of 0, whether something is there or not', async () => {
    const { transport, peer } = await open();
    expect(await transport.read(0)).toHaveLength(0);
    peer.write(Uint8Array.of(1));
    const start = performance.now();
    let read = await transport.read(0);
    while (read.length === 0 && performance.now() - start < PATIENCE_MS) {
      await pause(1);
      read = await transport.read(0);
    }
    expect(read).toEqual(Uint8Array.of(1));
  });

  it('gives an empty array when the time is up, not before', async () => {
    const { transport } = await open();
    const start = performance.now();
    expect(await transport.read(60)).toHaveLength(0);
    const elapsedMs = performance.now() - start;
    expect(elapsedMs).toBeGreaterThan(58);
    expect(elapsedMs).toBeLessThan(1000);
  });

  it('loses no byte that comes after a read has timed out', async () => {
    const { transport, peer } = await open();
    expect(await transport.read(5)).toHaveLength(0);
    peer.write(Uint8Array.of(1));
    await pause(20);
    peer.write(Uint8Array.of(2));
    expect(await readBytes(transport, 2)).toEqual(Uint8Array.of(1, 2));
  });

  it('refuses a second read while one waits, and still serves the first', async () => {
    const { transport, peer } = await open();
    const first = transport.read(PATIENCE_MS);
    await expect(transport.read(10)).rejects.toMatchObject({ code: 'busy' });
    peer.write(Uint8Array.of(7));
    expect(await first).toEqual(Uint8Array.of(7));
  });
}

function describeWriting(open: Open): void {
  it('sends bytes in order over many writes', async () => {
    const { transport, peer } = await open();
    for (let i = 0; i < 50; i++) await transport.write(Uint8Array.of(i, 255 - i));
    const received = await peer.received(100);
    expect([...received]).toEqual(Array.from({ length: 50 }, (_, i) => [i, 255 - i]).flat());
  });

  it('sends all 256 byte values as they are', async () => {
    const { transport, peer } = await open();
    const sent = Uint8Array.from({ length: 256 }, (_, i) => i);
    await transport.write(sent);
    expectSameBytes(await peer.received(256), sent);
  });

  it('sends 64 KiB whole', async () => {
    const { transport, peer } = await open();
    const sent = pattern(65_536);
    await transport.write(sent);
    expectSameBytes(await peer.received(sent.length), sent);
  });

  it('is done with the array once the write is', async () => {
    const { transport, peer } = await open();
    const request = Uint8Array.of(1, 2, 3);
    await transport.write(request);
    request.fill(0);
    expect(await peer.received(3)).toEqual(Uint8Array.of(1, 2, 3));
  });
}

function describeAborting(open: Open): void {
  it('ends a read that was aborted beforehand with the reason, and keeps the bytes', async () => {
    const { transport, peer } = await open();
    const reason = new Error('enough');
    peer.write(Uint8Array.of(1));
    await expect(transport.read(PATIENCE_MS, AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(await readBytes(transport, 1)).toEqual(Uint8Array.of(1));
  });

  it('ends a waiting read at once, and keeps what comes later', async () => {
    const { transport, peer } = await open();
    const abort = new AbortController();
    const reason = new Error('enough');
    const read = transport.read(PATIENCE_MS, abort.signal);
    abort.abort(reason);
    await expect(read).rejects.toBe(reason);
    peer.write(Uint8Array.of(1, 2));
    expect(await readBytes(transport, 2)).toEqual(Uint8Array.of(1, 2));
  });

  it('leaves no listener on the signal when a read and a write are over', async () => {
    const { transport, peer } = await open();
    const listeners = new Set<() => void>();
    const signal = {
      aborted: false,
      reason: undefined,
      addEventListener: (_: 'abort', listener: () => void) => void listeners.add(listener),
      removeEventListener: (_: 'abort', listener: () => void) => void listeners.delete(listener),
    };
    await transport.read(1, signal);
    await transport.write(Uint8Array.of(1), signal);
    peer.write(Uint8Array.of(1));
    await transport.read(PATIENCE_MS, signal);
    expect(listeners.size).toBe(0);
  });

  it('sends nothing when a write was aborted beforehand', async () => {
    const { transport, peer } = await open();
    const reason = new Error('enough');
    await expect(transport.write(Uint8Array.of(1), AbortSignal.abort(reason))).rejects.toBe(reason);
    await transport.write(Uint8Array.of(2));
    expect(await peer.received(1)).toEqual(Uint8Array.of(2));
  });
}

function describeEnding(open: Open): void {
  it('fails a waiting read with `closed` when it is closed', async () => {
    const { transport } = await open();
    const read = transport.read(PATIENCE_MS);
    const expectation = expect(read).rejects.toMatchObject({ code: 'closed' });
    await transport.close();
    await expectation;
  });

  it('can be closed twice, also at the same time', async () => {
    const { transport } = await open();
    await Promise.all([transport.close(), transport.close()]);
    await transport.close();
    await expect(transport.read(0)).rejects.toMatchObject({ code: 'closed' });
  });

  it('refuses to read and write after it was closed', async () => {
    const { transport, peer } = await open();
    peer.write(Uint8Array.of(1));
    await transport.close();
    const closed = { code: 'closed', data: { path: transport.path } };
    await expect(transport.read(0)).rejects.toMatchObject(closed);
    await expect(transport.write(Uint8Array.of(1))).rejects.toMatchObject(closed);
  });

  it('closes at the end of its scope', async () => {
    const { transport } = await open();
    {
      await using scoped = transport;
      expect(await scoped.read(0)).toHaveLength(0);
    }
    await expect(transport.read(0)).rejects.toMatchObject({ code: 'closed' });
  });

  it('fails a waiting read with `unplugged` when the peer goes', async () => {
    const { transport, peer } = await open();
    const read = transport.read(PATIENCE_MS);
    const unplugged = { code: 'unplugged', data: { path: transport.path } };
    const expectation = expect(read).rejects.toMatchObject(unplugged);
    await peer.hangUp();
    await expectation;
    await expect(transport.read(PATIENCE_MS)).rejects.toMatchObject(unplugged);
  });

  it('gives what had arrived before it says `unplugged`, to reads and to writes', async () => {
    const { transport, peer } = await open();
    peer.write(Uint8Array.of(1, 2));
    peer.write(Uint8Array.of(3));
    await peer.hangUp();
    expect(await readBytes(transport, 3)).toEqual(Uint8Array.of(1, 2, 3));
    await expect(transport.read(PATIENCE_MS)).rejects.toMatchObject({ code: 'unplugged' });
    await expect(transport.write(Uint8Array.of(1))).rejects.toMatchObject({ code: 'unplugged' });
  });

  it('fails with `flooded` when a flood comes that nobody reads', async () => {
    const { transport, peer } = await open();
    // Far more than any reply; what is kept of it is bounded, and given up when it fails.
    for (let sent = 0; sent < FLOOD_BYTES; sent += 65_536) peer.write(pattern(65_536));
    // Without a read, which would make room: a write says it too.
    const flooded = (async () => {
      for (;;) {
        await transport.write(Uint8Array.of(0));
        await pause(5);
      }
    })();
    const failure = { code: 'flooded', data: { path: transport.path } };
    await expect(flooded).rejects.toMatchObject(failure);
    await expect(transport.read(PATIENCE_MS)).rejects.toMatchObject(failure);
  });

  it('can be closed after the peer has gone, and says `closed` from then on', async () => {
    const { transport, peer } = await open();
    await peer.hangUp();
    await transport.close();
    await expect(transport.read(0)).rejects.toMatchObject({ code: 'closed' });
    await expect(transport.write(Uint8Array.of(1))).rejects.toMatchObject({ code: 'closed' });
  });
}
