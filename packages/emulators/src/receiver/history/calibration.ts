import { type SystemSeconds, systemSeconds } from '@egvkit/protocol';
import {
  type CalibrationPoint,
  type CalibrationRecord,
  float64,
  type MeterRecord,
  named,
  RAW_VALUE_KINDS,
  type SensorRecord,
} from '@egvkit/protocol/receiver';
import type { Random } from '../random.ts';
import { MINUTE_MS, type Timeline } from './timeline.ts';

/** Captured: what most sensors have as counts at 0 mg/dL (§5.5). */
const INTERCEPT = 30_000;
const DECAYS = [0, 35 / 48, 25 / 12] as const;
const SCALES = [1, 1, 1, 0.9, 1.1, 0.972] as const;
/** A meter record is stored so long after the value was entered (§5.9). */
const METER_DELAY_MS = 30_000;
/** A final set takes the first sensor record that is so much later than the meter value (§5.5). */
const FINAL_AFTER_SECONDS = 176;
const UNCALIBRATED_STATE = [2, 5] as const;

/** A meter value as it was entered, and what was stored for it. */
export interface MeterEntry {
  /** When the meter record was stored. */
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

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
    this.#random = timeline.random(40);
    const { partitions } = timeline.profile;
    const revisionOf = (type: number) =>
      partitions.find(({ recordType }) => recordType === type)?.revision ?? 1;
    this.#revision = revisionOf(5);
    this.#meterRevision = revisionOf(10);
  }

  /** Whether the newest set is provisional: readings then say so (§5.3, bit 7). */
  get pending(): boolean {
    return this.#pending !== undefined;
  }

  /** A new sensor: other counts, and nothing known of them. A provisional set stays one. */
  start(): void {
    this.#slope = 600 + 500 * this.#random.next();
    this.#scale = SCALES[this.#random.integer(0, SCALES.length - 1)] ?? 1;
    this.#points = [];
    this.#calibrated = false;
    this.#pending = undefined;
  }

  /** The counts of a glucose, with as many bits as a receiver keeps (§5.2). */
  counts(mgDl: number): number {
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
      ...(this.#meterRevision === 3 && {
        entryType: 0,
        meterTransmitterSeconds: this.#timeline.transmitterSeconds(enteredMs),
      }),
    };
    if (!this.#timeline.profile.calibrates || sensor === undefined) {
      return { atMs, meter, calibration: undefined };
    }
    const room = this.#revision >= 3 ? 11 : 6;
    const point = this.#point(entered, meterMgDl, sensor);
    this.#points = [...this.#points, point].slice(-room);
    this.#pending = this.#record(atMs, this.#random.integer(0, 2), 0);
    return { atMs, meter, calibration: this.#pending };
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
      finality: { raw: finality, provisional: finality === 0 },
      decay: float64(calibrated ? decay : 0),
      subrecords: { count: points.length, points },
      ...(this.#revision >= 3 && { unknown231: float64(0.3), unknown239: float64(2 / 3) }),
    };
  }
}

/** When, after a reading, somebody enters a value so that its counts are not too old (§5.5). */
export function entryAfter(readingMs: number, random: Random): number {
  return readingMs + random.integer(20_000, 3 * MINUTE_MS + 40_000);
}
