import type { Transport } from '@egvkit/protocol/receiver';

/**
 * Writes, but no longer than `limitMs`, whatever the transport does: a system whose output is
 * stopped never takes bytes.
 *
 * @returns true if the bytes were taken in time
 * @throws errors of the transport; the signal's reason
 */
export async function writeWithin(
  transport: Transport,
  bytes: Uint8Array,
  limitMs: number,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const stop = new AbortController();
  const over = Promise.withResolvers<false>();
  const timer = setTimeout(() => {
    over.resolve(false);
    stop.abort();
  }, limitMs);
  const onAbort = () => {
    over.reject(signal?.reason);
    stop.abort(signal?.reason);
  };
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort);
  try {
    const written = transport.write(bytes, stop.signal).then(() => true as const);
    return await Promise.race([over.promise, written]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}
