import {
  type Call,
  decodeReading,
  excerpt,
  type FoldedReading,
  foldDuplicates,
  type GlucoseRecord,
  LONGEST_READ_MINUTES,
  MOST_READINGS,
  readPublisherLatestGlucoseValues,
} from '@egvkit/protocol/share';
import type { CallOptions } from '../call-options.ts';
import type { ShareError } from '../errors/share-error.ts';
import { badReply } from '../http/exchange.ts';
import { asking, type Caller } from '../session/caller.ts';

/** Options of reading back. */
export interface ReadOptions extends CallOptions {
  /** Length of the time to read, up to now: 1 … 1440, which is the default. 0 gives none. */
  readonly minutes?: number | undefined;
  /** Most readings to give: 1 … 288, which is the default. 0 gives none. */
  readonly maxCount?: number | undefined;
}

/**
 * Reason of an empty answer; the service does not say it.
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

/** Tells the possible reasons of an empty answer to a read with these options, likeliest first. */
export function emptyReasons({ minutes, maxCount }: ReadOptions = {}): readonly EmptyReason[] {
  return minutes === 0 || maxCount === 0 ? ['nothingAskedFor'] : LIKELY;
}

/** Age up to which a reading is current: two missed readings. */
export const CURRENT_MINUTES = 10;
/** Number of records that holds the newest reading: it may have a copy from each device. */
const WITH_COPIES = 4;

/** Makes the error of an answer whose shape is right and whose content is not. */
export function unreadable(caller: Caller, row: Call, problem: string, part: object): ShareError {
  const shown = excerpt(JSON.stringify(part), caller.session.context().secrets);
  return badReply(row, 200, problem, shown);
}

/** Reads records as the service gives them. */
export async function readGlucose(
  caller: Caller,
  { minutes = LONGEST_READ_MINUTES, maxCount = MOST_READINGS, signal }: ReadOptions,
): Promise<readonly GlucoseRecord[]> {
  return caller.value(readPublisherLatestGlucoseValues, asking({ minutes, maxCount }), { signal });
}

/**
 * Turns records into readings, copies folded, newest first. One record without a date fails them
 * all: its place is unknown, and leaving it out would hide that the service has changed. More
 * records than were asked for fail as well.
 */
export function foldRecords(
  caller: Caller,
  row: Call,
  records: readonly GlucoseRecord[],
  maxCount: number,
): FoldedReading[] {
  if (records.length > maxCount) {
    const problem = `${records.length} readings where at most ${maxCount} were asked for`;
    throw unreadable(caller, row, problem, records.slice(0, 1));
  }
  const readings = records.map((record, index) => {
    const reading = decodeReading(record);
    if (reading !== undefined) return reading;
    throw unreadable(caller, row, `[${index}] has no date that can be read`, record);
  });
  return foldDuplicates(readings);
}

/** Reads readings with their true time. */
export async function readReadings(
  caller: Caller,
  options: ReadOptions,
): Promise<readonly FoldedReading[]> {
  const records = await readGlucose(caller, options);
  const { maxCount = MOST_READINGS } = options;
  return foldRecords(caller, readPublisherLatestGlucoseValues, records, maxCount);
}

/** Reads the newest reading of the last so many minutes. */
export async function readNewest(
  caller: Caller,
  minutes: number,
  options: CallOptions,
): Promise<FoldedReading | undefined> {
  return (await readReadings(caller, { ...options, minutes, maxCount: WITH_COPIES }))[0];
}
