import { readingOf } from '@egvkit/protocol';
import type { Failure, KeepEvent } from '@egvkit/uploader';
import { describe, expect, it } from 'vitest';
import type { Io } from '../src/io/io.ts';
import { WatchView } from '../src/output/watch-view.ts';

const AT_MS = Date.UTC(2026, 0, 31, 12);
const DOWN: Failure = {
  code: 'unavailable',
  message: 'The Share service is not working.',
  help: 'Try again later.',
  atMs: AT_MS,
  needsPerson: false,
};
const LOW = readingOf(39, {
  utcMs: AT_MS,
  trend: { raw: 4, name: 'Flat' },
  source: 'receiver',
});
const READ: KeepEvent = {
  ...{ kind: 'read', atMs: AT_MS, serialNumber: 'SM00000001' },
  ...{ added: 1, newest: LOW },
};
const FAILED: KeepEvent = {
  ...{ kind: 'readFailed', atMs: AT_MS, failure: DOWN },
  nextTryMs: AT_MS + 30_000,
};

/** Lines of these events, each without its time. */
function lines(events: readonly KeepEvent[], isQuiet = false): readonly string[] {
  let out = '';
  const write = (text: string): void => {
    out += text;
  };
  const io = { write } as Partial<Io> as Io;
  const view = new WatchView({ io, unit: 'mg/dL', isQuiet });
  for (const event of events) view.tell(event);
  return out
    .split('\n')
    .filter(Boolean)
    .map((line) => line.replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d/g, 'T'));
}

describe('the lines of a watch', () => {
  it('tell of the receiver once, and show LOW as LOW', () => {
    expect(lines([READ, READ])).toEqual(['T  receiver: SM00000001, newest LOW → of T']);
  });

  it('tell of a failure once however long it lasts, and when it is over', () => {
    expect(lines([READ, FAILED, FAILED, FAILED, READ, FAILED]).slice(1)).toEqual([
      'T  receiver: The Share service is not working. Try again later. Next try at T.',
      'T  receiver: works again',
      'T  receiver: The Share service is not working. Try again later. Next try at T.',
    ]);
  });

  it('tell of another failure of the same', () => {
    const other: KeepEvent = { ...FAILED, failure: { ...DOWN, code: 'other', message: 'Other.' } };
    expect(lines([FAILED, other])).toHaveLength(2);
  });

  it('are failures and their ends only with --quiet', () => {
    const clock: KeepEvent = { kind: 'clockChanged', atMs: AT_MS, byMs: 3_600_000 };
    expect(lines([READ, clock, FAILED, READ], true)).toEqual([
      'T  receiver: The Share service is not working. Try again later. Next try at T.',
      'T  receiver: works again',
    ]);
  });

  it('tell of a clock that was set', () => {
    expect(lines([{ kind: 'clockChanged', atMs: AT_MS, byMs: -90_000 }])).toEqual([
      'T  computer: clock set back by 90 s, or asleep: the receiver is read anew',
    ]);
  });
});
