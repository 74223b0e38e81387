import { encodeDate, encodeTrend, type GlucoseRecord, isTrendNumber } from '@egvkit/protocol/share';
import type { ServiceBehaviour } from './options.ts';
import type { ServiceState } from './state.ts';
import type { StoredReading } from './store.ts';

const MINUTE_MS = 60_000;

/** A reading as it is read back. `DT` keeps its digits and gets a zone (spec/share §4.3). */
function readBack(reading: StoredReading, behaviour: ServiceBehaviour): GlucoseRecord {
  const { dates, trends, displayOffsetMinutes: offsetMinutes } = behaviour;
  const date = (utcMs: number) => encodeDate({ utcMs, offsetMinutes: undefined }, dates);
  const displayedMs = reading.dtMs - offsetMinutes * MINUTE_MS;
  const { trend } = reading;
  return {
    DT: encodeDate({ utcMs: displayedMs, offsetMinutes }, dates),
    ST: date(reading.stMs),
    Trend: isTrendNumber(trend) ? encodeTrend(trend, trends) : trend,
    Value: reading.mgDl,
    WT: date(reading.wtMs),
  };
}

/** An account's newest readings within the limits of the service, as they are read back. */
export function latestReadings(
  { store, behaviour, now, cache }: ServiceState,
  accountId: string,
  wanted: { readonly minutes: number; readonly maxCount: number },
): GlucoseRecord[] {
  const minutes = Math.min(wanted.minutes, behaviour.maxMinutes);
  const count = Math.min(wanted.maxCount, behaviour.maxCount);
  if (minutes === 0 || count === 0) return [];
  const fromMs = now() - minutes * MINUTE_MS;
  const key = `${accountId} ${minutes} ${count}`;
  const version = store.readingsVersion(accountId);
  const known = cache.get(key, version, fromMs);
  if (known !== undefined) return known;
  const readings = store.newestReadings(accountId, fromMs, count);
  const records = readings.map((reading) => readBack(reading, behaviour));
  const oldestMs = readings.at(-1)?.wtMs ?? Number.POSITIVE_INFINITY;
  cache.set(key, { version, fromMs, oldestMs, records });
  return records;
}
