import { type TimeLossSign, timeLossSigns } from '@egvkit/analysis';
import type { ReadingRecordsByName, ReceiverReader } from '@egvkit/receiver';
import { sinceLastRunBack } from './lost-time.ts';
import { ReceiverRecords } from './receiver-records.ts';

/** Options of {@link receiverTimeLosses}. */
export interface TimeLossOptions {
  /** Records that were read before; none if left out. */
  readonly kept?: ReceiverRecords | undefined;
  /** This computer's time, Unix ms; `Date.now()` if left out. */
  readonly nowMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads every sign that a receiver's internal clock lost time, as its settings and the ends of its
 * sensor sessions tell them: all of them, since a flag that was set long ago is no new loss. What
 * the times of other records show is for `recordsBeforeTimeLoss`.
 *
 * @throws ReceiverError
 */
export async function receiverTimeLosses(
  receiver: ReceiverReader,
  { kept = new ReceiverRecords(), nowMs = Date.now(), signal }: TimeLossOptions = {},
): Promise<readonly TimeLossSign[]> {
  const options = { nowMs, onDamage: () => {}, signal };
  const settings = await kept.read(receiver, 'settings', options);
  const insertions = await kept.read(receiver, 'insertion', options);
  const known = KNOWN.get(settings);
  if (known?.insertions === insertions) return known.losses;
  const losses = lossesIn(settings, insertions);
  KNOWN.set(settings, { insertions, losses });
  return losses;
}

/** Losses that records showed: mostly no new record has come since they were last read. */
const KNOWN = new WeakMap<
  readonly ReadingRecordsByName['settings'][],
  {
    readonly insertions: readonly ReadingRecordsByName['insertion'][];
    readonly losses: readonly TimeLossSign[];
  }
>();

function lossesIn(
  settings: readonly ReadingRecordsByName['settings'][],
  insertions: readonly ReadingRecordsByName['insertion'][],
): readonly TimeLossSign[] {
  return [
    ...timeLossSigns({ records: [...settings, ...insertions] }),
    // Before the clock ran back, the times of its signs mean something else.
    ...timeLossSigns({
      settings: sinceLastRunBack(settings),
      insertions: sinceLastRunBack(insertions),
    }),
  ];
}
