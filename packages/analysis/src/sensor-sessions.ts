import type { SystemSeconds } from '@egvkit/protocol';
import type { InsertionRecord } from '@egvkit/protocol/receiver';
import { type Confidence, certain, doubtful, likely } from './confidence.ts';

/** The time one sensor was in use. */
export interface SensorSession {
  // receiver §5.7
  /** Insertion of the sensor; null if its record is gone. */
  readonly startedSystemSeconds: SystemSeconds | null;
  /** End of the session; null while it runs, or if nothing tells. */
  readonly endedSystemSeconds: SystemSeconds | null;
  /** `running` if no record ends it. */
  readonly end: InsertionRecord['state']['name'] | 'running';
  readonly startRecord: InsertionRecord | null;
  readonly endRecord: InsertionRecord | null;
  readonly confidence: Confidence;
}

/** The revision whose behaviour was captured. */
const CAPTURED_REVISION = 1;

/**
 * Sessions from the records of their beginnings and ends, in the order they were stored.
 *
 * @example
 * ```ts
 * import { sensorSessions } from '@egvkit/analysis';
 * import type { InsertionRecord } from '@egvkit/protocol/receiver';
 *
 * export function printSessions(records: readonly InsertionRecord[]) {
 *   for (const { startedSystemSeconds, end } of sensorSessions(records)) {
 *     console.log(startedSystemSeconds, end);
 *   }
 * }
 * ```
 */
export function sensorSessions(records: readonly InsertionRecord[]): SensorSession[] {
  const ordered = records.toSorted((a, b) => a.index - b.index);
  const sessions: SensorSession[] = [];
  let start: InsertionRecord | null = null;
  for (const record of ordered) {
    if (record.state.name !== 'started') {
      sessions.push(session(start, record));
      start = null;
      continue;
    }
    if (start !== null) sessions.push(session(start, null, record));
    start = record;
  }
  if (start !== null) sessions.push(session(start, null));
  return sessions;
}

function session(
  start: InsertionRecord | null,
  end: InsertionRecord | null,
  next?: InsertionRecord,
): SensorSession {
  return {
    startedSystemSeconds:
      start === null ? null : (start.insertionSystemSeconds ?? start.systemSeconds),
    endedSystemSeconds: end?.systemSeconds ?? null,
    end: end?.state.name ?? (next === undefined ? 'running' : 'unknown'),
    startRecord: start,
    endRecord: end,
    confidence: confidenceOf(start, end, next),
  };
}

function confidenceOf(
  start: InsertionRecord | null,
  end: InsertionRecord | null,
  next: InsertionRecord | undefined,
): Confidence {
  if (next !== undefined) return doubtful('another session starts and no record ends this one');
  if (start === null) return doubtful('the record of its start is gone');
  if (start.insertionSystemSeconds === null)
    return doubtful('its start tells no time of insertion');
  if (end === null) return likely('no record ends it: it ran when the records were read');
  if (end.insertionSystemSeconds !== null) return doubtful('its end tells a time of insertion');
  if (start.revision !== CAPTURED_REVISION || end.revision !== CAPTURED_REVISION) {
    return likely('both ends are stored, in a form that was never captured');
  }
  return certain('both ends are stored');
}
