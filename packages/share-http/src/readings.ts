import { ShareError } from '@egvkit/protocol';
import {
  decodeReading,
  excerpt,
  type FoldedReading,
  foldDuplicates,
  type GlucoseRecord,
  LONGEST_READ_MINUTES,
  MOST_READINGS,
  readPublisherLatestGlucoseValues,
} from '@egvkit/protocol/share';
import { asking, type Caller } from './caller.ts';

/** What every call takes: a way to give up waiting for it. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

/** How much to read back. */
export interface ReadOptions extends CallOptions {
  /** Of the last how many minutes: 1 … 1440, which is the default. 0 gives none. */
  readonly minutes?: number | undefined;
  /** At most how many: 1 … 288, which is the default. 0 gives none. */
  readonly maxCount?: number | undefined;
}

/**
 * Why an answer may be empty; the service does not say (spec/share §0.9, §4.8).
 * `nothingAskedFor` 0 minutes or 0 readings · `noReadingsInWindow` a sensor that ended, a phone out
 * of reach, or a window too short · `sharingIsOff` Share is switched off in the application ·
 * `noFollower` the account has never had a follower, and Dexcom keeps readings only then ·
 * `notTheWearer` the account is a follower's.
 */
export type EmptyReason =
  | 'nothingAskedFor'
  | 'noReadingsInWindow'
  | 'sharingIsOff'
  | 'noFollower'
  | 'notTheWearer';

const LIKELY: readonly EmptyReason[] = [
  'noReadingsInWindow',
  'sharingIsOff',
  'noFollower',
  'notTheWearer',
];

/** Readings, newest first; where there are none, the likely reasons, likeliest first. */
export interface Readings extends ReadonlyArray<FoldedReading> {
  /** Empty if there are readings. */
  readonly emptyBecause: readonly EmptyReason[];
}

/** Two missed readings: what is older is not what the glucose is now. */
export const CURRENT_MINUTES = 10;
/** The newest may be a copy, of as many devices as there are: it is folded as among all readings. */
const WITH_COPIES = 4;

/** An answer whose shape is right and whose content is not: what is wrong with which part of it. */
export function unreadable(
  caller: Caller,
  endpoint: string,
  problem: string,
  part: object,
): ShareError {
  const shown = excerpt(JSON.stringify(part), caller.session.context().secrets);
  const data = { endpoint, status: 200, problem, excerpt: shown, outcomeUnknown: false };
  return new ShareError('badReply', data);
}

/** Readings as the service gives them. */
export async function readGlucose(
  caller: Caller,
  { minutes = LONGEST_READ_MINUTES, maxCount = MOST_READINGS, signal }: ReadOptions,
): Promise<readonly GlucoseRecord[]> {
  return caller.value(readPublisherLatestGlucoseValues, asking({ minutes, maxCount }), signal);
}

/**
 * Records as readings, copies folded, newest first. One without a date fails them all: where it
 * belongs is unknown, and leaving it out would hide that the service has changed.
 */
export function foldRecords(
  caller: Caller,
  endpoint: string,
  records: readonly GlucoseRecord[],
): FoldedReading[] {
  const readings = records.map((record, index) => {
    const reading = decodeReading(record);
    if (reading !== undefined) return reading;
    throw unreadable(caller, endpoint, `[${index}] has no date that can be read`, record);
  });
  return foldDuplicates(readings);
}

/** Readings with their true time. */
export async function readReadings(caller: Caller, options: ReadOptions): Promise<Readings> {
  const records = await readGlucose(caller, options);
  const readings = foldRecords(caller, readPublisherLatestGlucoseValues.method, records);
  const nothing = options.minutes === 0 || options.maxCount === 0;
  const reasons: readonly EmptyReason[] = nothing ? ['nothingAskedFor'] : LIKELY;
  const emptyBecause = readings.length > 0 ? [] : reasons;
  return Object.defineProperty(readings, 'emptyBecause', {
    value: emptyBecause,
  }) as unknown as Readings;
}

/** The newest reading of the last so many minutes. */
export async function readNewest(
  caller: Caller,
  minutes: number,
  options: CallOptions,
): Promise<FoldedReading | undefined> {
  return (await readReadings(caller, { ...options, minutes, maxCount: WITH_COPIES }))[0];
}
