import type { About, Call } from '../endpoint.ts';
import * as replies from '../replies.ts';
import * as is from '../schema.ts';
import * as wire from '../wire.ts';

/** One reading as it is read back. */
export const glucoseRecord = is.open({ Value: is.integer() });

/** One reading as Share gives it: dates and trend still as written. */
export type GlucoseRecord = is.Infer<typeof glucoseRecord> & {
  /**
   * Dates: text in a form that `decodeDate` reads. What is null, missing or no date counts as
   * missing, so that it makes no other record worse.
   */
  WT?: unknown;
  ST?: unknown;
  DT?: unknown;
  /** A number, a name or nothing; what is neither is kept, and `decodeTrend` makes sense of it. */
  Trend?: unknown;
};

// share §4.8
/** The longest time that the service reads back, in minutes: a day. */
export const LONGEST_READ_MINUTES = 1440;
/** The most readings that the service gives at once: those of a day. */
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

/** Facts about these calls. */
export const about = {
  ReadPublisherLatestGlucoseValues: {
    secrets: ['sessionId'],
    doc: 'The newest readings first, at most `maxCount` of the last `minutes`; 0 gives none.',
    evidence: 'captured',
    source: 'spec/share §2.1, §4.8',
  },
} as const satisfies Record<string, About>;
