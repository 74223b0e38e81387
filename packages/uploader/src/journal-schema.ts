import { trendNumber } from '@egvkit/protocol';
import * as z from 'zod/mini';
import { storedReading } from './candidate.ts';
import type { JournalEntry } from './journal.ts';
import type { PlannedReading } from './uploaded-data.ts';

/** Written at the head of a journal. */
export const VERSION = 3;
/** Version 2 noted what was to be posted as the JSON of Share; its other lines are the same. */
export const OLDEST_VERSION = 2;

const mark = z.object({ key: z.string(), utcMs: z.int() });
const clocks = z.object({ systemMs: z.int(), displayMs: z.int() });
const details = z.object({
  noise: z.optional(z.int()),
  unfiltered: z.optional(z.int()),
  filtered: z.optional(z.int()),
  rssi: z.optional(z.int()),
});
/** The part of a reading that is needed to post it again exactly as it was. */
const stored = z.pipe(
  z.object({
    key: z.string(),
    utcMs: z.int(),
    value: z.int(),
    trend: z.int(),
    source: z.string(),
    sourceClocks: z.optional(clocks),
    details: z.optional(details),
  }),
  z.transform(
    ({ key, sourceClocks, details, ...reading }): PlannedReading => ({
      ...storedReading(reading),
      key,
      sourceClocks,
      ...(details && { details }),
    }),
  ),
);
const posted = z.pipe(
  z.string().check(z.regex(/^\/Date\(-?\d+\)\/$/)),
  z.transform((date) => Number(date.slice('/Date('.length, -')/'.length))),
);
/** As version 2 has it: both clocks as they were posted. */
const storedAsPosted = z.pipe(
  z.object({
    key: z.string(),
    utcMs: z.int(),
    egv: z.object({ Trend: z.int(), ST: posted, DT: posted, Value: z.int() }),
  }),
  z.transform(
    ({ key, utcMs, egv }): PlannedReading => ({
      ...storedReading({ utcMs, value: egv.Value, trend: egv.Trend, source: 'receiver' }),
      key,
      sourceClocks: { systemMs: egv.ST, displayMs: egv.DT },
    }),
  ),
);
const planned = z.union([stored, storedAsPosted]);
/** Every line but the first. */
export const entry = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('planned'), readings: z.array(planned) }),
  z.object({ kind: z.literal('confirmed'), readings: z.array(mark) }),
  z.object({ kind: z.literal('abandoned'), readings: z.array(mark) }),
]);
/** The first line. */
export const header = z.object({
  kind: z.literal('egvkit journal'),
  version: z.int(),
  serialNumber: z.string(),
  target: z.string(),
});

/** Writes of a planned reading what cannot be worked out again. */
export function lineOf(entry: JournalEntry): object {
  if (entry.kind !== 'planned') return entry;
  const readings = entry.readings.map((reading) => {
    const { key, utcMs, value, trend, source, sourceClocks, details } = reading;
    return {
      ...{ key, utcMs, value, trend: trendNumber(trend.name), source },
      ...(sourceClocks && { sourceClocks }),
      ...(details && { details }),
    };
  });
  return { kind: entry.kind, readings };
}
