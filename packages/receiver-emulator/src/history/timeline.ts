import {
  type DisplaySeconds,
  displaySeconds,
  RECEIVER_EPOCH_UNIX_SECONDS,
  type SystemSeconds,
  systemSeconds,
} from '@egvkit/protocol';
import type { ReceiverProfile } from '../profiles.ts';
import { type Random, seededRandom } from '../random.ts';
import { BUILT_SECONDS, InternalClock, type InternalClockOptions } from './internal-clock.ts';

/** Options of a generated history. */
export interface HistoryOptions extends InternalClockOptions {
  readonly profile: ReceiverProfile;
  /** The same seed and times give the same bytes. */
  readonly seed: number;
  /** Days of readings; those that do not fit the receiver's rings are dropped. */
  readonly days: number;
  /** True UTC in Unix ms; the newest reading is up to four minutes older. */
  readonly nowMs: number;
  /** Display time minus system time, today. Earlier in the history it was another. */
  readonly displayOffsetSeconds?: number | undefined;
  readonly serialNumber?: string | undefined;
  /** Of a re-worked receiver: the serial numbers it had before, oldest first. */
  readonly earlierSerialNumbers?: readonly string[] | undefined;
  /** True to store more as the clock of the reader goes on, a reading every five minutes. */
  readonly grows?: boolean | undefined;
}

/** The transmitter's real cadence, which makes for an occasional step of 299 s. */
export const CADENCE_MS = 299_984; // receiver §12.10
export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** Time in use before the oldest reading that is generated. Ours. */
const IN_USE_BEFORE_MS = 250 * DAY_MS;

/** Both times of a record. */
export interface Stamp {
  readonly systemSeconds: SystemSeconds;
  readonly displaySeconds: DisplaySeconds;
}

/** Frame of the history and clocks of the receiver: every family of records needs them. */
export class Timeline {
  readonly profile: ReceiverProfile;
  readonly seed: number;
  /** The internal clock. */
  readonly clock: InternalClock;
  /** Of the readings. */
  readonly fromMs: number;
  readonly endMs: number;
  readonly clockChangeMs: number;
  /** Ahead of UTC: the wearer's wall clock, as it is at the end. */
  readonly localOffsetMs: number;
  /** Time of setting up, before the readings; later than {@link fromMs} if the clock lost years. */
  readonly inUseSinceMs: number;
  readonly #jitter: Random;
  #displayOffsetSeconds: number;

  constructor(options: HistoryOptions) {
    const { profile, seed, nowMs, days, clockErrorSeconds = 0, displayOffsetSeconds = 0 } = options;
    this.profile = profile;
    this.seed = seed;
    this.endMs = Math.floor(nowMs) - this.random(0).integer(60_000, 240_000);
    this.fromMs = this.endMs - days * DAY_MS;
    this.clockChangeMs = this.endMs - days * DAY_MS * 0.4;
    this.clock = new InternalClock(options);
    this.#displayOffsetSeconds = displayOffsetSeconds;
    this.localOffsetMs = (displayOffsetSeconds + clockErrorSeconds) * 1000;
    const builtMs = (RECEIVER_EPOCH_UNIX_SECONDS + BUILT_SECONDS - clockErrorSeconds) * 1000;
    this.inUseSinceMs = Math.max(builtMs + DAY_MS, this.fromMs - IN_USE_BEFORE_MS);
    this.#jitter = this.random(1);
  }

  /** Makes random numbers for one record family, independent of the other families. */
  random(stream: number): Random {
    return seededRandom((Math.imul(this.seed, 0x85eb_ca6b) ^ Math.imul(stream, 0xc2b2_ae35)) >>> 0);
  }

  /** The internal clock; below 0 for moments before it was set. */
  system(unixMs: number): number {
    return this.clock.system(unixMs);
  }

  /** The transmitter's own clock: a transmitter some days older than the readings. */
  transmitterSeconds(unixMs: number): number {
    return Math.floor((unixMs - this.fromMs) / 1000) + 800_000;
  }

  /** Display time minus system time; by an hour more until the clock was changed. */
  displayOffset(unixMs: number): number {
    return this.#displayOffsetSeconds + (unixMs < this.clockChangeMs ? 3600 : 0);
  }

  /** From now on. */
  setDisplayOffset(seconds: number): void {
    this.#displayOffsetSeconds = seconds;
  }

  /** The times of a record; the offset is now and then a second more or less. */
  stamp(unixMs: number, laterSeconds = 0): Stamp {
    // receiver §7.2
    const system = this.system(unixMs) + laterSeconds;
    const chance = this.#jitter.next();
    const jitter = chance < 0.01 ? 1 : chance > 0.99 ? -1 : 0;
    // As 32 bits hold it: a clock that began again may be less than the offset old.
    const display = (system + this.displayOffset(unixMs) + jitter) >>> 0;
    return { systemSeconds: systemSeconds(system), displaySeconds: displaySeconds(display) };
  }
}

/** One sensor, from its insertion until it was stopped. */
export interface Session {
  readonly startMs: number;
  readonly endMs: number;
  /** Session state of the record that ends it. */
  readonly endState: number; // receiver §6.4
}

/** Between the end of a session and the next: less than a reading. */
const PAUSE_MS = 4 * MINUTE_MS;
export const WARM_UP_MS = 2 * HOUR_MS;
const REMOVED = 1;
const EXPIRED = 2;
const COUNTS_DEVIATION = 4;
const OFF_TIME_LOSS = 6;

/** The sessions of a history, each a function of its number alone. */
export class Sessions {
  readonly #lengthMs: number;
  readonly #anchorMs: number;
  readonly #seed: number;
  readonly #lossMs: number | undefined;

  constructor({ profile, endMs, seed, clock }: Timeline) {
    this.#lengthMs = profile.sessionDays * DAY_MS;
    // Half a session before the end, so that the last days are ordinary ones.
    this.#anchorMs = endMs - this.#lengthMs / 2;
    this.#seed = seed;
    this.#lossMs = clock.leaves('sessionEnd') ? clock.timeLoss?.atMs : undefined;
  }

  /** The number of the session that began last. */
  numberAt(unixMs: number): number {
    return Math.floor((unixMs - this.#anchorMs) / (this.#lengthMs + PAUSE_MS));
  }

  /** A session by its number; the one that runs at the end of the history has 0. */
  session(number: number): Session {
    const startMs = this.#anchorMs + number * (this.#lengthMs + PAUSE_MS);
    const random = seededRandom(Math.imul(number, 0x27d4_eb2f) ^ this.#seed);
    const stopped = number !== 0 && random.chance(0.3);
    if (!stopped) return { startMs, endMs: startMs + this.#lengthMs, endState: EXPIRED };
    const endMs = startMs + this.#lengthMs * (0.97 + 0.02 * random.next());
    return { startMs, endMs, endState: random.chance(0.5) ? REMOVED : COUNTS_DEVIATION };
  }

  /** A session as it went: two, if a loss of time ended it. */
  parts(number: number): readonly Session[] {
    const whole = this.session(number);
    const { startMs, endMs } = whole;
    const lossMs = this.#lossMs;
    if (lossMs === undefined || lossMs <= startMs || lossMs + PAUSE_MS >= endMs) return [whole];
    return [
      { startMs, endMs: lossMs, endState: OFF_TIME_LOSS },
      { ...whole, startMs: lossMs + PAUSE_MS },
    ];
  }

  /** The session that runs; undefined in between. */
  at(unixMs: number): Session | undefined {
    const parts = this.parts(this.numberAt(unixMs));
    return parts.find(({ startMs, endMs }) => unixMs >= startMs && unixMs <= endMs);
  }
}
