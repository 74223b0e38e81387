import type { ClockObservation } from '@egvkit/protocol';
import type { RawRecord, ReceiverRecord, RecordBase } from '@egvkit/protocol/receiver';
import { type Receiver, recordTypeOf } from '@egvkit/receiver';
import { receiverTimeLosses, recordsBeforeTimeLoss } from '@egvkit/uploader';
import type { TimeDoubt } from '../../output/time.ts';

/** A clock read and a record stored in the same second may differ by one. */
const JITTER_SECONDS = 1;

/** Written at manufacture or by software, and dated then. */
const UNDATED = (['manufacturing', 'firmwareParameters', 'pcSoftwareParameters'] as const).map(
  recordTypeOf,
);
/** Stored often enough that their own times show when the clock ran back. */
const FREQUENT = (['egv', 'sensor', 'log'] as const).map(recordTypeOf);

/** Record type, clock and start for {@link askTimeDoubts}. */
export interface DoubtOptions {
  readonly recordType: number;
  readonly clock: ClockObservation;
  readonly since: Date | undefined;
  readonly signal: AbortSignal;
}

/**
 * Asks a receiver for what shows a loss of time, and gives a function that tells the doubtful among
 * records of one type. For a type that is stored seldom the EGVs are read too.
 *
 * @throws ReceiverError
 */
export async function askTimeDoubts(
  receiver: Receiver,
  { recordType, clock, since, signal }: DoubtOptions,
): Promise<(records: readonly (ReceiverRecord | RawRecord)[]) => Map<object, TimeDoubt>> {
  if (UNDATED.includes(recordType)) return () => new Map();
  const losses = await receiverTimeLosses(receiver, { signal });
  const others: RecordBase[] = [];
  if (!FREQUENT.includes(recordType)) {
    const options = { signal, onDamage: () => {}, ...(since && { since }) };
    for await (const record of receiver.records('egv', options)) others.push(record);
  }
  return (records) => {
    const dated = records.filter((record) => record.kind !== 'raw');
    const context = { losses, nowSeconds: clock.systemSeconds };
    const before = recordsBeforeTimeLoss<RecordBase>([...dated, ...others], context);
    // What is stored while the records are read is later than the clock was before.
    const readSeconds = Math.max(0, (Date.now() - clock.hostUnixMs) / 1000);
    const latest = clock.systemSeconds + readSeconds + JITTER_SECONDS;
    const doubts = new Map<object, TimeDoubt>();
    for (const record of dated) {
      if (before.has(record)) doubts.set(record, 'timeLost');
      else if (record.systemSeconds > latest) doubts.set(record, 'laterThanClock');
    }
    return doubts;
  };
}
