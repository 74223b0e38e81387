import {
  displaySeconds,
  HIGH_MG_DL,
  HIGHEST_NUMERIC_MG_DL,
  LOW_MG_DL,
  LOWEST_NUMERIC_MG_DL,
  RECEIVER_EPOCH_UNIX_SECONDS,
  type SystemSeconds,
  systemSeconds,
} from '@egvkit/protocol';
import {
  type EgvRecord,
  formatXml,
  glucoseOf,
  predictionOf,
  recordFormat,
  recordsPerPage,
  trendByteOf,
  type XmlRecord,
  xmlRecordBytes,
} from '@egvkit/protocol/receiver';
import { glucoseCurve } from './curve.ts';
import { type PartitionContent, ReceiverDatabase } from './database.ts';
import type { ReceiverProfile } from './profiles.ts';
import { type Random, seededRandom } from './random.ts';

export interface HistoryOptions {
  readonly profile: ReceiverProfile;
  /** The same seed and times give the same bytes. */
  readonly seed: number;
  /** How far back the readings go; what does not fit the receiver's ring is dropped. */
  readonly days: number;
  /** True UTC in Unix ms; the newest reading is up to four minutes older. */
  readonly nowMs: number;
  /** How far the receiver's internal clock is ahead of UTC. */
  readonly clockErrorSeconds?: number;
  /** Display time minus system time, today. Earlier in the history it was another. */
  readonly displayOffsetSeconds?: number;
  readonly serialNumber?: string;
}

/** A made-up serial number of the right form. */
export const EMULATED_SERIAL_NUMBER = 'SM00000001';

/** The transmitter's real cadence, which makes for an occasional step of 299 s (§12.10). */
const CADENCE_MS = 299_984;
const DAY_MS = 86_400_000;
const SESSION_MS = 7 * DAY_MS;
const WARM_UP_MS = 2 * 3_600_000;

const NOT_CALIBRATED = 5;
/** Special codes that come and go in a session (§6.3). */
const PASSING_CODES = [2, 6, 9, 10, 12] as const;

const TREND_NOT_COMPUTABLE = 8;
const NOISE_CLEAN = 1;
const NOISE_NOT_COMPUTED = 5;
const CALIBRATION_PENDING = 0x80;
const BACKFILLED = 0x2000;
const DISPLAY_ONLY = 0x8000;

/**
 * Days of readings as a receiver would hold them (spec/receiver §5.3, §12.10): five minutes
 * apart, with meals and nights, LOW and HIGH, missed readings, special codes, a warm-up a week,
 * display-only values after calibrations and one change of the user's clock.
 */
export function generateDatabase(options: HistoryOptions): ReceiverDatabase {
  const { profile } = options;
  const { egv, backfilled } = new HistoryWriter(options).write();
  const partitions: PartitionContent[] = [
    { recordType: 0, revision: 1, firstPage: 0, records: [manufacturingRecord(options)] },
    wrapped({ recordType: 4, revision: profile.egvRevision, records: egv }, options),
  ];
  if (profile.backfill) {
    partitions.push({ recordType: 18, revision: 5, firstPage: 0, records: backfilled });
  }
  return new ReceiverDatabase(partitions);
}

/** A ring that has lost its oldest pages: page numbers above 0, never more than fit. */
function wrapped(
  partition: Omit<PartitionContent, 'firstPage'>,
  { profile, seed }: HistoryOptions,
): PartitionContent {
  const { recordType, revision, records } = partition;
  const perPage = recordsPerPage(recordFormat(recordType, revision)?.size ?? 1);
  const pages = Math.ceil(records.length / perPage);
  const dropped = Math.max(0, pages - profile.egvPages);
  return {
    recordType,
    revision,
    firstPage: 100 + ((seed >>> 0) % 400) + dropped,
    records: records.slice(dropped * perPage),
  };
}

function manufacturingRecord(options: HistoryOptions): XmlRecord {
  const { serialNumber = EMULATED_SERIAL_NUMBER } = options;
  const element = {
    name: 'ManufacturingParameters',
    attributes: {
      SerialNumber: serialNumber,
      HardwarePartNumber: 'MT00000',
      HardwareRevision: '0',
      DateTimeCreated: '2013-01-01 00:00:00.000 -08:00',
      HardwareId: '{00000000-0000-0000-0000-000000000000}',
    },
    children: [],
  };
  const text = formatXml(element, { quote: '"', end: ' />' });
  const made = Date.UTC(2013, 0, 1, 8) / 1000 - RECEIVER_EPOCH_UNIX_SECONDS;
  return {
    kind: 'xml',
    recordType: 0,
    revision: 1,
    index: 0,
    systemSeconds: systemSeconds(made),
    displaySeconds: displaySeconds(made - 28_800),
    bytes: xmlRecordBytes(text),
    text,
    element,
  };
}

/** Walks through time and writes down what the receiver would. */
class HistoryWriter {
  readonly #options: HistoryOptions;
  readonly #random: Random;
  readonly #curve: (unixMs: number) => number;
  readonly #fromMs: number;
  readonly #toMs: number;
  readonly #clockChangeMs: number;
  readonly #egv: EgvRecord[] = [];
  readonly #backfilled: EgvRecord[] = [];
  /** Times of readings that the receiver missed since the last one it got. */
  #missed: number[] = [];
  #gapLeft = 0;
  #special: { code: number; left: number } = { code: 0, left: 0 };
  #calibrationAtMs: number;
  #lastGlucose: number | undefined;

  constructor(options: HistoryOptions) {
    this.#options = options;
    const random = seededRandom(options.seed);
    this.#random = random;
    this.#toMs = options.nowMs - random.integer(60_000, 240_000);
    this.#fromMs = this.#toMs - options.days * DAY_MS;
    this.#clockChangeMs = this.#toMs - options.days * DAY_MS * 0.4;
    const { displayOffsetSeconds = 0, clockErrorSeconds = 0 } = options;
    const localOffsetMs = (displayOffsetSeconds + clockErrorSeconds) * 1000;
    this.#curve = glucoseCurve(random, this.#fromMs, this.#toMs, (ms) => ms + localOffsetMs);
    this.#calibrationAtMs = this.#fromMs + random.integer(1, 6) * 3_600_000;
  }

  write(): { egv: readonly EgvRecord[]; backfilled: readonly EgvRecord[] } {
    const count = Math.floor((this.#toMs - this.#fromMs) / CADENCE_MS);
    for (let i = count; i >= 0; i--) this.#reading(this.#toMs - i * CADENCE_MS);
    return { egv: this.#egv, backfilled: this.#backfilled };
  }

  #reading(atMs: number): void {
    const random = this.#random;
    const glucose = this.#curve(atMs) + random.normal() * 1.5;
    if (this.#inWarmUp(atMs)) {
      this.#missed = [];
      this.#lastGlucose = undefined;
      this.#store(atMs, NOT_CALIBRATED, TREND_NOT_COMPUTABLE, NOISE_NOT_COMPUTED);
      return;
    }
    if (this.#gapLeft === 0 && random.chance(0.005)) this.#gapLeft = random.integer(1, 8);
    // What every history is promised to have: the newest reading, LOW and HIGH.
    const promised = atMs === this.#toMs || isOutOfRange(glucose);
    if (promised) this.#gapLeft = 0;
    if (this.#gapLeft > 0) {
      this.#gapLeft--;
      this.#missed.push(atMs);
      this.#lastGlucose = undefined;
      return;
    }
    this.#deliverMissed(atMs);
    if (this.#special.left === 0 && random.chance(0.004)) {
      const code = PASSING_CODES[random.integer(0, PASSING_CODES.length - 1)] ?? 12;
      this.#special = { code, left: random.integer(1, 3) };
    }
    if (this.#special.left > 0 && !promised) {
      this.#special.left--;
      this.#lastGlucose = undefined;
      this.#store(atMs, this.#special.code, TREND_NOT_COMPUTABLE, NOISE_NOT_COMPUTED);
      return;
    }
    this.#numeric(atMs, glucose);
  }

  #numeric(atMs: number, glucose: number): void {
    const random = this.#random;
    const value = stored(glucose);
    const arrow = trendOf(glucose, this.#lastGlucose);
    const noise = random.chance(0.04) ? random.integer(2, 3) : NOISE_CLEAN;
    this.#lastGlucose = glucose;
    const calibrated = this.#options.profile.name !== 'g6' && atMs >= this.#calibrationAtMs;
    if (!calibrated) {
      this.#store(atMs, value, arrow, noise);
      return;
    }
    // A meter value was entered shortly before: this reading completes the calibration, and what
    // the screen then shows is stored beside it, in the same second or the next.
    this.#calibrationAtMs = atMs + (10 + random.next() * 4) * 3_600_000;
    this.#store(atMs, value, arrow, noise, CALIBRATION_PENDING);
    const shown = stored(glucose + random.normal() * 6);
    const laterMs = random.chance(0.2) ? 1000 : 0;
    this.#store(atMs + laterMs, shown | DISPLAY_ONLY, arrow, noise);
  }

  /** A touchscreen receiver gets missed readings later, when the transmitter is back. */
  #deliverMissed(atMs: number): void {
    const missed = this.#missed;
    this.#missed = [];
    if (!this.#options.profile.backfill || missed.length < 2) return;
    for (const measuredMs of missed) {
      const word = stored(this.#curve(measuredMs)) | BACKFILLED;
      const record = this.#record(atMs, measuredMs, word, TREND_NOT_COMPUTABLE, NOISE_CLEAN, 0);
      this.#backfilled.push({ ...record, recordType: 18, index: this.#backfilled.length });
    }
  }

  #inWarmUp(atMs: number): boolean {
    // Half a session before the end, so that the last days are ordinary ones.
    const sinceStart = (atMs - this.#toMs + SESSION_MS * 100.5) % SESSION_MS;
    return sinceStart < WARM_UP_MS;
  }

  #store(atMs: number, word: number, arrow: number, noise: number, flags = 0): void {
    this.#egv.push(this.#record(atMs, atMs, word, arrow, noise, flags));
  }

  #record(
    storedMs: number,
    measuredMs: number,
    word: number,
    arrow: number,
    noise: number,
    flags: number,
  ): EgvRecord {
    const { profile } = this.#options;
    const system = this.#systemSecondsAt(storedMs);
    const glucose = glucoseOf(word);
    const measured = systemSeconds(this.#systemSecondsAt(measuredMs) - 2);
    return {
      kind: 'egv',
      recordType: 4,
      revision: profile.egvRevision,
      index: this.#egv.length,
      systemSeconds: system,
      displaySeconds: displaySeconds(system + this.#displayOffsetAt(storedMs)),
      glucose,
      trend: trendByteOf(arrow | (noise << 4) | flags),
      ...(profile.egvRevision >= 4 && {
        transmitter: {
          measuredSystemSeconds: measured,
          transmitterSeconds: Math.floor((measuredMs - this.#fromMs) / 1000) + 800_000,
          filteredRate: 0,
          algorithmState: 6,
        },
      }),
      ...(profile.egvRevision === 5 && { prediction: predictionOf(predictedWord(glucose.mgDl)) }),
    };
  }

  #systemSecondsAt(unixMs: number): SystemSeconds {
    const { clockErrorSeconds = 0 } = this.#options;
    return systemSeconds(
      Math.floor(unixMs / 1000) - RECEIVER_EPOCH_UNIX_SECONDS + clockErrorSeconds,
    );
  }

  /** One change of the clock by an hour, and now and then a second more or less (§7.2). */
  #displayOffsetAt(unixMs: number): number {
    const { displayOffsetSeconds = 0 } = this.#options;
    const before = unixMs < this.#clockChangeMs ? 3600 : 0;
    const chance = this.#random.next();
    const jitter = chance < 0.01 ? 1 : chance > 0.99 ? -1 : 0;
    return displayOffsetSeconds + before + jitter;
  }
}

function isOutOfRange(glucose: number): boolean {
  const value = stored(glucose);
  return value === LOW_MG_DL || value === HIGH_MG_DL;
}

/** What the receiver stores for a glucose: the sentinels outside 40 … 400. */
function stored(glucose: number): number {
  const rounded = Math.round(glucose);
  if (rounded < LOWEST_NUMERIC_MG_DL) return LOW_MG_DL;
  return rounded > HIGHEST_NUMERIC_MG_DL ? HIGH_MG_DL : rounded;
}

const NO_PREDICTION = 13;

function predictedWord(mgDl: number | undefined): number {
  return mgDl ?? NO_PREDICTION;
}

/** Thresholds of 1, 2 and 3 mg/dL per minute (§6.1). */
function trendOf(glucose: number, before: number | undefined): number {
  if (before === undefined) return TREND_NOT_COMPUTABLE;
  const rate = (glucose - before) / 5;
  const steep = Math.abs(rate);
  if (steep <= 1) return 4;
  const step = steep <= 2 ? 1 : steep <= 3 ? 2 : 3;
  return rate > 0 ? 4 - step : 4 + step;
}
