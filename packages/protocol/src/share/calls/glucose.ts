import type { About, Call } from '../endpoint.ts';
import * as replies from '../replies.ts';
import * as is from '../schema.ts';
import * as wire from '../wire.ts';

/** One reading as it is read back; services that imitate Share may leave dates out (§4.9). */
export const glucoseRecord = is.open({
  WT: is.optional(wire.date),
  ST: is.optional(wire.date),
  DT: is.optional(wire.date),
  Value: is.integer(),
});

/** One reading as Share gives it: dates and trend still as written. */
export type GlucoseRecord = is.Infer<typeof glucoseRecord> & {
  /** A number, a name or nothing; what is neither is kept, and `decodeTrend` makes sense of it. */
  Trend?: unknown;
};

/** The longest window the service reads back (spec/share §4.8). */
export const LONGEST_READ_MINUTES = 1440;
/** The most readings it gives at once: those of a day. */
export const MOST_READINGS = 288;

export const readPublisherLatestGlucoseValues = {
  area: 'Publisher',
  method: 'ReadPublisherLatestGlucoseValues',
  http: 'POST',
  effect: 'read',
  query: is.object({
    sessionId: wire.id,
    minutes: wire.count,
    maxCount: wire.count,
  }),
  body: undefined,
  reply: replies.jsonList(glucoseRecord),
} as const satisfies Call;

/** What is known of these calls. */
export const about = {
  ReadPublisherLatestGlucoseValues: {
    secrets: ['sessionId'],
    doc: 'The newest readings first, at most `maxCount` (1 … 288) of the last `minutes` (1 … 1440); 0 gives none.',
    evidence: 'captured',
    source: 'spec/share §2.1, §4.8',
  },
} as const satisfies Record<string, About>;
