import {
  type DisplaySeconds,
  displaySeconds,
  RECEIVER_EPOCH_UNIX_SECONDS,
  type SystemSeconds,
  systemSeconds,
} from '@egvkit/protocol';
import type { ReceiverProfile } from '../profiles.ts';
import { type Random, seededRandom } from '../random.ts';

/** What a history is made from. */
export interface HistoryOptions {
  readonly profile: ReceiverProfile;
  /** The same seed and times give the same bytes. */
  readonly seed: number;
  /** How far back the readings go; what does not fit the receiver's rings is dropped. */
  readonly days: number;
  /** True UTC in Unix ms; the newest reading is up to four minutes older. */
  readonly nowMs: number;
  /** How far the receiver's internal clock is ahead of UTC. */
  readonly clockErrorSeconds?: number;
  /** Display time minus system time, today. Earlier in the history it was another. */
  readonly displayOffsetSeconds?: number;
  readonly serialNumber?: string;
  /** Of a re-worked receiver: the serial numbers it had before, oldest first. */
  readonly earlierSerialNumbers?: readonly string[];
  /** Whether more is stored as the clock of its reader goes on, a reading every five minutes. */
  readonly grows?: boolean;
}

/** The transmitter's real cadence, which makes for an occasional step of 299 s (§12.10). */
export const CADENCE_MS = 299_984;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** When the emulated units were built, in seconds since 2009; the RTC counts from here. Ours. */
export const BUILT_SECONDS = 126_000_000;

/** How long it was in use before the oldest reading that is generated. Ours. */
const IN_USE_BEFORE_MS = 250 * DAY_MS;

/** Both times of a record. */
export interface Stamp {
  readonly systemSeconds: SystemSeconds;
  readonly displaySeconds: DisplaySeconds;
}

/** What every family of records needs: the frame of the history, and the receiver's clocks. */
export class Timeline {
  readonly profile: ReceiverProfile;
  readonly seed: number;
  readonly systemOffsetSeconds: number;
  /** Of the readings. */
  readonly fromMs: number;
  readonly endMs: number;
  readonly clockChangeMs: number;
  /** Ahead of UTC: the wearer's wall clock, as it is at the end. */
  readonly localOffsetMs: number;
  /** When it was set up, before the readings; later than {@link fromMs} if its clock lost years. */
  readonly inUseSinceMs: number;
  readonly #clockErrorSeconds: number;
  readonly #jitter: Random;
  #displayOffsetSeconds: number;

  constructor(options: HistoryOptions) {
    const { profile, seed, nowMs, days, clockErrorSeconds = 0, displayOffsetSeconds = 0 } = options;
    this.profile = profile;
    this.seed = seed;
    this.endMs = Math.floor(nowMs) - this.random(0).integer(60_000, 240_000);
    this.fromMs = this.endMs - days * DAY_MS;
    this.clockChangeMs = this.endMs - days * DAY_MS * 0.4;
    this.systemOffsetSeconds = BUILT_SECONDS + clockErrorSeconds;
    this.#clockErrorSeconds = clockErrorSeconds;
    this.#displayOffsetSeconds = displayOffsetSeconds;
    this.localOffsetMs = (displayOffsetSeconds + clockErrorSeconds) * 1000;
    const builtMs = (RECEIVER_EPOCH_UNIX_SECONDS + BUILT_SECONDS - clockErrorSeconds) * 1000;
    this.inUseSinceMs = Math.max(builtMs + DAY_MS, this.fromMs - IN_USE_BEFORE_MS);
    this.#jitter = this.random(1);
  }

  /** A stream of numbers of one's own, so that one family does not change another. */
  random(stream: number): Random {
    return seededRandom((Math.imul(this.seed, 0x85eb_ca6b) ^ Math.imul(stream, 0xc2b2_ae35)) >>> 0);
  }

  /** The internal clock; below 0 for moments before it was set. */
  system(unixMs: number): number {
    return Math.floor(unixMs / 1000) - RECEIVER_EPOCH_UNIX_SECONDS + this.#clockErrorSeconds;
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

  /** The times of a record; the offset is now and then a second more or less (§7.2). */
  stamp(unixMs: number, laterSeconds = 0): Stamp {
    const system = this.system(unixMs) + laterSeconds;
    const chance = this.#jitter.next();
    const jitter = chance < 0.01 ? 1 : chance > 0.99 ? -1 : 0;
    const display = system + this.displayOffset(unixMs) + jitter;
    return { systemSeconds: systemSeconds(system), displaySeconds: displaySeconds(display) };
  }
}

/** One sensor, from its insertion until it was stopped. */
export interface Session {
  readonly startMs: number;
  readonly endMs: number;
  /** Session state of the record that ends it (§6.4). */
  readonly endState: number;
}

/** Between the end of a session and the next: less than a reading. */
const PAUSE_MS = 4 * MINUTE_MS;
export const WARM_UP_MS = 2 * HOUR_MS;
const REMOVED = 1;
const EXPIRED = 2;
const COUNTS_DEVIATION = 4;

/** The sessions of a history, each a function of its number alone. */
export class Sessions {
  readonly #lengthMs: number;
  readonly #anchorMs: number;
  readonly #seed: number;

  constructor({ profile, endMs, seed }: Timeline) {
    this.#lengthMs = profile.sessionDays * DAY_MS;
    // Half a session before the end, so that the last days are ordinary ones.
    this.#anchorMs = endMs - this.#lengthMs / 2;
    this.#seed = seed;
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

  /** The session that runs; undefined in between. */
  at(unixMs: number): Session | undefined {
    const found = this.session(this.numberAt(unixMs));
    return unixMs <= found.endMs ? found : undefined;
  }
}
