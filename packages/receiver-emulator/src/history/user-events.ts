import { type DisplaySeconds, displaySeconds } from '@egvkit/protocol';
import type { EventRecord } from '@egvkit/protocol/receiver';
import {
  EVENT_TYPES,
  EXERCISE_LEVELS,
  eventAmount,
  HEALTH_EVENTS,
  named,
} from '@egvkit/protocol/receiver/wire';
import type { GlucoseCurve } from '../glucose-curve.ts';
import type { Random } from '../random.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, type Timeline } from './timeline.ts';

const CARBOHYDRATES = 1;
const INSULIN = 2;
const HEALTH = 3;
const EXERCISE = 4;
/** The dialogue for the insulin of a meal follows the one for its carbohydrates. */
const INSULIN_AFTER_MS = 20_000;

/** Something the user noted, and when. */
export interface EnteredEvent {
  readonly atMs: number;
  readonly record: EventRecord;
}

/** Entries of the user: every meal with its insulin, now and then exercise or health. */
export class UserEvents {
  readonly #timeline: Timeline;
  readonly #curve: GlucoseCurve;
  readonly #random: Random;
  #otherAtMs: number;

  constructor(timeline: Timeline, curve: GlucoseCurve) {
    this.#timeline = timeline;
    this.#curve = curve;
    this.#random = timeline.random(30);
    this.#otherAtMs = timeline.fromMs + 9 * HOUR_MS;
  }

  /** Makes the entries after `fromMs` and until `toMs`, in order. */
  between(fromMs: number, toMs: number): readonly EnteredEvent[] {
    const random = this.#random;
    const notes: EnteredEvent[] = [];
    for (const { atMs, carbohydrateGrams } of this.#curve.meals(fromMs, toMs)) {
      notes.push(this.#note(atMs, CARBOHYDRATES, 0, carbohydrateGrams));
    }
    const [from, to] = [fromMs - INSULIN_AFTER_MS, toMs - INSULIN_AFTER_MS];
    for (const { atMs, insulinHundredths } of this.#curve.meals(from, to)) {
      notes.push(this.#note(atMs + INSULIN_AFTER_MS, INSULIN, 0, insulinHundredths));
    }
    if (this.#otherAtMs <= toMs) {
      const atMs = Math.max(this.#otherAtMs, fromMs + 1);
      this.#otherAtMs = atMs + DAY_MS * (0.8 + 0.6 * random.next());
      notes.push(
        random.chance(0.6)
          ? this.#note(atMs, EXERCISE, random.integer(1, 3), 5 * random.integer(3, 18))
          : this.#note(atMs, HEALTH, random.integer(1, 6), 0),
      );
    }
    return notes.sort((a, b) => a.record.systemSeconds - b.record.systemSeconds);
  }

  #note(atMs: number, type: number, subType: number, value: number): EnteredEvent {
    const stamp = this.#timeline.stamp(atMs);
    const names = type === HEALTH ? HEALTH_EVENTS : EXERCISE_LEVELS;
    const record: EventRecord = {
      kind: 'event',
      recordType: 11,
      revision: 1,
      index: 0,
      ...stamp,
      type: named(EVENT_TYPES, type),
      subType: subType === 0 ? { raw: 0, name: 'none' } : named(names, subType),
      eventDisplaySeconds: this.#happened(stamp.displaySeconds),
      amount: eventAmount(type, value),
    };
    return { atMs, record };
  }

  /** A whole minute, up to a quarter of an hour before it was noted. */
  #happened(noted: DisplaySeconds): DisplaySeconds {
    // receiver §5.10
    const earlier = noted - 1 - this.#random.integer(0, 12) * (MINUTE_MS / 1000);
    return displaySeconds((earlier - (earlier % (MINUTE_MS / 1000))) >>> 0);
  }
}
