import { httpDateMs } from '@egvkit/protocol';
import type { CallOptions } from '../../call-options.ts';
import type { PostOutcome, ServiceClock } from '../../destination.ts';
import type { Access } from './access.ts';
import type { Entry, EntryType } from './entries.ts';
import type { Answer, Wire } from './wire.ts';

/** Means of calling a site. */
export interface Means {
  readonly wire: Wire;
  readonly access: Access;
}

/** Part of a site's entries. */
export interface EntryQuery {
  readonly type: EntryType;
  readonly fromMs: number;
  /** Left out: whatever is newest. */
  readonly toMs: number | undefined;
  readonly count: number;
}

/** Answer to a query. */
export interface EntryPage {
  readonly entries: readonly unknown[];
  /** True if there are no others, false if there may be; undefined if the site gives as many as it likes. */
  readonly isLast: boolean | undefined;
}

/** Calls of one version of the API. */
export interface Api {
  /** Entries of one post at the most. */
  readonly batchSize: number;
  /** True if an entry that is posted again stays one, and the answer does not tell. */
  readonly repeatsAreOnce: boolean;
  clock(options: CallOptions): Promise<ServiceClock | undefined>;
  /** Makes sure that entries may be read and created, as far as the site tells. */
  check(options: CallOptions): Promise<void>;
  /** Gives the newest first. */
  page(query: EntryQuery, options: CallOptions): Promise<EntryPage>;
  create(entries: readonly Entry[], options: CallOptions): Promise<PostOutcome>;
}

/** Half of the whole seconds that the header `Date` counts in: passed on average. */
const HALF_SECOND_MS = 500;

/** Compares a time of the site's, or else that of its header, with this computer's clock. */
export function clockIn(answer: Answer, toldMs: number | undefined): ServiceClock | undefined {
  const { sentMs, answeredMs, headers } = answer;
  const tripMs = Math.max(0, answeredMs - sentMs);
  const isTold = toldMs !== undefined && Number.isFinite(toldMs);
  const siteMs = isTold ? toldMs : httpDateMs(headers.get('date') ?? '') + HALF_SECOND_MS;
  if (Number.isNaN(siteMs)) return undefined;
  return {
    offsetMs: siteMs - (sentMs + tripMs / 2),
    uncertaintyMs: tripMs / 2 + (isTold ? 0 : HALF_SECOND_MS),
  };
}
