import { readingOf } from '@egvkit/protocol';
import { describe, expect, it } from 'vitest';
import type { StoredStatus } from '../src/io/status-file.ts';
import { conditionOf, statusLines } from '../src/output/status-view.ts';

const NOW_MS = Date.UTC(2026, 0, 31, 12);
const MINUTE_MS = 60_000;
const FAILURE = {
  ...{ code: 'unavailable', message: 'The service is down.', help: 'Wait.' },
  ...{ atMs: NOW_MS, needsPerson: false },
};

const NEVER = {
  ...{ name: 'share', lastSuccessMs: undefined, lastError: undefined },
  ...{ pending: undefined, nextTryMs: NOW_MS, hasOtherPublisher: false },
};

function reading(ageMinutes: number, value = 112) {
  const utcMs = NOW_MS - ageMinutes * MINUTE_MS;
  return readingOf(value, { utcMs, trend: { raw: 4, name: 'Flat' }, source: 'receiver' });
}

function status(changes: Partial<StoredStatus> = {}): StoredStatus {
  return {
    ...{ processId: 1, targets: {}, startedMs: 0, updatedMs: NOW_MS, lastReading: reading(3) },
    ...{ lastSuccessMs: NOW_MS, lastError: undefined, pending: 0, person: undefined },
    nextTryMs: NOW_MS + MINUTE_MS,
    source: {
      ...{ serialNumber: 'SM00000001', lastSuccessMs: NOW_MS },
      ...{ lastError: undefined, nextTryMs: NOW_MS },
    },
    destinations: [],
    ...changes,
  };
}

const judge = (changes: Partial<StoredStatus>) =>
  conditionOf({ status: status(changes), nowMs: NOW_MS, maxAgeMs: 20 * MINUTE_MS });

describe('the condition of unattended uploading', () => {
  it.each([
    ['ok', {}],
    ['ok', { lastReading: reading(20) }],
    ['old', { lastReading: reading(21) }],
    ['old', { lastReading: undefined }],
    ['ok', { startedMs: NOW_MS + 1 }],
    ['starting', { startedMs: NOW_MS + 1, lastReading: reading(21) }],
    ['starting', { startedMs: NOW_MS + 1, lastReading: undefined }],
    ['failing', { startedMs: NOW_MS + 1, lastReading: undefined, lastError: FAILURE, pending: 2 }],
    ['ok', { lastError: FAILURE, pending: 1 }],
    ['failing', { lastError: FAILURE, pending: 2 }],
    ['failing', { lastError: FAILURE, pending: undefined }],
    ['failing', { lastError: FAILURE, lastReading: reading(21) }],
    ['needsPerson', { person: 'Plug it in.', lastReading: reading(1) }],
    ['stopped', { updatedMs: NOW_MS - 21 * MINUTE_MS, person: 'Plug it in.' }],
    // Read, and not uploaded yet.
    ['starting', { destinations: [NEVER] }],
    ['failing', { destinations: [NEVER], lastError: FAILURE, pending: 1 }],
    ['old', { destinations: [NEVER], lastReading: reading(21) }],
    ['ok', { destinations: [{ ...NEVER, lastSuccessMs: 0 }] }],
    // Written when the clock was ahead.
    ['ok', { updatedMs: NOW_MS + 20 * MINUTE_MS, lastReading: reading(-20) }],
    ['stopped', { updatedMs: NOW_MS + 21 * MINUTE_MS, lastReading: reading(-21) }],
    ['old', { lastReading: reading(-21) }],
  ] as const)('is %s of %j', (condition, changes) => {
    expect(judge(changes)).toBe(condition);
  });
});

describe('the lines of a status', () => {
  it('show LOW as LOW', () => {
    const looked = {
      status: status({ lastReading: reading(3, 39) }),
      nowMs: NOW_MS,
      maxAgeMs: 1e9,
    };
    expect(statusLines(looked, 'mmol/L').join('\n')).toMatch(/Reading +LOW → of .*, 3 min ago/);
  });

  it('say how old things are in minutes, hours and days', () => {
    const at = (minutes: number) => {
      const looked = {
        status: status({ lastReading: reading(minutes) }),
        ...{ nowMs: NOW_MS, maxAgeMs: 1e9 },
      };
      return /, (\S+ \S+ ago)/.exec(statusLines(looked, 'mg/dL').join('\n'))?.[1];
    };
    expect([at(119), at(121), at(2879), at(2880)]).toEqual([
      '119 min ago',
      '2 h ago',
      '48 h ago',
      '2 days ago',
    ]);
  });
});
