import type { Transport } from '@egvkit/protocol/receiver';
import { orAborted, within } from './waiting.ts';

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
  try {
    const writing = within(transport.write(bytes, stop.signal), limitMs);
    const isTaken = await orAborted(writing, signal);
    if (!isTaken) stop.abort();
    return isTaken;
  } catch (error) {
    stop.abort(error);
    throw error;
  }
}
