/** The suite of every `Transport` whose peer may take nothing more. */
import type { Transport } from '@egvkit/protocol/receiver';
import { describe, expect, it, onTestFinished } from 'vitest';
import { pattern, pause } from './bytes.ts';
import type { StoppablePeer, TransportPair } from './peer.ts';

/** Limit for closing a transport, and a bit for a loaded machine. */
const CLOSE_LIMIT_MS = 3000 + 2000;

/**
 * Describes what a `Transport` promises when a write is never taken; for those to which this can
 * happen.
 */
export function describeStoppedTransport(
  name: string,
  makePair: () => Promise<TransportPair<Transport, StoppablePeer>>,
): void {
  const openStopped = async () => {
    const { transport, peer, dispose } = await makePair();
    onTestFinished(async () => dispose?.());
    await peer.stop();
    return transport;
  };

  describe(`${name} as a Transport whose peer takes nothing`, () => {
    it('ends a write by its signal, with the reason, and closes in time', async () => {
      const transport = await openStopped();
      const abort = new AbortController();
      const reason = new Error('enough');
      const written = expect(fill(transport, abort.signal)).rejects.toBe(reason);
      await pause(200);
      const start = performance.now();
      abort.abort(reason);
      await written;
      expect(performance.now() - start).toBeLessThan(1000);
      await expectToClose(transport);
    });

    it('ends a write with a typed error when it is closed, and closes in time', async () => {
      const transport = await openStopped();
      const written = expect(fill(transport)).rejects.toMatchObject({ name: 'ReceiverError' });
      await pause(200);
      await expectToClose(transport);
      await written;
    });
  });
}

/** Writes until nothing more is taken. */
async function fill(transport: Transport, signal?: AbortSignal): Promise<void> {
  for (;;) await transport.write(pattern(4096), signal);
}

/** Closes within its time; that it may fail with a typed error is its right. */
async function expectToClose(transport: Transport): Promise<void> {
  const start = performance.now();
  const end = await transport.close().then(
    () => undefined,
    (error: unknown) => error,
  );
  if (end !== undefined) expect(end).toMatchObject({ name: 'ReceiverError' });
  expect(performance.now() - start).toBeLessThan(CLOSE_LIMIT_MS);
}
