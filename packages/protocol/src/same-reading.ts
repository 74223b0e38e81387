/** A glucose value and when it was measured, wherever it is kept. */
export interface Measurement {
  /** Unix milliseconds. */
  readonly utcMs: number;
  /** mg/dL, with 39 for LOW and 401 for HIGH. */
  readonly mgDl: number;
}

/**
 * Longest time between two copies of one measurement. Copies of a phone and a watch are about 10 s
 * apart and more, and a receiver's clock is read to a second; the next measurement comes after
 * 300 s.
 */
export const SAME_READING_WITHIN_MS = 30_000; // share §0.10, §9 #7; receiver §5.3

/**
 * Decides between one measurement kept twice and two measurements: the same value within 30 s is
 * one. Glucose that does not change stays two readings, since they are 300 s apart.
 */
export function isSameReading(a: Measurement, b: Measurement): boolean {
  return a.mgDl === b.mgDl && isNear(a, b);
}

function isNear(a: Measurement, b: Measurement): boolean {
  return Math.abs(a.utcMs - b.utcMs) <= SAME_READING_WITHIN_MS;
}

/** A measurement in a record of a receiver. */
export interface StoredMeasurement extends Measurement {
  /** Delivered late by the transmitter, and stored as such. */
  readonly backfilled: boolean;
}

/**
 * Groups records by the measurement that they hold, oldest first: a receiver may store one live and
 * again as backfilled. In each group the live record comes first, since that is what was shown.
 */
export function groupByMeasurement<Item>(
  items: readonly Item[],
  measurementOf: (item: Item) => StoredMeasurement,
): readonly (readonly [best: Item, ...others: Item[]])[] {
  // receiver §5.4
  const records = items.map((item): Timed<Item> => ({ item, measured: measurementOf(item) }));
  // As they are read: newest first.
  if (isNewestFirst(records)) records.reverse();
  else records.sort((a, b) => a.measured.utcMs - b.measured.utcMs);
  const groups: Timed<Item>[][] = [];
  for (const record of records) {
    const group = groupOf(groups, record);
    if (group === undefined) groups.push([record]);
    else group.push(record);
  }
  return groups.map((group) => {
    if (group.length > 1)
      group.sort((a, b) => Number(a.measured.backfilled) - Number(b.measured.backfilled));
    const [best, ...others] = group.map(({ item }) => item);
    return [best as Item, ...others];
  });
}

/** An item beside the measurement that it holds. */
interface Timed<Item> {
  readonly item: Item;
  readonly measured: StoredMeasurement;
}

function isNewestFirst(records: readonly Timed<unknown>[]): boolean {
  return records.every(
    ({ measured }, i) => i === 0 || measured.utcMs < (records[i - 1]?.measured.utcMs ?? 0),
  );
}

/** The group that a record belongs to, among those that are near. */
function groupOf<Item>(
  groups: readonly Timed<Item>[][],
  { measured }: Timed<Item>,
): Timed<Item>[] | undefined {
  for (let i = groups.length - 1; i >= 0; i--) {
    const group = groups[i];
    const first = group?.[0];
    if (first === undefined || !isNear(first.measured, measured)) return undefined;
    if (isOneMeasurement(first.measured, measured)) return group;
  }
  return undefined;
}

// A transmitter measures every 300 s: live and backfilled at once are one, whatever they say.
function isOneMeasurement(a: StoredMeasurement, b: StoredMeasurement): boolean {
  return isNear(a, b) && (a.backfilled !== b.backfilled || a.mgDl === b.mgDl);
}
