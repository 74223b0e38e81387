import { orAborted, within } from '@egvkit/platform';
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
  try {
    // A write that is given up ends here, also if the transport goes on with it: so does its timer.
    const writing = orAborted(transport.write(bytes, stop.signal), stop.signal);
    const isTaken = await orAborted(within(writing, limitMs), signal);
    if (!isTaken) stop.abort();
    return isTaken;
  } catch (error) {
    stop.abort(error);
    throw error;
  }
}
