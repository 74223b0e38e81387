import type { Failure } from '@egvkit/uploader';
import type { StoredStatus } from '../io/status-file.ts';
import type { Unit } from '../options/units.ts';
import type { Exit } from './exit-codes.ts';
import { formatGlucose, formatTrend } from './glucose.ts';
import { readingJson } from './reading-json.ts';
import { formatTime } from './time.ts';
import { count } from './words.ts';

const MINUTE_MS = 60_000;

/** A status beside the time at which it is looked at. */
export interface Looked {
  readonly status: StoredStatus;
  /** Unix ms. */
  readonly nowMs: number;
  /** Age of the newest reading from which on it counts as old, ms. */
  readonly maxAgeMs: number;
}

/** While uploading goes on, the status is written at least so often. */
const SILENT_MS = 20 * MINUTE_MS;

/**
 * State of unattended uploading: `ok` · `stopped` nobody has written the status for 20 minutes, or it is
 * from the future, of a clock that was ahead · `needsPerson` · `failing` something fails, and is tried
 * again · `starting` the receiver was not yet read since the start, and the newest reading known is old, or
 * a destination never had a reading · `old` nothing fails, and the newest reading is old: the sensor has none.
 */
export type Condition = 'ok' | 'stopped' | 'needsPerson' | 'failing' | 'starting' | 'old';

/** Exit code of each condition. */
export const CONDITION_EXITS: Readonly<Record<Condition, Exit>> = {
  ok: 'ok',
  stopped: 'needsPerson',
  needsPerson: 'needsPerson',
  failing: 'tryLater',
  starting: 'tryLater',
  old: 'tryLater',
};

/** Judges a status. */
export function conditionOf({ status, nowMs, maxAgeMs }: Looked): Condition {
  if (Math.abs(nowMs - status.updatedMs) > SILENT_MS) return 'stopped';
  if (status.person !== undefined) return 'needsPerson';
  const isFresh = Math.abs(nowMs - (status.lastReading?.utcMs ?? 0)) <= maxAgeMs;
  // A failure that has not yet cost anything is none for a monitor.
  const isWell = status.lastError === undefined || (status.pending ?? 2) <= 1;
  const hasUploaded = status.destinations.every((one) => one.lastSuccessMs !== undefined);
  if (isWell && isFresh && hasUploaded) return 'ok';
  if (status.lastError !== undefined) return 'failing';
  if (isFresh && !hasUploaded) return 'starting';
  return (status.source.lastSuccessMs ?? Number.NEGATIVE_INFINITY) < status.startedMs
    ? 'starting'
    : 'old';
}

const CONDITION_WORDS: Readonly<Record<Condition, string>> = {
  ok: 'All is well.',
  stopped: 'egvkit upload --watch is not running: start it, or its service.',
  needsPerson: 'A person has to act:',
  failing: 'Something fails, and is tried again:',
  starting: 'It has just started, and has not read the receiver or not uploaded yet.',
  old: 'Nothing fails, but the receiver has no new reading: look at it.',
};

/** The status as one value. */
export function statusJson(looked: Looked): object {
  const { status, nowMs } = looked;
  const condition = conditionOf(looked);
  const { lastReading, source, destinations } = status;
  return {
    ok: condition === 'ok',
    condition,
    lastReading: lastReading && readingJson(lastReading),
    lastReadingAgeSeconds: lastReading && Math.round((nowMs - lastReading.utcMs) / 1000),
    lastSuccess: iso(status.lastSuccessMs),
    lastError: failureJson(status.lastError),
    pending: status.pending,
    nextTry: iso(status.nextTryMs),
    person: status.person,
    updated: iso(status.updatedMs),
    started: iso(status.startedMs),
    processId: status.processId,
    receiver: {
      serialNumber: source.serialNumber,
      lastSuccess: iso(source.lastSuccessMs),
      lastError: failureJson(source.lastError),
      nextTry: iso(source.nextTryMs),
    },
    destinations: destinations.map((one) => ({
      name: one.name,
      lastSuccess: iso(one.lastSuccessMs),
      lastError: failureJson(one.lastError),
      pending: one.pending,
      nextTry: iso(one.nextTryMs),
      otherPublisher: one.hasOtherPublisher,
    })),
  };
}

/** The status as lines for a person. */
export function statusLines(looked: Looked, unit: Unit): readonly string[] {
  const { status, nowMs } = looked;
  const condition = conditionOf(looked);
  const { lastReading, source, destinations, person, lastError } = status;
  const lines = [CONDITION_WORDS[condition]];
  if (person !== undefined) lines.push(`  ${person}`);
  else if (condition === 'failing' && lastError !== undefined) {
    lines.push(`  ${lastError.message} ${lastError.help}`);
  }
  lines.push(
    line(
      'Reading',
      lastReading === undefined
        ? 'none yet'
        : `${glucose(lastReading.value, unit)} ${formatTrend(lastReading.trend.name)} of ${formatTime(lastReading.utcMs)}, ${ago(nowMs - lastReading.utcMs)}`,
    ),
    line(
      'Receiver',
      `${source.serialNumber ?? 'not seen yet'}, ${lastTime('read', source.lastSuccessMs, nowMs)}`,
    ),
  );
  for (const one of destinations) {
    const rest = describePending(one.pending);
    lines.push(line(one.name, `${lastTime('complete', one.lastSuccessMs, nowMs)}${rest}`));
    if (one.hasOtherPublisher) {
      lines.push(line('', 'another device publishes to this account as well'));
    }
  }
  if (status.nextTryMs !== undefined && condition !== 'stopped') {
    lines.push(line('Next', formatTime(status.nextTryMs)));
  }
  return lines;
}

function describePending(pending: number | undefined): string {
  if (pending === undefined) return '; not known how many readings are still to come';
  return pending === 0 ? '' : `; ${count(pending, 'reading')} still to come`;
}

const LABEL_WIDTH = 12;

function line(label: string, text: string): string {
  return `${label.padEnd(LABEL_WIDTH)}${text}`;
}

function lastTime(verb: string, atMs: number | undefined, nowMs: number): string {
  return atMs === undefined ? `never ${verb}` : `last ${verb} ${ago(nowMs - atMs)}`;
}

/** `3 min ago`; of the future, as another clock has it, `in the future`. */
function ago(ms: number): string {
  const minutes = Math.round(ms / MINUTE_MS);
  if (minutes < 0) return 'in the future';
  if (minutes < 120) return `${minutes} min ago`;
  return minutes < 2880
    ? `${Math.round(minutes / 60)} h ago`
    : `${Math.round(minutes / 1440)} days ago`;
}

function glucose(value: number, unit: Unit): string {
  const text = formatGlucose(value, unit);
  return /\d/.test(text) ? `${text} ${unit}` : text;
}

function iso(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}

function failureJson(failure: Failure | undefined): object | undefined {
  if (failure === undefined) return undefined;
  const { atMs, ...rest } = failure;
  return { ...rest, time: iso(atMs) };
}
