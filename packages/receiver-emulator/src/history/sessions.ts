import type { SystemSeconds } from '@egvkit/protocol';
import type { InsertionRecord } from '@egvkit/protocol/receiver';
import { asciiTransmitterId, named, SESSION_STATES } from '@egvkit/protocol/receiver/wire';
import type { Sessions, Timeline } from './timeline.ts';

const STARTED = 7;
/** More than the ring of insertion records holds. */
const EARLIER_SESSIONS = 40;

/** A sensor session that begins or ends. */
export interface SessionChange {
  readonly atMs: number;
  readonly starts: boolean;
  readonly record: InsertionRecord;
}

/** Beginnings and ends after `fromMs` and until `toMs`, in order. */
export function sessionChanges(
  // receiver §5.7
  timeline: Timeline,
  sessions: Sessions,
  fromMs: number,
  toMs: number,
): readonly SessionChange[] {
  const changes: SessionChange[] = [];
  for (let number = sessions.numberAt(fromMs); number <= sessions.numberAt(toMs); number++) {
    const moments = sessions.parts(number).flatMap(({ startMs, endMs, endState }) => [
      { atMs: startMs, state: STARTED },
      { atMs: endMs, state: endState },
    ]);
    for (const { atMs, state } of moments) {
      if (atMs <= fromMs || atMs > toMs) continue;
      const record = insertionRecord(timeline, atMs, state);
      changes.push({ atMs, starts: state === STARTED, record });
    }
  }
  return changes;
}

/** The sessions before the readings that are kept: their ring reaches back for months. */
export function earlierSessions(timeline: Timeline, sessions: Sessions): readonly SessionChange[] {
  const first = sessions.session(sessions.numberAt(timeline.fromMs) - EARLIER_SESSIONS);
  const sinceMs = Math.max(first.startMs, timeline.inUseSinceMs);
  return sinceMs < timeline.fromMs
    ? sessionChanges(timeline, sessions, sinceMs, timeline.fromMs)
    : [];
}

function insertionRecord(timeline: Timeline, atMs: number, state: number): InsertionRecord {
  const { profile } = timeline;
  const revision = profile.partitions.find(({ recordType }) => recordType === 7)?.revision ?? 1;
  const stamp = timeline.stamp(atMs);
  const insertion: SystemSeconds | null = state === STARTED ? stamp.systemSeconds : null;
  return {
    kind: 'insertion',
    recordType: 7,
    revision,
    index: 0,
    ...stamp,
    insertionSystemSeconds: insertion,
    state: named(SESSION_STATES, state),
    ...(revision >= 2 && {
      unknown13: 0,
      transmitter: asciiTransmitterId(profile.transmitterId.padEnd(6, '\0')),
    }),
  };
}
