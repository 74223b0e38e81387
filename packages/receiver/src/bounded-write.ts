import type { Transport } from '@egvkit/protocol/receiver';

/**
 * Writes, but no longer than `limitMs`, whatever the transport does: a system whose output is
 * stopped never takes bytes.
 *
 * @returns true if the bytes were taken in time
 * @throws errors of the transport; the signal's reason
 */
export function writeWithin(
  transport: Transport,
  bytes: Uint8Array,
  limitMs: number,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const stop = new AbortController();
    const release = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    const taken = () => {
      release();
      resolve(true);
    };
    const failed = (error: unknown) => {
      release();
      reject(error);
    };
    const onAbort = () => {
      failed(signal?.reason);
      stop.abort(signal?.reason);
    };
    const timer = setTimeout(() => {
      release();
      resolve(false);
      stop.abort();
    }, limitMs);
    if (signal?.aborted) onAbort();
    else signal?.addEventListener('abort', onAbort);
    try {
      transport.write(bytes, stop.signal).then(taken, failed);
    } catch (error) {
      failed(error);
    }
  });
}
