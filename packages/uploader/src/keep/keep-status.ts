import type { Reading } from '@egvkit/protocol';
import type { Failure } from './failure.ts';
import { type DestinationTrack, type KeepState, owes, type SourceTrack } from './schedule.ts';

/** State of unattended uploading, for a person or a monitor. Times are Unix ms of this computer. */
export interface KeepStatus {
  readonly startedMs: number;
  readonly updatedMs: number;
  /** The receiver's newest reading that is a glucose value, LOW or HIGH; undefined if none is known. */
  readonly lastReading: Reading | undefined;
  /** Last time that something was read and every destination had it; undefined before the first. */
  readonly lastSuccessMs: number | undefined;
  /** The newest failure that lasts; undefined if all is well. */
  readonly lastError: Failure | undefined;
  /** Readings that are not yet where they are to go, of the destination that lacks most; undefined if it cannot be told. */
  readonly pending: number | undefined;
  /** Time of the next attempt at anything. */
  readonly nextTryMs: number | undefined;
  /** Task for a person, as a sentence; undefined if there is none. */
  readonly person: string | undefined;
  readonly source: SourceStatus;
  readonly destinations: readonly DestinationStatus[];
}

/** Part of a status about the receiver. */
export interface SourceStatus {
  readonly serialNumber: string | undefined;
  readonly lastSuccessMs: number | undefined;
  readonly lastError: Failure | undefined;
  readonly nextTryMs: number | undefined;
}

/** Part of a status about one destination. */
export interface DestinationStatus {
  readonly name: string;
  readonly lastSuccessMs: number | undefined;
  readonly lastError: Failure | undefined;
  /** Readings that it lacks and is to have; undefined if it cannot be told. */
  readonly pending: number | undefined;
  /** Time of the next attempt; undefined if it has everything, or waits for the receiver. */
  readonly nextTryMs: number | undefined;
  /** True if another device publishes to the account as well. */
  readonly hasOtherPublisher: boolean;
}

/** Facts for a status beyond the state. */
export interface StatusFacts {
  /** Serial number of the receiver that an earlier run read; undefined if there was none. */
  readonly serialNumberBefore: string | undefined;
  readonly startedMs: number;
  readonly nowMs: number;
  readonly monotonicMs: number;
  readonly lastReading: Reading | undefined;
  readonly pending: (destination: string) => number | undefined;
  readonly hasOtherPublisher: (destination: string) => boolean;
}

/** A receiver that is away for so long is a person's to plug in again. */
const SOURCE_AWAY_MS = 15 * 60_000;

/**
 * Gives of an earlier run's status what is still so when the next run begins; nothing if this computer's clock
 * is behind it, since then it was set back, and nobody knows by how much.
 */
export function stillSo(before: KeepStatus | undefined, nowMs: number): KeepStatus | undefined {
  return before === undefined || before.updatedMs > nowMs ? undefined : before;
}

/** Makes the status of a state. Pure. */
export function statusOf(state: KeepState, facts: StatusFacts): KeepStatus {
  const { startedMs, nowMs: updatedMs, lastReading } = facts;
  const wallOf = (monotonicMs: number): number =>
    Math.round(updatedMs + monotonicMs - facts.monotonicMs);
  const { source } = state;
  const sourceStatus: SourceStatus = {
    serialNumber: source.serialNumber ?? facts.serialNumberBefore,
    lastSuccessMs: source.lastSuccessMs,
    lastError: source.failure,
    nextTryMs: source.isBusy ? updatedMs : wallOf(source.dueMs),
  };
  const destinations = state.destinations.map((track): DestinationStatus => {
    const isWaiting = track.isBusy || (owes(track, state) && state.isTimed);
    return {
      name: track.name,
      lastSuccessMs: track.lastSuccessMs,
      lastError: track.failure,
      pending: facts.pending(track.name),
      nextTryMs: isWaiting ? wallOf(Math.max(track.dueMs, facts.monotonicMs)) : undefined,
      hasOtherPublisher: facts.hasOtherPublisher(track.name),
    };
  });
  const tries = [sourceStatus, ...destinations].flatMap(({ nextTryMs }) => nextTryMs ?? []);
  return {
    ...{ startedMs, updatedMs, lastReading, source: sourceStatus, destinations },
    lastSuccessMs: lastSuccessOf(state),
    lastError: newestFailure(state),
    pending: mostPending(destinations),
    nextTryMs: tries.length > 0 ? Math.min(...tries) : undefined,
    person: taskForPerson(state, updatedMs),
  };
}

/** The time since when all is done: the oldest of the last successes, if each has one. */
function lastSuccessOf({ source, destinations }: KeepState): number | undefined {
  let oldestMs = source.lastSuccessMs;
  for (const { lastSuccessMs } of destinations) {
    if (lastSuccessMs === undefined || oldestMs === undefined) return undefined;
    oldestMs = Math.min(oldestMs, lastSuccessMs);
  }
  return oldestMs;
}

function newestFailure({ source, destinations }: KeepState): Failure | undefined {
  const failures = [source, ...destinations].flatMap(({ failure }) => failure ?? []);
  return failures.reduce<Failure | undefined>(
    (newest, one) => (newest === undefined || one.atMs > newest.atMs ? one : newest),
    undefined,
  );
}

function mostPending(destinations: readonly DestinationStatus[]): number | undefined {
  let most = 0;
  for (const { pending } of destinations) {
    if (pending === undefined) return undefined;
    most = Math.max(most, pending);
  }
  return most;
}

/** Task for a person: for a destination that refuses, or a receiver that is away. */
function taskForPerson({ source, destinations }: KeepState, nowMs: number): string | undefined {
  const { failure } = [...destinations, source].find(isForPerson(nowMs)) ?? {};
  return failure === undefined ? undefined : `${failure.message} ${failure.help}`;
}

function isForPerson(nowMs: number): (track: DestinationTrack | SourceTrack) => boolean {
  return (track) => {
    if (track.failure === undefined) return false;
    if (track.failure.needsPerson) return true;
    const isSource = 'serialNumber' in track;
    return isSource && nowMs - (track.lastSuccessMs ?? Number.NEGATIVE_INFINITY) > SOURCE_AWAY_MS;
  };
}
