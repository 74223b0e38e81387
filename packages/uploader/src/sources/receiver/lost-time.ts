import { recordsByIndex, type TimeLossSign, timeLossSigns } from '@egvkit/analysis';
import type { SystemSeconds } from '@egvkit/protocol';
import type { EgvRecord, RecordBase } from '@egvkit/protocol/receiver';

/** A clock read and a record stored in the same second may differ by one. */
const JITTER_SECONDS = 1;
/** A clock that ran back by less than the time between two readings does not show in their times. */
const READING_SECONDS = 302;
const SECONDS_OF_2009 = 365 * 86_400;

/** Two records of one type in the order they were stored, between which the clock ran back. */
interface RunBack {
  /** The place of the later one among the ordered records. */
  readonly at: number;
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

/** Facts that a question about records needs. */
export interface LossContext {
  /** As `receiverTimeLosses` gives them. */
  readonly losses: readonly TimeLossSign[];
  /** The receiver's internal clock now. */
  readonly nowSeconds: SystemSeconds;
  /** Age of the oldest record, seconds; as old as there are any by default. */
  readonly windowSeconds?: number | undefined;
}

/**
 * Finds the records that were stored before the receiver's clock lost time: their true time is
 * unknown, since the clock that dates them is not the clock that is read now. Where signs leave open
 * on which side of the loss a record is, it is among them.
 *
 * A clock that ran back shows by itself: a record with a higher index has an earlier time, and the
 * index tells which records of its type are older. A transmitter's clock, which the EGVs of a G5 and G6
 * have, shows other jumps. Any other loss is told by `losses`.
 *
 * @param records of all types together, in any order
 */
export function recordsBeforeTimeLoss<R extends RecordBase>(
  records: readonly R[],
  { losses: given, nowSeconds, windowSeconds = Number.POSITIVE_INFINITY }: LossContext,
): ReadonlySet<R> {
  const types = byType(records).map((ofType) => {
    const ordered = recordsByIndex(ofType);
    return { ordered, back: lastRunBack(ordered) };
  });
  const egvs = (records as readonly RecordBase[]).filter(isEgv);
  const losses = [...given, ...timeLossSigns({ egvs })];
  // As it mostly is.
  if (losses.length === 0 && types.every(({ back }) => back === undefined)) return new Set();
  const seen = types.flatMap(({ back }) => (back === undefined ? [] : [back]));
  const told = losses.filter(({ sign }) => sign === 'ranBack').map(runBackOf);
  const oldestSeconds = nowSeconds - windowSeconds;
  const untilSeconds = Math.max(...losses.map((loss) => untilOfSign(loss, nowSeconds)));
  const before = types.flatMap(({ ordered, back }) => {
    const isOlder = [
      ...seen.map((other) => olderThan(other, back)),
      ...told.map((other) => olderThan(other, back, oldestSeconds)),
    ];
    return ordered.filter(
      ({ systemSeconds }, i) =>
        i < (back?.at ?? 0) ||
        systemSeconds <= untilSeconds ||
        isOlder.some((isOlderThanLoss) => isOlderThanLoss(systemSeconds)),
    );
  });
  return new Set(before);
}

/** The records of one type from after the internal clock last ran back; all if it never did. */
export function sinceLastRunBack<R extends RecordBase>(records: readonly R[]): readonly R[] {
  const ordered = recordsByIndex(records);
  return ordered.slice(lastRunBack(ordered)?.at ?? 0);
}

function byType<R extends RecordBase>(records: readonly R[]): readonly (readonly R[])[] {
  const types = new Map<number, R[]>();
  for (const record of records) {
    const ofType = types.get(record.recordType);
    if (ofType === undefined) types.set(record.recordType, [record]);
    else ofType.push(record);
  }
  return [...types.values()];
}

function isEgv(record: RecordBase & { readonly kind?: string }): record is EgvRecord {
  return record.kind === 'egv';
}

function lastRunBack(ordered: readonly RecordBase[]): RunBack | undefined {
  for (let at = ordered.length - 1; at > 0; at--) {
    const toSeconds = ordered[at]?.systemSeconds ?? 0;
    const fromSeconds = ordered[at - 1]?.systemSeconds ?? 0;
    if (toSeconds < fromSeconds - JITTER_SECONDS) return { at, fromSeconds, toSeconds };
  }
  return undefined;
}

function runBackOf({ untilSystemSeconds, jumpSeconds }: TimeLossSign): Omit<RunBack, 'at'> {
  return { fromSeconds: untilSystemSeconds, toSeconds: untilSystemSeconds + (jumpSeconds ?? 0) };
}

/** Up to which time records may be from before the loss; -1 if none are. */
function untilOfSign(loss: TimeLossSign, nowSeconds: number): number {
  const { untilSystemSeconds: toldSeconds, jumpSeconds, sign } = loss;
  // A loss that is told of a time yet to come was told before the clock ran back.
  if (sign === 'ranBack' || toldSeconds > nowSeconds + JITTER_SECONDS) return -1;
  if (sign === 'observations' || sign === 'transmitterClock') return toldSeconds;
  if (jumpSeconds !== null && jumpSeconds >= 0) return toldSeconds;
  // The sign is dated by the clock as it was afterwards: if that ran back, by less than its records
  // show, the last reading from before may be dated later than the sign.
  return toldSeconds + Math.min(-(jumpSeconds ?? -READING_SECONDS), READING_SECONDS);
}

/** Tells the records from before a run back that other records show. */
function olderThan(
  { fromSeconds, toSeconds }: Omit<RunBack, 'at'>,
  back: RunBack | undefined,
  oldestSeconds = Number.NEGATIVE_INFINITY,
): (systemSeconds: number) => boolean {
  // The same loss: the type's own order tells more.
  if (back !== undefined && back.fromSeconds >= toSeconds && back.toSeconds <= fromSeconds) {
    return () => false;
  }
  if (toSeconds < SECONDS_OF_2009 && fromSeconds >= SECONDS_OF_2009) {
    return (systemSeconds) => systemSeconds >= SECONDS_OF_2009;
  }
  // Before the window: the readings in it are from after the loss.
  const untilSeconds = toSeconds < oldestSeconds ? toSeconds : fromSeconds;
  return (systemSeconds) => systemSeconds <= untilSeconds;
}
