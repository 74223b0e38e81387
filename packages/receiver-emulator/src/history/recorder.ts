import type { EgvRecord, ReceiverRecord, SensorRecord } from '@egvkit/protocol/receiver';
import type { Growth } from '../database.ts';
import { type GlucoseCurve, glucoseCurve } from '../glucose-curve.ts';
import type { Random } from '../random.ts';
import { Calibration, entryAfter } from './calibration.ts';
import { ReceiverLog } from './log.ts';
import {
  BACKFILLED,
  CALIBRATION_PENDING,
  DISPLAY_ONLY,
  egvRecord,
  isNumeric,
  isOutOfRange,
  NOISE_CLEAN,
  NOISE_NOT_COMPUTED,
  sensorRecord,
  storedGlucose,
  TREND_NOT_COMPUTABLE,
  trendOf,
} from './readings.ts';
import { earlierSessions, sessionChanges } from './sessions.ts';
import { SettingsLog } from './settings.ts';
import { CADENCE_MS, HOUR_MS, Sessions, type Timeline, WARM_UP_MS } from './timeline.ts';
import { UserEvents } from './user-events.ts';

const NOT_CALIBRATED = 5;
/** Special codes that come and go in a session. */
const PASSING_CODES = [2, 6, 9, 10, 12] as const; // receiver §6.3
/** Bad radio is no aberration of the sensor. */
const BAD_RF = 12;

/** Time in which a receiver is off, from its last moment to the first one after it, Unix ms. */
interface Off {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Walks through time, reading by reading, and writes down what the receiver would. */
export class Recorder implements Growth {
  readonly #timeline: Timeline;
  readonly #random: Random;
  readonly #curve: GlucoseCurve;
  readonly #sessions: Sessions;
  readonly #calibration: Calibration;
  readonly #settings: SettingsLog;
  readonly #events: UserEvents;
  readonly #log: ReceiverLog;
  #out: ReceiverRecord[] = [];
  /** The reading that comes next. */
  #nextMs: number;
  #lastMs: number;
  /** Times of readings that the receiver missed since the last one it got. */
  #missed: number[] = [];
  #gapLeft = 0;
  #special: { code: number; left: number } = { code: 0, left: 0 };
  #calibrateAtMs: number;
  #lastGlucose: number | undefined;
  #sensor: SensorRecord | undefined;
  #shown: EgvRecord | undefined;
  #warmingUp = false;
  #hasLostTime = false;

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
    const { seed, fromMs, endMs } = timeline;
    this.#random = timeline.random(10);
    this.#curve = glucoseCurve(seed, endMs, timeline.localOffsetMs);
    this.#sessions = new Sessions(timeline);
    this.#calibration = new Calibration(timeline);
    this.#settings = new SettingsLog(timeline);
    this.#events = new UserEvents(timeline, this.#curve);
    this.#log = new ReceiverLog(timeline);
    this.#nextMs = endMs - Math.floor((endMs - fromMs) / CADENCE_MS) * CADENCE_MS;
    this.#lastMs = this.#nextMs - CADENCE_MS;
    this.#calibrateAtMs = fromMs + this.#random.integer(1, 6) * HOUR_MS;
    const running = this.#sessions.at(this.#lastMs);
    if (running !== undefined && this.#lastMs - running.startMs < WARM_UP_MS) this.#insert();
  }

  /** Gives the records from before the oldest reading. */
  before(): readonly ReceiverRecord[] {
    const sessions = earlierSessions(this.#timeline, this.#sessions);
    return [...this.#settings.first(), ...sessions.map(({ record }) => record)];
  }

  advance(nowMs: number): readonly ReceiverRecord[] {
    for (; this.#nextMs <= nowMs; this.#nextMs += CADENCE_MS) {
      this.#on(this.#lastMs, this.#nextMs);
      this.#lastMs = this.#nextMs;
    }
    const { off } = this.#timeline.clock;
    if (off !== undefined && this.#lastMs < off.toMs && off.toMs <= nowMs) {
      this.#loseTime(this.#lastMs, off);
    }
    const out = this.#out;
    this.#out = [];
    return out;
  }

  displayOffsetSet(seconds: number): void {
    this.#timeline.setDisplayOffset(seconds);
  }

  /** From one reading to the next, and that one; nothing while the receiver is off. */
  #on(fromMs: number, toMs: number): void {
    const { off } = this.#timeline.clock;
    if (off === undefined || toMs < off.fromMs || fromMs >= off.toMs) {
      this.#between(fromMs, toMs);
      this.#meterEntries(fromMs, toMs);
      this.#writeLog(toMs);
      this.#reading(toMs);
    } else {
      this.#acrossLoss(fromMs, toMs, off);
    }
  }

  #acrossLoss(fromMs: number, toMs: number, off: Off): void {
    if (toMs < off.toMs) {
      this.#untilOff(fromMs, off);
      return;
    }
    this.#loseTime(fromMs, off);
    this.#between(off.toMs, toMs);
    this.#writeLog(toMs);
    this.#reading(toMs);
  }

  #untilOff(fromMs: number, off: Off): void {
    if (fromMs >= off.fromMs) return;
    this.#between(fromMs, off.fromMs - 1);
    this.#writeLog(off.fromMs - 1);
  }

  /**
   * Stores the signs of the loss, in the moment from which the clock runs on. Drops the entries that waited
   * for a reading: their times are of the clock as it was.
   */
  #loseTime(fromMs: number, off: Off): void {
    if (this.#hasLostTime) return;
    this.#hasLostTime = true;
    this.#untilOff(fromMs, off);
    this.#noReading();
    this.#calibration.loseTime();
    this.#log.skip(off.toMs - 1);
    this.#out.push(...this.#settings.lostTime(off.toMs));
    this.#between(off.toMs - 1, off.toMs);
  }

  #noReading(): void {
    this.#missed = [];
    this.#gapLeft = 0;
    this.#lastGlucose = undefined;
    this.#sensor = undefined;
    this.#shown = undefined;
  }

  #writeLog(toMs: number): void {
    this.#out.push(...this.#log.until(toMs, this.#shown));
  }

  #insert(): void {
    this.#calibration.start();
    this.#warmingUp = true;
  }

  /** Stores the records of the time between two readings. */
  #between(fromMs: number, toMs: number): void {
    for (const change of sessionChanges(this.#timeline, this.#sessions, fromMs, toMs)) {
      this.#out.push(change.record);
      this.#log.session(change.atMs, change.starts);
      this.#shown = undefined;
      if (change.starts) this.#insert();
    }
    for (const settings of this.#settings.changes(fromMs, toMs)) this.#out.push(settings);
    for (const { atMs, record } of this.#events.between(fromMs, toMs)) {
      this.#out.push(record);
      const { name } = record.type;
      if (name === 'carbohydrates' || name === 'insulin') this.#log.noted(atMs, name);
    }
  }

  /** Two values end a warm-up; later one is entered twice a day, after a reading with a value. */
  #meterEntries(fromMs: number, toMs: number): void {
    const session = this.#sessions.at(toMs);
    if (session === undefined) return;
    if (this.#warmingUp) {
      if (toMs - session.startMs < WARM_UP_MS) return;
      this.#warmingUp = false;
      this.#calibrateAtMs = toMs + (10 + this.#random.next() * 4) * HOUR_MS;
      if (!this.#timeline.profile.calibrates) return;
      const first = fromMs + this.#random.integer(20_000, 50_000);
      this.#enter(first);
      this.#enter(first + this.#random.integer(35_000, 150_000));
      return;
    }
    if (toMs < this.#calibrateAtMs || this.#lastGlucose === undefined) return;
    this.#calibrateAtMs = toMs + (10 + this.#random.next() * 4) * HOUR_MS;
    this.#enter(entryAfter(fromMs, this.#random));
  }

  #enter(enteredMs: number): void {
    const mgDl = this.#curve.glucose(enteredMs) + this.#random.normal() * 3;
    const { atMs, meter, calibration } = this.#calibration.enter(enteredMs, mgDl, this.#sensor);
    this.#out.push(meter);
    if (calibration !== undefined) this.#out.push(calibration);
    this.#log.meterConfirmed(atMs);
  }

  #reading(atMs: number): void {
    if (this.#sessions.at(atMs) === undefined) {
      // Neither readings nor counts are stored without a session (§5.2).
      this.#noReading();
      return;
    }
    const random = this.#random;
    const glucose = this.#curve.glucose(atMs) + random.normal() * 1.5;
    if (this.#warmingUp) {
      this.#missed = [];
      this.#gapLeft = 0;
      this.#lastGlucose = undefined;
      this.#senses(atMs, glucose);
      this.#store(atMs, NOT_CALIBRATED, TREND_NOT_COMPUTABLE, NOISE_NOT_COMPUTED);
      return;
    }
    // What every history is promised to have: the newest reading, LOW and HIGH. And what a
    // calibration waits for comes, as in every capture.
    const promised =
      atMs === this.#timeline.endMs ||
      isOutOfRange(glucose) ||
      this.#calibration.pending ||
      this.#calibration.unconfirmed;
    if (this.#gapLeft === 0 && random.chance(0.005)) this.#gapLeft = random.integer(1, 8);
    if (promised) this.#gapLeft = 0;
    if (this.#gapLeft > 0) {
      this.#gapLeft--;
      this.#missed.push(atMs);
      this.#lastGlucose = undefined;
      return;
    }
    this.#deliverMissed(atMs);
    const sensor = this.#senses(atMs, glucose);
    if (this.#special.left === 0 && random.chance(0.004)) {
      const code = PASSING_CODES[random.integer(0, PASSING_CODES.length - 1)] ?? BAD_RF;
      this.#special = { code, left: random.integer(1, 3) };
    }
    if (this.#special.left > 0 && !promised) {
      this.#special.left--;
      this.#lastGlucose = undefined;
      this.#store(atMs, this.#special.code, TREND_NOT_COMPUTABLE, NOISE_NOT_COMPUTED);
      if (this.#special.code !== BAD_RF) this.#aberration(atMs, this.#special.code);
      return;
    }
    this.#numeric(atMs, glucose, sensor);
  }

  #numeric(atMs: number, glucose: number, sensor: SensorRecord): void {
    const random = this.#random;
    const arrow = trendOf(glucose, this.#lastGlucose);
    const noise = random.chance(0.04) ? random.integer(2, 3) : NOISE_CLEAN;
    this.#lastGlucose = glucose;
    const flags = this.#calibration.pending ? CALIBRATION_PENDING : 0;
    this.#store(atMs, storedGlucose(glucose), arrow, noise, flags);
    const laterMs = random.chance(0.2) ? 1000 : 0;
    const final = this.#calibration.complete(atMs + laterMs, sensor);
    if (final === undefined) return;
    // What the screen then shows is stored beside the reading, in the same second or the next.
    this.#out.push(final);
    const shown = storedGlucose(glucose + random.normal() * 6);
    this.#store(atMs + laterMs, shown | DISPLAY_ONLY, arrow, noise);
  }

  /** A touchscreen receiver gets missed readings later, when the transmitter is back. */
  #deliverMissed(atMs: number): void {
    const missed = this.#missed;
    this.#missed = [];
    if (!this.#timeline.profile.backfill || missed.length < 2) return;
    for (const measuredMs of missed) {
      const word = storedGlucose(this.#curve.glucose(measuredMs)) | BACKFILLED;
      const arrow = TREND_NOT_COMPUTABLE;
      const parts = { storedMs: atMs, measuredMs, word, arrow, noise: NOISE_CLEAN };
      this.#out.push(egvRecord(this.#timeline, parts));
    }
  }

  #senses(atMs: number, glucose: number): SensorRecord {
    const before = this.#lastGlucose ?? glucose;
    const record = sensorRecord(this.#timeline, this.#random, atMs, {
      unfiltered: this.#calibration.counts(glucose + this.#random.normal()),
      filtered: this.#calibration.counts((glucose + before) / 2),
    });
    this.#sensor = record;
    this.#out.push(record, ...this.#calibration.confirm(atMs));
    return record;
  }

  #store(storedMs: number, word: number, arrow: number, noise: number, flags = 0): void {
    const record = egvRecord(this.#timeline, { storedMs, word, arrow, noise, flags });
    this.#out.push(record);
    if (isNumeric(word) || this.#warmingUp) this.#shown = record;
  }

  /** Five unknown bytes. Ours: the code, and zeros. */
  #aberration(atMs: number, code: number): void {
    // receiver §5.6
    this.#out.push({
      kind: 'aberration',
      recordType: 6,
      revision: 1,
      index: 0,
      ...this.#timeline.stamp(atMs),
      unknown: Uint8Array.of(code, 0, 0, 0, 0),
    });
  }
}
