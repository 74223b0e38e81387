import {
  HIGH_MG_DL,
  LOW_MG_DL,
  RECEIVER_EPOCH_UNIX_SECONDS,
  type SystemSeconds,
} from '@egvkit/protocol';
import type { EgvRecord } from '@egvkit/protocol/receiver';
import {
  EMULATED_SERIAL_NUMBER,
  generateDatabase,
  RECEIVER_PROFILES,
} from '@egvkit/receiver-emulator';
import type { StoredReading } from './store.ts';
import { DAY_MS, MINUTE_MS } from './time.ts';

/** Options of {@link generatedReadings}. */
export interface GeneratedReadingsOptions {
  /** The same seed, days and time give the same readings. */
  readonly seed: number;
  /** Days of readings. */
  readonly days: number;
  /** Unix milliseconds; the newest reading is some minutes older. */
  readonly nowMs: number;
  /** Minutes to add to UTC for the wearer's wall clock; 0 if left out. */
  readonly offsetMinutes?: number | undefined;
}

const EGV = 4;
/** Days that every receiver keeps. */
const SLICE_DAYS = 10;

const unixMs = (seconds: SystemSeconds): number => (seconds + RECEIVER_EPOCH_UNIX_SECONDS) * 1000;

function isMeasured({ glucose }: EgvRecord): boolean {
  return !glucose.displayOnly && glucose.value >= LOW_MG_DL && glucose.value <= HIGH_MG_DL;
}

/** Generates readings of some days that end in the past, as an app of that receiver posts them. */
function slice(seed: number, days: number, endMs: number, offsetMs: number): StoredReading[] {
  const profile = RECEIVER_PROFILES.g6;
  const database = generateDatabase({ profile, seed, days, nowMs: endMs });
  const records = database.records(EGV) as readonly EgvRecord[];
  return records.filter(isMeasured).map(({ systemSeconds, glucose, trend }) => {
    const utcMs = unixMs(systemSeconds);
    return {
      serialNumber: EMULATED_SERIAL_NUMBER,
      stMs: utcMs,
      dtMs: utcMs + offsetMs,
      wtMs: utcMs,
      trend: trend.arrow.raw,
      mgDl: glucose.value,
    };
  });
}

/**
 * Generates days of readings as an account would have them, oldest first: those of the emulated
 * receiver with its gaps, LOW and HIGH, without special codes and display-only values.
 */
export function generatedReadings(options: GeneratedReadingsOptions): StoredReading[] {
  const { seed, days, nowMs, offsetMinutes = 0 } = options;
  const slices: StoredReading[][] = [];
  for (let done = 0; done < days; done += SLICE_DAYS) {
    const length = Math.min(SLICE_DAYS, days - done);
    slices.unshift(slice(seed + done, length, nowMs - done * DAY_MS, offsetMinutes * MINUTE_MS));
  }
  const all = slices.flat();
  return all.filter(({ stMs }, i) => i === 0 || stMs > (all[i - 1]?.stMs ?? 0));
}
