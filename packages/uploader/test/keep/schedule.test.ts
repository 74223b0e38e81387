import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Failure } from '../../src/keep/failure.ts';
import { statusOf } from '../../src/keep/keep-status.ts';
import {
  afterHappening,
  type Happening,
  type KeepState,
  nextSteps,
  startState,
} from '../../src/keep/schedule.ts';

const MINUTE_MS = 60_000;
const FAILURE: Failure = { code: 'x', message: '', help: '', atMs: 0, needsPerson: false };

const READ = { kind: 'read', atMs: 0, serialNumber: 'SM1', added: 1 } as const;

/** The state after these, from the beginning. */
function after(...happenings: readonly Happening[]): KeepState {
  return happenings.reduce(afterHappening, startState(['share', 'nightscout'], 0));
}

function readAt(monotonicMs: number, newestAgeMs: number | undefined, added = 1): Happening {
  return { ...READ, monotonicMs, newestAgeMs, added };
}

function stepsAt(state: KeepState, monotonicMs: number): readonly string[] {
  return nextSteps(state, monotonicMs).steps.map((step) =>
    step.kind === 'read' ? 'read' : step.destination,
  );
}

/** Moment of the next reading of the source, with nothing else to do. */
function nextReadMs(state: KeepState): number {
  return state.source.dueMs;
}

describe('the schedule', () => {
  it('reads first, and brings what was read to every destination', () => {
    expect(stepsAt(after(), 0)).toEqual(['read']);
    expect(stepsAt(after(readAt(0, 60_000)), 0)).toEqual(['share', 'nightscout']);
  });

  it('does nothing twice at a time', () => {
    const started: Happening = { kind: 'started', monotonicMs: 0, step: { kind: 'read' } };
    expect(stepsAt(after(started), 0)).toEqual([]);
    const upload = { kind: 'upload', destination: 'share' } as const;
    const state = after(readAt(0, 0), { kind: 'started', monotonicMs: 0, step: upload });
    expect(stepsAt(state, 0)).toEqual(['nightscout']);
  });

  it('reads again 15 s after the next reading is due', () => {
    expect(nextReadMs(after(readAt(0, 100_000)))).toBe(215_000);
    expect(nextReadMs(after(readAt(0, 0)))).toBe(315_000);
  });

  it('asks twice for a reading that is late, then when the one after it is due', () => {
    const late = after(readAt(0, 320_000));
    expect(nextReadMs(late)).toBe(30_000);
    const later = afterHappening(late, readAt(30_000, 350_000, 0));
    expect(nextReadMs(later)).toBe(30_000 + 60_000);
    const none = afterHappening(later, readAt(90_000, 410_000, 0));
    // The newest is 410 s old: the one after the one that is missing is due at 615 s.
    expect(nextReadMs(none)).toBe(90_000 + 205_000);
  });

  it('reads a receiver without readings every five minutes', () => {
    expect(nextReadMs(after(readAt(0, undefined, 0)))).toBe(5 * MINUTE_MS);
  });

  it('never reads sooner than 30 s later, nor waits longer than five minutes and 15 s', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -10_000_000, max: 10_000_000 }), fc.nat(2)), {
          minLength: 1,
        }),
        (ages) => {
          let state = startState(['share'], 0);
          let nowMs = 0;
          for (const [newestAgeMs, added] of ages) {
            state = afterHappening(state, readAt(nowMs, newestAgeMs, added));
            const waitMs = nextReadMs(state) - nowMs;
            expect(waitMs).toBeGreaterThanOrEqual(30_000);
            expect(waitMs).toBeLessThanOrEqual(315_000);
            nowMs = nextReadMs(state);
          }
        },
      ),
    );
  });

  it('uploads nothing while nothing is new', () => {
    const uploaded = (destination: string): Happening => ({
      ...{ kind: 'uploaded', monotonicMs: 1, atMs: 0, destination, read: 1, isSettled: true },
    });
    const done = after(readAt(0, 0), uploaded('share'), uploaded('nightscout'));
    expect(stepsAt(done, 1)).toEqual([]);
    expect(stepsAt(afterHappening(done, readAt(315_000, 0, 0)), 315_000)).toEqual([]);
    expect(stepsAt(afterHappening(done, readAt(315_000, 0, 1)), 315_000)).toEqual([
      'share',
      'nightscout',
    ]);
  });

  it('holds no destination back for another that fails', () => {
    const failed: Happening = {
      ...{ kind: 'uploadFailed', monotonicMs: 0, destination: 'share' },
      ...{ failure: FAILURE, waitMs: MINUTE_MS },
    };
    const state = after(readAt(0, 0), failed);
    expect(stepsAt(state, 0)).toEqual(['nightscout']);
    expect(stepsAt(state, MINUTE_MS)).toEqual(['share', 'nightscout']);
  });

  it('brings what was read meanwhile once the upload before has ended', () => {
    const upload = { kind: 'upload', destination: 'share' } as const;
    const state = after(
      readAt(0, 0),
      { kind: 'started', monotonicMs: 0, step: upload },
      readAt(315_000, 0),
      {
        ...{ kind: 'uploaded', monotonicMs: 320_000, atMs: 0, destination: 'share' },
        ...{ read: 1, isSettled: true },
      },
    );
    expect(stepsAt(state, 320_000)).toContain('share');
  });

  it('asks again after five minutes about what the service neither takes nor shows', () => {
    const state = after(readAt(0, 0), {
      ...{ kind: 'uploaded', monotonicMs: 0, atMs: 0, destination: 'share' },
      ...{ read: 1, isSettled: false },
    });
    expect(stepsAt(state, 0)).not.toContain('share');
    expect(stepsAt(state, 5 * MINUTE_MS)).toContain('share');
  });

  it('uploads nothing after a clock was set until the receiver has been read again', () => {
    const state = after(readAt(0, 0), { kind: 'clockChanged', monotonicMs: 60_000, byMs: 5000 });
    expect(stepsAt(state, 60_000)).toEqual(['read']);
    expect(stepsAt(afterHappening(state, readAt(60_000, 0, 0)), 60_000)).toEqual([
      'share',
      'nightscout',
    ]);
  });

  it('reads no more often than every 30 s however often the clock is set', () => {
    const state = after(
      { kind: 'started', monotonicMs: 0, step: { kind: 'read' } },
      readAt(1000, 0),
      { kind: 'clockChanged', monotonicMs: 2000, byMs: 5000 },
    );
    expect(stepsAt(state, 2000)).toEqual([]);
    expect(stepsAt(state, 30_000)).toEqual(['read']);
  });

  it('tries again at once what the wrong clock stopped, when the clock is set', () => {
    const state = after(
      readAt(0, 0),
      {
        ...{ kind: 'uploadFailed', monotonicMs: 0, destination: 'share' },
        ...{ failure: { ...FAILURE, code: 'hostClockWrong' }, waitMs: 900_000 },
      },
      { kind: 'clockChanged', monotonicMs: 40_000, byMs: -5000 },
      readAt(40_000, 0, 0),
    );
    expect(stepsAt(state, 40_000)).toContain('share');
  });

  it('tells of a receiver that is away, and of no success yet to come, after the clock was set back', () => {
    const aheadMs = 2 * 86_400_000;
    const state = after(
      { ...READ, monotonicMs: 0, atMs: aheadMs, newestAgeMs: 0 },
      {
        ...{ kind: 'uploaded', monotonicMs: 0, atMs: aheadMs, destination: 'share' },
        ...{ read: 1, isSettled: true },
      },
      { kind: 'clockChanged', monotonicMs: 10 * MINUTE_MS, byMs: -aheadMs },
      {
        ...{ kind: 'readFailed', monotonicMs: 20 * MINUTE_MS, waitMs: 0 },
        failure: { ...FAILURE, message: 'It is away.', help: 'Plug it in.' },
      },
    );
    const status = statusOf(state, {
      ...{ startedMs: 0, nowMs: 20 * MINUTE_MS, monotonicMs: 20 * MINUTE_MS },
      ...{
        lastReading: undefined,
        serialNumberBefore: undefined,
        pending: () => 0,
        hasOtherPublisher: () => false,
      },
    });
    expect(status.person).toBe('It is away. Plug it in.');
    expect(status.source.lastSuccessMs).toBe(0);
    expect(status.destinations[0]?.lastSuccessMs).toBe(0);
  });

  it('takes no time for later when the clock is set forward, or the computer was asleep', () => {
    const state = after(readAt(0, 0), { kind: 'clockChanged', monotonicMs: 1000, byMs: 60_000 });
    expect(state.source.lastSuccessMs).toBe(0);
  });
});
