import { systemSeconds } from '@egvkit/protocol';
import { describe, expect, it } from 'vitest';
import { type Candidate, type JournalNote, JournalState } from '../src/index.ts';
import { candidatesOfLostTime } from '../src/noted-times.ts';
import { withLostTime } from '../src/plan-inputs.ts';
import { candidateOf } from '../src/sources/receiver/candidates.ts';
import { egv, NOW_MS } from './support/world.ts';

const HOUR_S = 3600;
const CLOCK = {
  systemSeconds: systemSeconds(egv(0, 100, 0).systemSeconds as number),
  hostUnixMs: NOW_MS,
};

/** A live reading, or one that was delivered late. */
function candidate(agoSeconds: number, index: number, recordType = 4): Candidate {
  const live = candidateOf(egv(agoSeconds, 100, index));
  return { ...live, recordType, key: live.key.replace(/^4/, String(recordType)) };
}

function journalOf(notes: ReadonlyMap<string, JournalNote>) {
  const state = new JournalState();
  for (const [key, { utcMs, isAbandoned }] of notes) {
    state.apply({ kind: isAbandoned ? 'abandoned' : 'confirmed', readings: [{ key, utcMs }] });
  }
  return state;
}

describe('readings that the journal noted with other times', () => {
  it('hold up only what may be from before the loss', () => {
    const before = candidate(3000, 1);
    const late = candidate(2900, 7, 18);
    const first = candidate(600, 2);
    const next = candidate(300, 3);
    const otherLate = candidate(280, 8, 18);
    const notes = new Map<string, JournalNote>([
      // By the clock as it was then, an hour ahead.
      [before.key, { utcMs: NOW_MS - 3000_000 - HOUR_S * 1000, isAbandoned: false }],
      [late.key, { utcMs: NOW_MS - 2900_000 - HOUR_S * 1000, isAbandoned: false }],
      // Given up when the loss showed, with the time that it still has.
      [first.key, { utcMs: NOW_MS - 600_000, isAbandoned: true }],
    ]);
    const all = [before, late, first, next, otherLate];
    const lost = candidatesOfLostTime(all, CLOCK, journalOf(notes));
    expect([...lost].map(({ index }) => index).sort()).toEqual([1, 2, 7, 8]);
  });

  it('hold up nothing any more when what was noted since is out of sight', () => {
    // Stored before the clock began again, and noted: by the clock as it is now, of years to come.
    const before = candidate(-18 * 365 * 24 * HOUR_S, 1, 18);
    const notes = new Map([
      [before.key, { utcMs: NOW_MS - 48 * HOUR_S * 1000, isAbandoned: false }],
    ]);
    const late = [candidate(900, 7, 18), candidate(600, 8, 18)];
    const live = candidate(300, 30);
    notes.set(live.key, { utcMs: NOW_MS - 300_000, isAbandoned: false });
    const lost = candidatesOfLostTime([before, ...late, live], CLOCK, journalOf(notes));
    expect([...lost]).toEqual([before]);
  });

  it('hold up nothing that older records, at hand but not wanted, show to be from after the loss', () => {
    // Stored before the clock ran back by 23 hours, and noted as it was then.
    const before = candidate(2400, 6, 18);
    // The first since, which showed it and were given up; earlier than those before by what the clock says now.
    const first = [candidate(6900, 7, 18), candidate(6600, 8, 18)];
    const fresh = [candidate(900, 9, 18), candidate(600, 10, 18)];
    const live = candidate(300, 30);
    const journal = journalOf(
      new Map<string, JournalNote>([
        [before.key, { utcMs: NOW_MS - 2_400_000 - 23 * HOUR_S * 1000, isAbandoned: false }],
        ...first.map(({ key, systemSeconds: seconds }) => {
          const utcMs = NOW_MS - (CLOCK.systemSeconds - seconds) * 1000;
          return [key, { utcMs, isAbandoned: true }] as const;
        }),
        [live.key, { utcMs: NOW_MS - 300_000, isAbandoned: false }],
      ]),
    );
    const wanted = [before, ...fresh, live];
    const heldBack = (atHand: readonly Candidate[] | undefined) => {
      const all = withLostTime(
        Object.assign(() => wanted, { atHand }),
        CLOCK,
        journal,
      );
      return all.filter(({ beforeTimeLoss }) => beforeTimeLoss).map(({ index }) => index);
    };
    expect(heldBack([...wanted, ...first])).toEqual([6]);
    expect(heldBack(undefined)).toEqual([6, 9, 10]);
  });

  it('hold up everything once if the receiver was away for so long that none of them is in sight', () => {
    // Thirty hours ago by the clock as it was; it has stood still for ten of them.
    const noted = candidate(20 * HOUR_S, 1);
    const notes = new Map([
      [noted.key, { utcMs: NOW_MS - 30 * HOUR_S * 1000, isAbandoned: false }],
    ]);
    const old = [candidate(600, 7), candidate(300, 8), candidate(400, 9, 18)];
    expect([...candidatesOfLostTime(old, CLOCK, journalOf(notes))]).toEqual(old);
    // They are given up, and noted with the time that they have now: what comes then is trusted.
    for (const { key, systemSeconds: seconds } of old) {
      const utcMs = NOW_MS - (CLOCK.systemSeconds - seconds) * 1000;
      notes.set(key, { utcMs, isAbandoned: true });
    }
    const next = [candidate(10, 10), candidate(5, 11, 18)];
    const lost = candidatesOfLostTime([...old, ...next], CLOCK, journalOf(notes));
    expect([...lost]).toEqual(old);
  });

  it('hold up nothing if the receiver was away for long and its clock went on', () => {
    const noted = candidate(30 * HOUR_S, 1);
    const notes = new Map([
      [noted.key, { utcMs: NOW_MS - 30 * HOUR_S * 1000 + 60_000, isAbandoned: false }],
    ]);
    const fresh = [candidate(600, 7), candidate(300, 8)];
    expect([...candidatesOfLostTime(fresh, CLOCK, journalOf(notes))]).toEqual([]);
  });

  it.each([
    ['a late reading', '18:5@', 3],
    ['a meter value', '10:5@', 0.1],
    ['a late reading of a revision that has a bit for them', '4:99@', 3],
  ])(
    'hold up nothing if the newest note is of %s, stored after it was measured',
    (_, key, delayH) => {
      const live = candidate(50 * HOUR_S, 1);
      const storedSeconds = CLOCK.systemSeconds - 40 * HOUR_S;
      const notes = new Map([
        [live.key, { utcMs: NOW_MS - 50 * HOUR_S * 1000, isAbandoned: false }],
        [
          `${key}${storedSeconds}`,
          { utcMs: NOW_MS - (40 + delayH) * HOUR_S * 1000, isAbandoned: false },
        ],
      ]);
      const fresh = [candidate(600, 7), candidate(300, 8)];
      expect([...candidatesOfLostTime(fresh, CLOCK, journalOf(notes))]).toEqual([]);
    },
  );

  it('hold up nothing if the clock began again while the receiver was away', () => {
    // Noted two days ago; by the clock as it is now, of years to come.
    const noted = candidate(-18 * 365 * 24 * HOUR_S, 1);
    const notes = new Map([
      [noted.key, { utcMs: NOW_MS - 48 * HOUR_S * 1000, isAbandoned: false }],
    ]);
    const fresh = [candidate(600, 7), candidate(300, 8)];
    expect([...candidatesOfLostTime(fresh, CLOCK, journalOf(notes))]).toEqual([]);
  });

  it.each([
    ['nothing', 7, 50, 0],
    ['nothing', 40, 300, 0],
    ['everything', 7, 300, 2],
    ['everything', 40, 600, 2],
  ])('hold up %s if after %i days the clock is %i s slower', (_, days, slowS, held) => {
    const noted = candidate(days * 24 * HOUR_S - 120 - slowS, 1);
    const notes = new Map([
      [noted.key, { utcMs: NOW_MS - days * 24 * HOUR_S * 1000, isAbandoned: false }],
    ]);
    const fresh = [candidate(600, 7), candidate(300, 8)];
    expect(candidatesOfLostTime(fresh, CLOCK, journalOf(notes)).size).toBe(held);
  });
});
