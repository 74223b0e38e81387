import type { IncomingMessage } from 'node:http';

/** So much of a body nobody wants is read before its refusal, which a reset would swallow. */
const MOST_DRAINED_BYTES = 4 * 1024 * 1024;
const LONGEST_DRAIN_MS = 250;

/** Reads what is left of a body, within limits, so that the answer behind it gets through. */
export async function drain(incoming: IncomingMessage): Promise<void> {
  if (incoming.readableEnded || incoming.destroyed) return;
  let left = MOST_DRAINED_BYTES;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, LONGEST_DRAIN_MS);
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    incoming.once('end', done).once('close', done);
    incoming.on('data', (piece: Buffer) => {
      left -= piece.length;
      if (left < 0) done();
    });
  });
}
