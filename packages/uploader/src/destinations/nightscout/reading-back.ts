import type { CallOptions } from '../../call-options.ts';
import type { Api } from './api.ts';
import { type EntryType, type StoredEntry, storedEntry } from './entries.ts';
import { NightscoutError } from './errors.ts';
import type { Site } from './options.ts';

/** Entries of one answer: the most that version 3 gives (nightscout §5.4). */
const PAGE_SIZE = 1000;
/** Entries that are of no use, for each that is, until it is given up. */
const MOST_USELESS = 4;

/** Part of a site's entries, and the most of them that are of use. */
export interface Wanted<Value> {
  readonly type: EntryType;
  readonly sinceMs: number;
  readonly most: number;
  /** Makes of an entry what it is wanted for; undefined if it is of no use. */
  readonly take: (entry: StoredEntry) => Value | undefined;
}

/**
 * Reads entries back, newest first, page by page: each page goes on at the time at which the one before
 * ended, that of its last entry included, since several may have it.
 *
 * @throws NightscoutError `badAnswer` if the site has more at one time than a page, or far too many
 */
export async function readEntries<Value>(
  { api, site }: { readonly api: Api; readonly site: Site },
  { type, sinceMs, most, take }: Wanted<Value>,
  options: CallOptions,
): Promise<readonly Value[]> {
  const seen = new Set<string>();
  const values: Value[] = [];
  const tooMany = (problem: string): NightscoutError =>
    new NightscoutError('badAnswer', {
      ...{ host: site.host, call: `GET entries of type ${type}`, problem, outcomeUnknown: false },
    });
  for (let toMs: number | undefined; ; ) {
    const query = { type, fromMs: sinceMs, toMs, count: PAGE_SIZE };
    const { entries: given, isLast } = await api.page(query, options);
    const entries = given.map(storedEntry).filter((entry) => entry !== undefined);
    const fresh = entries.filter(({ id }) => !seen.has(id));
    for (const entry of fresh.toSorted((a, b) => b.date - a.date)) {
      seen.add(entry.id);
      const value = take(entry);
      if (value !== undefined) values.push(value);
    }
    if (values.length >= most) return values.slice(0, most);
    const isEnd = isLast ?? fresh.length === 0;
    if (isEnd) return values;
    if (fresh.length === 0) throw tooMany(`it has ${PAGE_SIZE} entries or more of one millisecond`);
    if (seen.size > most * (1 + MOST_USELESS)) {
      throw tooMany('it has too many entries without a value');
    }
    const oldestMs = Math.min(...entries.map(({ date }) => date));
    toMs = oldestMs;
  }
}
