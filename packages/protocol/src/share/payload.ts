import {
  type ClockObservation,
  type DisplaySeconds,
  receiverClockUnixMs,
  type SystemSeconds,
  systemClockErrorSeconds,
  systemTimeToUtcMs,
} from '../clock.ts';
import { InputError } from '../errors/input.ts';
import { HIGH_MG_DL, LOW_MG_DL, SPECIAL_BELOW } from '../glucose.ts';
import type { EgvUpload, UploadedEgv } from './calls/upload.ts';
import { encodeUploadDate, floorToSecondMs } from './date.ts';
import { uploadTrend } from './trend.ts';

/** What an upload needs of a receiver's record; the EGV records of all revisions have it. */
export interface UploadRecord {
  readonly systemSeconds: SystemSeconds;
  readonly displaySeconds: DisplaySeconds;
  readonly glucose: {
    /** The 10-bit value: mg/dL, or a special code below 20. */
    readonly value: number;
    readonly displayOnly: boolean;
  };
  /** The trend nibble, 0 … 15. */
  readonly trend: number;
}

/**
 * `utc` sends true UTC and TA 0: right whether or not the service still honours TA (§4.2 A).
 * `receiverClock` sends the receiver's clocks as they are and lets TA correct them (§4.2 B).
 */
export type UploadEncoding = 'utc' | 'receiverClock';

/** Against what a record is judged. */
export interface UploadContext {
  readonly clock: ClockObservation;
  /** Unix milliseconds. */
  readonly nowMs: number;
  /** Readings from before this instant are refused; no limit if left out. */
  readonly oldestUtcMs?: number | undefined;
  /** How far ahead of `nowMs` a reading may be, for clocks that differ; 2 minutes if left out. */
  readonly futureToleranceMs?: number | undefined;
}

/**
 * Why a record is not uploaded: `specialCode` an error code, not a glucose · `displayOnly` shown
 * after a calibration, not measured · `outOfRange` not 39 … 401 · `implausibleTime` see
 * {@link TimeProblem}.
 */
export type RefusalReason = 'specialCode' | 'displayOnly' | 'outOfRange' | 'implausibleTime';

/** `clockNeverSet` a system time in 2009 · `future` · `tooOld` before the caller's limit. */
export type TimeProblem = 'clockNeverSet' | 'future' | 'tooOld';

/** A record that is uploaded, with its true time in whole seconds (Unix milliseconds). */
export interface AcceptedRecord<R extends UploadRecord = UploadRecord> {
  readonly accepted: true;
  readonly record: R;
  readonly utcMs: number;
}

/** A record that is not, and why. */
export interface RefusedRecord<R extends UploadRecord = UploadRecord> {
  readonly accepted: false;
  readonly record: R;
  readonly utcMs: number;
  readonly reason: RefusalReason;
  /** With `implausibleTime` only. */
  readonly timeProblem: TimeProblem | undefined;
}

/** Receivers start at 2009-01-01; a reading from that year is from before the clock was set. */
const YEAR_2009_SECONDS = 365 * 24 * 60 * 60;
const FUTURE_TOLERANCE_MS = 2 * 60 * 1000;

/** The true time of a record, floored to a whole second, in Unix milliseconds. */
export function recordUtcMs(record: UploadRecord, clock: ClockObservation): number {
  return floorToSecondMs(systemTimeToUtcMs(record.systemSeconds, clock));
}

function timeProblem(
  record: UploadRecord,
  utcMs: number,
  context: UploadContext,
): TimeProblem | undefined {
  if (record.systemSeconds < YEAR_2009_SECONDS) return 'clockNeverSet';
  const tolerance = context.futureToleranceMs ?? FUTURE_TOLERANCE_MS;
  if (utcMs > context.nowMs + tolerance) return 'future';
  const oldest = context.oldestUtcMs;
  return oldest !== undefined && utcMs < oldest ? 'tooOld' : undefined;
}

function glucoseProblem({
  value,
  displayOnly,
}: UploadRecord['glucose']): RefusalReason | undefined {
  if (value < SPECIAL_BELOW) return 'specialCode';
  if (displayOnly) return 'displayOnly';
  const usable = Number.isInteger(value) && value >= LOW_MG_DL && value <= HIGH_MG_DL;
  return usable ? undefined : 'outOfRange';
}

/** Whether one record is uploaded, and when it was measured. Nothing is ever clamped (§4.4). */
export function classifyForUpload<R extends UploadRecord>(
  record: R,
  context: UploadContext,
): AcceptedRecord<R> | RefusedRecord<R> {
  const utcMs = recordUtcMs(record, context.clock);
  const glucose = glucoseProblem(record.glucose);
  if (glucose !== undefined) {
    return { accepted: false, record, utcMs, reason: glucose, timeProblem: undefined };
  }
  const time = timeProblem(record, utcMs, context);
  return time === undefined
    ? { accepted: true, record, utcMs }
    : { accepted: false, record, utcMs, reason: 'implausibleTime', timeProblem: time };
}

/** True UTC minus the receiver's system clock in whole seconds: Share's `TA` (spec/share §4.2). */
export function timeAdjustmentSeconds(clock: ClockObservation): number {
  return 0 - systemClockErrorSeconds(clock);
}

/** One accepted record as it is uploaded. */
export function encodeEgv(accepted: AcceptedRecord, encoding: UploadEncoding): UploadedEgv {
  const { record, utcMs } = accepted;
  const asIs = encoding === 'receiverClock';
  return {
    Trend: uploadTrend(record.trend),
    ST: encodeUploadDate(asIs ? receiverClockUnixMs(record.systemSeconds) : utcMs),
    DT: encodeUploadDate(asIs ? receiverClockUnixMs(record.displaySeconds) : utcMs),
    Value: record.glucose.value,
  };
}

/**
 * A serial number as the service knows it: trimmed, upper case (spec/share §4.7).
 * Throws `outOfRange` if nothing is left.
 */
export function normalizeSerialNumber(serialNumber: string): string {
  const normal = serialNumber.trim().toUpperCase();
  if (normal === '') {
    throw new InputError('outOfRange', {
      what: 'the serial number',
      value: 'empty',
      allowed: 'the one the receiver has',
    });
  }
  return normal;
}

/** What {@link buildEgvUpload} is given. */
export interface UploadInput<R extends UploadRecord> extends UploadContext {
  readonly records: Iterable<R>;
  readonly serialNumber: string;
  /** `utc` if left out. */
  readonly encoding?: UploadEncoding | undefined;
}

/** What {@link buildEgvUpload} gives: every record is either accepted or refused. */
export interface UploadPlan<R extends UploadRecord> {
  /** What to post; undefined if no record was accepted, since an empty post is malformed. */
  readonly body: EgvUpload | undefined;
  /** In the order of `body.Egvs`. */
  readonly accepted: readonly AcceptedRecord<R>[];
  readonly refused: readonly RefusedRecord<R>[];
}

/**
 * The body to post for these records, in their order, and what is left out of it and why.
 * Throws `outOfRange` for an empty serial number.
 *
 * Source: spec/share §4.1, §4.2, §4.7.
 */
export function buildEgvUpload<R extends UploadRecord>(input: UploadInput<R>): UploadPlan<R> {
  const encoding = input.encoding ?? 'utc';
  const SN = normalizeSerialNumber(input.serialNumber);
  const accepted: AcceptedRecord<R>[] = [];
  const refused: RefusedRecord<R>[] = [];
  for (const record of input.records) {
    const verdict = classifyForUpload(record, input);
    if (verdict.accepted) accepted.push(verdict);
    else refused.push(verdict);
  }
  if (accepted.length === 0) return { body: undefined, accepted, refused };
  const Egvs = accepted.map((one) => encodeEgv(one, encoding));
  const TA = encoding === 'utc' ? 0 : timeAdjustmentSeconds(input.clock);
  return { body: { SN, Egvs, TA }, accepted, refused };
}
