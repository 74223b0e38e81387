import {
  decodeDate,
  type EgvUpload,
  type GlucoseRecord,
  LONGEST_READ_MINUTES,
  MOST_READINGS,
  postReceiverEgvRecords,
  type UploadedEgv,
} from '@egvkit/protocol/share';
import type { CallOptions } from '../call-options.ts';
import { PublishError } from '../errors/publish-error.ts';
import { ShareError } from '../errors/share-error.ts';
import { readGlucose } from '../readings/readings.ts';
import type { Caller } from '../session/caller.ts';
import { postOnce } from './bare-post.ts';
import { type ReadyOptions, Sharing } from './sharing.ts';

/** Result of a post that is checked by reading back. */
export interface SafePost {
  /**
   * `posted` the service took the readings · `reconciled` it did not say so, or said that some were
   * stored already, and reading back showed which are.
   */
  readonly outcome: 'posted' | 'reconciled';
  /** Readings that are stored now. */
  readonly stored: readonly UploadedEgv[];
  /** Readings that are not, as reading back shows. */
  readonly missing: readonly UploadedEgv[];
}

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;
/** Time before the oldest reading that is read back too, because clocks differ. */
const MARGIN_MS = 10 * MINUTE_MS;

const near = (a: number | undefined, b: number): boolean =>
  a !== undefined && Math.abs(a - b) <= SECOND_MS;

/**
 * Recognises an uploaded reading: the same value, and the same system time, or the same true time
 * if the service tells no system time.
 */
function isCopyOf(egv: UploadedEgv, TA: number): (record: GlucoseRecord) => boolean {
  const stMs = decodeDate(egv.ST)?.utcMs ?? Number.NaN;
  return ({ Value, ST, WT }) =>
    Value === egv.Value &&
    (near(decodeDate(ST)?.utcMs, stMs) || near(decodeDate(WT)?.utcMs, stMs + TA * SECOND_MS));
}

/** Reads back which readings of an upload are stored; undefined if they are too old to tell. */
async function readBack(
  caller: Caller,
  { Egvs, TA }: EgvUpload,
  { signal }: CallOptions,
): Promise<Pick<SafePost, 'stored' | 'missing'> | undefined> {
  const times = Egvs.map(({ ST }) => (decodeDate(ST)?.utcMs ?? 0) + TA * SECOND_MS);
  const ageMs = caller.now() - Math.min(...times) + MARGIN_MS;
  const minutes = Math.max(1, Math.ceil(ageMs / MINUTE_MS));
  if (minutes > LONGEST_READ_MINUTES) return undefined;
  const records = await readGlucose(caller, { minutes, maxCount: MOST_READINGS, signal });
  // A full answer may end before the oldest of them.
  if (records.length >= MOST_READINGS) return undefined;
  const isStored = (egv: UploadedEgv) => records.some(isCopyOf(egv, TA));
  return { stored: Egvs.filter(isStored), missing: Egvs.filter((egv) => !isStored(egv)) };
}

/** Posts; starts sharing, and assigns the receiver if that is allowed, when one of them is missing. */
async function postWithRepair(
  caller: Caller,
  upload: EgvUpload,
  options: ReadyOptions,
): Promise<'posted' | 'duplicate'> {
  try {
    return (await postOnce(caller, upload, options)).outcome;
  } catch (error) {
    const code = error instanceof PublishError ? error.code : undefined;
    const canRepair = code === 'notSharing' || (code === 'receiverNotAssigned' && options.assign);
    if (!canRepair) throw error;
    await new Sharing(caller).ensureReady(upload.SN, options);
    return (await postOnce(caller, upload, options)).outcome;
  }
}

/** Makes the doubt that "duplicate" leaves about a batch: some of it is stored, and which is not said. */
function duplicateBatch({ Egvs }: EgvUpload): PublishError {
  const endpoint = postReceiverEgvRecords.method;
  return new PublishError('duplicateBatch', { endpoint, count: Egvs.length, outcomeUnknown: true });
}

/** Error of a post that may have stored something. */
type Doubt = ShareError | PublishError;

const isDoubt = (error: unknown): error is Doubt =>
  (error instanceof ShareError || error instanceof PublishError) && error.outcomeUnknown;

/** Posts once; gives the outcome, or the doubt about it. */
async function tryPost(
  caller: Caller,
  upload: EgvUpload,
  options: ReadyOptions,
): Promise<SafePost['outcome'] | Doubt> {
  try {
    if ((await postWithRepair(caller, upload, options)) === 'posted') return 'posted';
    // A single reading that is stored already is all that was wanted.
    return upload.Egvs.length === 1 ? 'reconciled' : duplicateBatch(upload);
  } catch (error) {
    if (isDoubt(error)) return error;
    throw error;
  }
}

/**
 * Posts readings so that each is stored once, whatever happens on the way: readings that the
 * service does not answer for are read back, and only missing ones are posted again, once.
 */
export async function postSafely(
  caller: Caller,
  upload: EgvUpload,
  options: ReadyOptions,
): Promise<SafePost> {
  const doubt = await tryPost(caller, upload, options);
  const all = { stored: upload.Egvs, missing: [] };
  if (!isDoubt(doubt)) return { outcome: doubt, ...all };
  try {
    const seen = await readBack(caller, upload, options);
    if (seen === undefined) throw doubt;
    if (seen.missing.length === 0) return { outcome: 'reconciled', ...all };
    const again = await tryPost(caller, { ...upload, Egvs: seen.missing }, options);
    if (!isDoubt(again)) return { outcome: 'reconciled', ...all };
    const seenAgain = await readBack(caller, upload, options);
    if (seenAgain === undefined) throw again;
    return { outcome: 'reconciled', ...seenAgain };
  } catch (error) {
    if (options.signal?.aborted) throw options.signal.reason;
    // Any failure during the doubt leaves the doubt: its own error would deny that.
    if (error !== doubt) doubt.cause = error;
    throw doubt;
  }
}
