import {
  encodeDate,
  encodeTrend,
  type GlucoseRecord,
  isTrendNumber,
  MOST_READINGS,
} from '@egvkit/protocol/share';
import type { ServiceBehaviour } from './options.ts';
import { NewestReadings } from './reading-cache.ts';
import type { ServiceState } from './state.ts';
import type { StoredReading } from './store.ts';
import { MINUTE_MS } from './time.ts';

// share §4.3
/** Turns a stored reading into a record. `DT` keeps its digits and gets a zone. */
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

/** Gives an account's newest readings within the limits of the service, as records. */
export function latestReadings(
  { store, behaviour, now, cache }: ServiceState,
  accountId: string,
  wanted: { readonly minutes: number; readonly maxCount: number },
): GlucoseRecord[] {
  const { maxMinutes, maxCount } = behaviour;
  const minutes = Math.min(wanted.minutes, maxMinutes);
  const count = Math.min(wanted.maxCount, maxCount);
  if (minutes === 0 || count === 0) return [];
  const nowMs = now();
  const fromMs = nowMs - minutes * MINUTE_MS;
  const read = (sinceMs: number, most: number): NewestReadings => {
    const readings = store.newestReadings(accountId, sinceMs, most);
    return new NewestReadings(
      readings.map(({ wtMs }) => wtMs),
      (at) => readBack(readings[at]!, behaviour),
    );
  };
  // A service that gives more at once than Share reads them anew each time.
  if (count > MOST_READINGS) return read(fromMs, count).take(fromMs, count);
  const earliestMs = nowMs - maxMinutes * MINUTE_MS;
  return cache
    .newest(accountId, store.readingsVersion(accountId), { fromMs, earliestMs }, (sinceMs) =>
      read(sinceMs, Math.min(maxCount, MOST_READINGS)),
    )
    .take(fromMs, count);
}
