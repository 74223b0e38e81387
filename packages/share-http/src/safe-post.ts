import { ShareError, SharingError } from '@egvkit/protocol';
import {
  decodeDate,
  type EgvUpload,
  ENDPOINTS,
  type GlucoseRecord,
  MOST_READINGS,
  type UploadedEgv,
} from '@egvkit/protocol/share';
import type { Caller } from './caller.ts';
import { ensureReady, postEgvs } from './publisher.ts';
import { type CallOptions, readGlucose } from './readings.ts';

/** What came of posting with a second look. */
export interface SafePost {
  /**
   * `posted` the service took them · `reconciled` it did not say so, or said that some were there
   * already, and reading back showed how it stands.
   */
  readonly outcome: 'posted' | 'reconciled';
  /** What is there now. */
  readonly stored: readonly UploadedEgv[];
  /** What is not, as reading back shows. */
  readonly missing: readonly UploadedEgv[];
}

/** How to post with a second look. */
export interface SafePostOptions extends CallOptions {
  /** The user's word that this receiver may replace the account's; false if left out. */
  readonly assign?: boolean | undefined;
}

const SECOND_MS = 1000;
const DAY_MS = 86_400_000;
/** Clocks differ; what is this much older than the oldest reading is asked for too. */
const MARGIN_MS = 10 * 60 * SECOND_MS;

const near = (a: number | undefined, b: number): boolean =>
  a !== undefined && Math.abs(a - b) <= SECOND_MS;

/**
 * Whether a record is what was uploaded: the same value, and the same system time, or the same
 * true time if the service tells no system time (spec/share §4.2, §4.9).
 */
function isCopyOf(egv: UploadedEgv, TA: number): (record: GlucoseRecord) => boolean {
  const stMs = decodeDate(egv.ST)?.utcMs ?? Number.NaN;
  return ({ Value, ST, WT }) =>
    Value === egv.Value &&
    (near(decodeDate(ST)?.utcMs, stMs) || near(decodeDate(WT)?.utcMs, stMs + TA * SECOND_MS));
}

/** What of an upload can be read back and what cannot; undefined if it is too old to tell. */
async function readBack(
  caller: Caller,
  { Egvs, TA }: EgvUpload,
  { signal }: CallOptions,
): Promise<Pick<SafePost, 'stored' | 'missing'> | undefined> {
  const times = Egvs.map(({ ST }) => (decodeDate(ST)?.utcMs ?? 0) + TA * SECOND_MS);
  const ageMs = caller.now() - Math.min(...times) + MARGIN_MS;
  if (ageMs > DAY_MS) return undefined;
  const minutes = Math.max(1, Math.ceil(ageMs / 60_000));
  const records = await readGlucose(caller, { minutes, maxCount: MOST_READINGS, signal });
  // An answer that is full may end before the oldest of them.
  if (records.length >= MOST_READINGS) return undefined;
  const isStored = (egv: UploadedEgv) => records.some(isCopyOf(egv, TA));
  return { stored: Egvs.filter(isStored), missing: Egvs.filter((egv) => !isStored(egv)) };
}

/** Posts; starts sharing, and assigns the receiver if it may, when that is what is missing. */
async function postWithRepair(
  caller: Caller,
  upload: EgvUpload,
  options: SafePostOptions,
): Promise<'posted' | 'duplicate'> {
  try {
    return (await postEgvs(caller, upload, options)).outcome;
  } catch (error) {
    if (!(error instanceof SharingError)) throw error;
    const { code } = error;
    const assign = options.assign ?? false;
    const canRepair = code === 'monitoringInactive' || (code === 'receiverNotAssigned' && assign);
    if (!canRepair) throw error;
    await ensureReady(caller, upload.SN, { ...options, assign });
    return (await postEgvs(caller, upload, options)).outcome;
  }
}

/**
 * Why a batch that was answered with "duplicate" is not settled: some of it is there, and which is
 * not said (spec/share §4.6).
 */
function duplicateBatch(): ShareError {
  const data = {
    endpoint: ENDPOINTS.PostReceiverEgvRecords.method,
    faultCode: 'DuplicateEgvPosted',
    faultMessage: '',
    advice: 'Some of the readings are there already. Read back which before sending them again.',
    outcomeUnknown: true,
  };
  return new ShareError('serviceFault', data);
}

/** One post: how it ended, or why there is doubt about what is there now. */
async function postOnce(
  caller: Caller,
  upload: EgvUpload,
  options: SafePostOptions,
): Promise<SafePost['outcome'] | ShareError> {
  try {
    if ((await postWithRepair(caller, upload, options)) === 'posted') return 'posted';
    // A single reading that is there already is all that was wanted.
    return upload.Egvs.length === 1 ? 'reconciled' : duplicateBatch();
  } catch (error) {
    if (error instanceof ShareError && error.outcomeUnknown) return error;
    throw error;
  }
}

/**
 * Posts readings so that each is there once, whatever happens on the way: what the service does
 * not answer for is read back, and only what is seen to be missing is posted again, once.
 */
export async function postSafely(
  caller: Caller,
  upload: EgvUpload,
  options: SafePostOptions,
): Promise<SafePost> {
  const doubt = await postOnce(caller, upload, options);
  const all = { stored: upload.Egvs, missing: [] };
  if (!(doubt instanceof ShareError)) return { outcome: doubt, ...all };
  try {
    const seen = await readBack(caller, upload, options);
    if (seen === undefined) throw doubt;
    if (seen.missing.length === 0) return { outcome: 'reconciled', ...all };
    const again = await postOnce(caller, { ...upload, Egvs: seen.missing }, options);
    if (!(again instanceof ShareError)) return { outcome: 'reconciled', ...all };
    const seenAgain = await readBack(caller, upload, options);
    if (seenAgain === undefined) throw again;
    return { outcome: 'reconciled', ...seenAgain };
  } catch (error) {
    if (options.signal?.aborted) throw options.signal.reason;
    // Whatever fails while there is doubt leaves it there: its own error would deny that.
    throw error === doubt ? doubt : new ShareError(doubt.code, doubt.data, { cause: error });
  }
}
