/** Cases that hold for all three ways. */
import { assertSame, assertThat } from '../comparison.ts';
import type { FarEnd } from '../far-end.ts';
import {
  EGV_TYPE,
  history,
  plain,
  pulledOnce,
  SPECIAL_TYPE,
  special,
  specialBytes,
} from '../receivers.ts';
import type { Way } from '../ways.ts';

const HISTORY_TYPES = history
  .partitions()
  .map(({ recordType }) => recordType)
  .filter((type) => history.records(type).length > 0);

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** Everything that the receiver holds, of every type. */
export async function readsEverything(way: Way): Promise<string> {
  const { ms, records } = await way.read('records', HISTORY_TYPES);
  assertSame(
    records,
    HISTORY_TYPES.flatMap((type) => history.records(type)),
  );
  return `${records.length} records of ${HISTORY_TYPES.length} types in ${seconds(ms)}, all equal`;
}

/** Pages full of bytes that serial layers treat specially. */
export async function readsSpecialBytes(way: Way, farEnd: FarEnd): Promise<string> {
  farEnd.become(specialBytes());
  try {
    const { pages } = await way.read('pages', [SPECIAL_TYPE]);
    const { first, last } = special.pageRange(SPECIAL_TYPE) ?? { first: 0, last: -1 };
    const stored = Array.from({ length: last - first + 1 }, (_, i) =>
      Buffer.from(special.page(SPECIAL_TYPE, first + i) ?? []).toString('hex'),
    );
    assertSame(pages, stored);
    return `${pages.length} pages of 528 bytes, all equal`;
  } finally {
    farEnd.become(plain());
  }
}

/** The cable pulled in the middle of a reply, and plugged in again after a while. */
export async function survivesPull(way: Way, farEnd: FarEnd): Promise<string> {
  const before = farEnd.pulls;
  farEnd.become(pulledOnce());
  try {
    const { failures, records } = await way.read('readOn', [EGV_TYPE]);
    const pulls = farEnd.pulls - before;
    assertThat(pulls === 1, `The cable was pulled ${pulls} times.`);
    assertThat(failures.join() === 'unplugged', `The errors were: ${failures.join() || 'none'}.`);
    assertSame(records, history.records(EGV_TYPE));
    return `error unplugged, then a new session; ${records.length} records, each once`;
  } finally {
    await farEnd.whenPlugged();
    farEnd.become(plain());
  }
}

/** Time for the whole history of readings. */
export async function timeOf(way: Way): Promise<number> {
  const { ms, count } = await way.read('speed', [EGV_TYPE]);
  const wanted = history.records(EGV_TYPE).length;
  assertThat(count === wanted, `${way.name} has read ${count} of ${wanted} readings.`);
  return ms;
}
