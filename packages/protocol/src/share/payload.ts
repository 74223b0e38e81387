import { outOfRange } from '../errors/input.ts';
import { HIGH_MG_DL, isUploadable, LOW_MG_DL } from '../glucose.ts';
import type { Reading, SourceClocks } from '../reading.ts';
import { trendNumber } from '../trend.ts';
import type { EgvUpload, UploadedEgv } from './calls/upload.ts';
import { encodeUploadDate } from './date.ts';

/** A reading that is uploaded. */
export interface UploadableReading extends Reading {
  /** Sent by `receiverClock`, and needed for it. */
  readonly sourceClocks?: SourceClocks | undefined;
}

// The two encodings of share §4.2, A and B.
/**
 * Times of an upload: `utc` sends true UTC and TA 0, right if the service honours TA or not ·
 * `receiverClock` sends the receiver's clocks as they are and lets TA correct them.
 */
export type UploadEncoding = 'utc' | 'receiverClock';

/** Readings of {@link buildEgvUploads}, and the receiver they are from. */
export interface UploadInput {
  readonly readings: Iterable<UploadableReading>;
  readonly serialNumber: string;
  /** `utc` if left out. */
  readonly encoding?: UploadEncoding | undefined;
}

/**
 * Writes a serial number as the service knows it: trimmed, upper case.
 *
 * @throws InputError `outOfRange` if nothing is left
 */
export function normalizeSerialNumber(serialNumber: string): string {
  const normal = serialNumber.trim().toUpperCase();
  if (normal === '') {
    throw outOfRange('the serial number', 'empty', 'the one the receiver has');
  }
  return normal;
}

/** Gives the value to send. No value is ever clamped, and no state of a receiver is sent. */
function checkedValue({ value }: Reading): number {
  if (isUploadable(value)) return value;
  throw outOfRange(
    'the glucose to upload',
    value,
    `whole mg/dL from ${LOW_MG_DL} (LOW) to ${HIGH_MG_DL} (HIGH)`,
  );
}

function clocksOf({ sourceClocks }: UploadableReading): SourceClocks {
  if (sourceClocks !== undefined) return sourceClocks;
  throw outOfRange(
    "the receiver's clocks of a reading",
    'missing',
    'system and display time, which the encoding receiverClock sends',
  );
}

function encodeEgv(reading: UploadableReading, { systemMs, displayMs }: SourceClocks): UploadedEgv {
  return {
    Trend: trendNumber(reading.trend.name),
    ST: encodeUploadDate(systemMs),
    DT: encodeUploadDate(displayMs),
    Value: checkedValue(reading),
  };
}

/**
 * Builds the bodies to post for these readings, in their order. With `utc` it is one; with
 * `receiverClock` one for each `TA` (true UTC minus the receiver's system time, in whole seconds).
 *
 * @returns no body without readings, since an empty post is malformed
 * @throws InputError `outOfRange` for a state of the receiver, a value that is not 39 (LOW) to
 *   401 (HIGH), or an empty serial number
 *
 * @example
 * ```ts
 * import { isUploadable, systemSeconds } from '@egvkit/protocol';
 * import { type EgvRecord, readingOfEgv } from '@egvkit/protocol/receiver';
 * import { buildEgvUploads } from '@egvkit/protocol/share';
 *
 * export function bodiesOf(records: readonly EgvRecord[]) {
 *   const observed = { systemSeconds: systemSeconds(400_000_000), hostUnixMs: Date.now() };
 *   const readings = records
 *     .map((record) => readingOfEgv(record, observed))
 *     .filter((reading) => reading !== undefined)
 *     .filter(({ value }) => isUploadable(value));
 *   return buildEgvUploads({ readings, serialNumber: 'SM12345678' });
 * }
 * ```
 */
export function buildEgvUploads({
  readings,
  serialNumber,
  encoding = 'utc',
}: UploadInput): readonly EgvUpload[] {
  const SN = normalizeSerialNumber(serialNumber);
  const bodies: { SN: string; Egvs: UploadedEgv[]; TA: number }[] = [];
  for (const reading of readings) {
    const { utcMs } = reading;
    const asIs = encoding === 'receiverClock';
    const clocks = asIs ? clocksOf(reading) : { systemMs: utcMs, displayMs: utcMs };
    const TA = asIs ? Math.round((utcMs - clocks.systemMs) / 1000) + 0 : 0;
    const egv = encodeEgv(reading, clocks);
    const last = bodies.at(-1);
    if (last?.TA === TA) last.Egvs.push(egv);
    else bodies.push({ SN, Egvs: [egv], TA });
  }
  return bodies;
}
