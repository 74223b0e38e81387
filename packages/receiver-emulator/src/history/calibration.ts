import { type SystemSeconds, systemSeconds } from '@egvkit/protocol';
import type {
  CalibrationPoint,
  CalibrationRecord,
  MeterRecord,
  SensorRecord,
} from '@egvkit/protocol/receiver';
import {
  calibrationFinality,
  float64,
  named,
  RAW_VALUE_KINDS,
} from '@egvkit/protocol/receiver/wire';
import type { Random } from '../random.ts';
import { MINUTE_MS, type Timeline } from './timeline.ts';

/** Captured: what most sensors have as counts at 0 mg/dL. */
const INTERCEPT = 30_000; // receiver §5.5
const DECAYS = [0, 35 / 48, 25 / 12] as const;
const SCALES = [1, 1, 1, 0.9, 1.1, 0.972] as const;
/** A meter record is stored so long after the value was entered. */
const METER_DELAY_MS = 30_000; // receiver §5.9
/** A final set takes the first sensor record that is so much later than the meter value. */
const FINAL_AFTER_SECONDS = 176; // receiver §5.5
const UNCALIBRATED_STATE = [2, 5] as const;
/** Types of a meter entry. */
const ENTERED = 1; // receiver §5.9
const CONFIRMED = 3;

/** A meter value as it was entered, and what was stored for it. */
export interface MeterEntry {
  /** Time of storing the meter record. */
  readonly atMs: number;
  readonly meter: MeterRecord;
  readonly calibration: CalibrationRecord | undefined;
}

/** The calibration of a sensor: counts to glucose, and the sets that meter values make. */
export class Calibration {
  readonly #timeline: Timeline;
  readonly #random: Random;
  readonly #revision: number;
  readonly #meterRevision: number;
  /** The true sensitivity of the sensor that is in. */
  #slope = 850;
  #scale = 1;
  #points: readonly CalibrationPoint[] = [];
  /** The sensor that is in at first was calibrated before the history begins. */
  #calibrated = true;
  #pending: CalibrationRecord | undefined;
  readonly #unconfirmed: MeterRecord[] = [];

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
    this.#random = timeline.random(40);
    const { partitions } = timeline.profile;
    const revisionOf = (type: number) =>
      partitions.find(({ recordType }) => recordType === type)?.revision ?? 1;
    this.#revision = revisionOf(5);
    this.#meterRevision = revisionOf(10);
  }

  /** True while the newest set is provisional: readings then say so in bit 7. */
  get pending(): boolean {
    return this.#pending !== undefined;
  }

  /** True while the transmitter has not answered an entry. */
  get unconfirmed(): boolean {
    return this.#unconfirmed.length > 0;
  }

  /** A new sensor: other counts, and nothing known of them. A provisional set stays one. */
  start(): void {
    this.#slope = 600 + 500 * this.#random.next();
    this.#scale = SCALES[this.#random.integer(0, SCALES.length - 1)] ?? 1;
    this.#calibrated = false;
    this.loseTime();
  }

  /** The clock lost time: no set mixes times of before and after. The sensor stays calibrated. */
  loseTime(): void {
    this.#points = [];
    this.#pending = undefined;
    this.#unconfirmed.length = 0;
  }

  /** The counts of a glucose, with as many bits as a receiver keeps. */
  counts(mgDl: number): number {
    // receiver §5.2
    const counts = Math.max(0, INTERCEPT + (this.#slope * mgDl) / this.#scale);
    const step = 2 ** Math.max(0, Math.floor(Math.log2(Math.max(counts, 1))) - 12);
    return Math.round(counts / step) * step;
  }

  /**
   * The user enters a meter value: a meter record half a minute later, and a provisional set that
   * takes its counts from the newest sensor record.
   */
  enter(enteredMs: number, mgDl: number, sensor: SensorRecord | undefined): MeterEntry {
    const atMs = enteredMs + METER_DELAY_MS;
    const stamp = this.#timeline.stamp(atMs);
    const meterMgDl = Math.max(20, Math.min(600, Math.round(mgDl)));
    const entered = systemSeconds(stamp.systemSeconds - METER_DELAY_MS / 1000);
    const meter: MeterRecord = {
      kind: 'meter',
      recordType: 10,
      revision: this.#meterRevision,
      index: 0,
      ...stamp,
      meterMgDl,
      meterSystemSeconds: entered,
      ...(this.#meterRevision === 3 && { entryType: ENTERED, meterTransmitterSeconds: null }),
    };
    if (this.#meterRevision === 3) this.#unconfirmed.push(meter);
    if (!this.#timeline.profile.calibrates || sensor === undefined) {
      return { atMs, meter, calibration: undefined };
    }
    const room = this.#revision >= 3 ? 11 : 6;
    const point = this.#point(entered, meterMgDl, sensor);
    this.#points = [...this.#points, point].slice(-room);
    this.#pending = this.#record(
      atMs,
      this.#random.integer(0, 2),
      provisional(this.#points.length),
    );
    return { atMs, meter, calibration: this.#pending };
  }

  /**
   * Gives the entries again, confirmed: the next reading that comes brings the transmitter's answer.
   * That it comes within five minutes is told by a source; the moment is ours.
   */
  confirm(atMs: number): readonly MeterRecord[] {
    // receiver §5.9
    return this.#unconfirmed.splice(0).map((meter) => ({
      ...meter,
      ...this.#timeline.stamp(atMs),
      entryType: CONFIRMED,
      meterTransmitterSeconds: this.#timeline.transmitterSeconds(atMs),
    }));
  }

  /** The final set, if this reading completes a provisional one: with the counts of its sensor record. */
  complete(atMs: number, sensor: SensorRecord): CalibrationRecord | undefined {
    const newest = this.#points.at(-1);
    if (this.#pending === undefined || newest === undefined) return undefined;
    const { enteredSystemSeconds, meterMgDl } = newest;
    if (sensor.systemSeconds - enteredSystemSeconds < FINAL_AFTER_SECONDS) return undefined;
    const point = this.#point(enteredSystemSeconds, meterMgDl, sensor);
    this.#points = [...this.#points.slice(0, -1), point];
    this.#pending = undefined;
    return this.#record(atMs, 0, this.#random.chance(0.5) ? 1 : 3);
  }

  #point(entered: SystemSeconds, meterMgDl: number, sensor: SensorRecord): CalibrationPoint {
    const kind = this.#random.integer(0, 1);
    return {
      enteredSystemSeconds: entered,
      meterMgDl,
      sensorRaw: kind === 0 ? sensor.unfiltered : sensor.filtered,
      appliedSystemSeconds: sensor.systemSeconds,
      rawKind: named(RAW_VALUE_KINDS, kind),
    };
  }

  #record(atMs: number, laterSeconds: number, finality: number): CalibrationRecord {
    const points = this.#points;
    this.#calibrated ||= points.length >= 2;
    const calibrated = this.#calibrated;
    const slope = this.#slope * (0.99 + 0.02 * this.#random.next());
    const decay = DECAYS[this.#random.integer(0, DECAYS.length - 1)] ?? 0;
    return {
      kind: 'calibration',
      recordType: 5,
      revision: this.#revision,
      index: 0,
      ...this.#timeline.stamp(atMs, laterSeconds),
      slope: float64(calibrated ? slope : 0),
      intercept: float64(calibrated ? INTERCEPT : 0),
      scale: float64(calibrated ? this.#scale : 0),
      state: Uint8Array.from(calibrated ? [3, points.length > 2 ? 7 : 6] : UNCALIBRATED_STATE),
      finality: calibrationFinality(finality),
      decay: float64(calibrated ? decay : 0),
      subrecords: { count: points.length, points },
      ...(this.#revision >= 3 && { unknown231: float64(0.3), unknown239: float64(2 / 3) }),
    };
  }
}

/** Both values that provisional sets have; which of them when is ours. */
function provisional(points: number): number {
  // receiver §5.5
  return points % 2 === 0 ? 8 : 0;
}

/** Picks a time after a reading at which its counts are not too old for a meter value. */
export function entryAfter(readingMs: number, random: Random): number {
  return readingMs + random.integer(20_000, 3 * MINUTE_MS + 40_000);
}
