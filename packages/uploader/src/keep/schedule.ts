import type { Failure } from './failure.ts';

// A transmitter measures every five minutes (receiver §5.3).
const PERIOD_MS = 300_000;
/** The receiver is read so long after a reading is due: by then it has stored the reading (ours). */
const LAG_MS = 15_000;
/** Waits between reads while a reading is late: two, then until the next reading is due. */
const LATE_MS: readonly number[] = [30_000, 60_000];
/** A source is never read sooner again than this. */
const LEAST_BETWEEN_READS_MS = 30_000;
/** The clocks are compared at least so often. */
const LONGEST_NAP_MS = 30_000;
/** Readings that the service neither takes nor shows are asked about again after this time. */
const OPEN_AGAIN_MS = PERIOD_MS;

/** Attempts at one thing. Times named `dueMs` are of a clock that never goes back. */
export interface Track {
  readonly isBusy: boolean;
  readonly dueMs: number;
  /** Failures in a row. */
  readonly failures: number;
  /** The last failure, until an attempt succeeds. */
  readonly failure: Failure | undefined;
  /** Time of the last success by this computer's clock, Unix ms. */
  readonly lastSuccessMs: number | undefined;
}

/** Reads of the source. */
export interface SourceTrack extends Track {
  readonly serialNumber: string | undefined;
  readonly startedMs: number;
  /** Reads in a row that found nothing new although a reading was due. */
  readonly misses: number;
}

/** Uploading to one destination. */
export interface DestinationTrack extends Track {
  readonly name: string;
  /** Number of the last read of the source whose records are all settled. */
  readonly settledRead: number;
}

/** State of unattended uploading. */
export interface KeepState {
  readonly source: SourceTrack;
  readonly destinations: readonly DestinationTrack[];
  /** Number of the last read of the source. */
  readonly reads: number;
  /** Number of the last one that destinations have to be told of. */
  readonly wantedRead: number;
  /** True while the times of the last read can be trusted: no clock was set since. */
  readonly isTimed: boolean;
}

/** A thing to do. */
export type Step =
  | { readonly kind: 'read' }
  | { readonly kind: 'upload'; readonly destination: string };

/** A thing that happened. `monotonicMs` is of the clock that never goes back, `atMs` Unix ms. */
export type Happening = { readonly monotonicMs: number } & (
  | { readonly kind: 'started'; readonly step: Step }
  | {
      readonly kind: 'read';
      readonly atMs: number;
      readonly serialNumber: string;
      /** Records that the read before did not have. */
      readonly added: number;
      /** Age of the newest record by the source's own clock, ms; undefined if there is none. */
      readonly newestAgeMs: number | undefined;
    }
  | { readonly kind: 'readFailed'; readonly failure: Failure; readonly waitMs: number }
  | {
      readonly kind: 'uploaded';
      readonly atMs: number;
      readonly destination: string;
      /** Number of the read that was uploaded from. */
      readonly read: number;
      /** True if nothing is left that has to be asked about again. */
      readonly isSettled: boolean;
    }
  | {
      readonly kind: 'uploadFailed';
      readonly destination: string;
      readonly failure: Failure;
      readonly waitMs: number;
    }
  /** This computer's clock was set by so much, or the computer was asleep. */
  | { readonly kind: 'clockChanged'; readonly byMs: number }
);

/** Times at which an earlier run succeeded, Unix ms. */
export interface EarlierSuccesses {
  readonly source: Pick<Track, 'lastSuccessMs'>;
  readonly destinations: readonly Pick<DestinationTrack, 'name' | 'lastSuccessMs'>[];
}

/** Makes the state at the beginning: the source is read at once. */
export function startState(
  destinations: readonly string[],
  monotonicMs: number,
  before?: EarlierSuccesses,
): KeepState {
  const track = { isBusy: false, dueMs: monotonicMs, failures: 0, failure: undefined };
  const lastSuccessOf = (destination: string): number | undefined =>
    before?.destinations.find(({ name }) => name === destination)?.lastSuccessMs;
  return {
    source: {
      ...track,
      lastSuccessMs: before?.source.lastSuccessMs,
      serialNumber: undefined,
      startedMs: Number.NEGATIVE_INFINITY,
      misses: 0,
    },
    destinations: destinations.map((name) => ({
      ...{ ...track, name, lastSuccessMs: lastSuccessOf(name), settledRead: 0 },
    })),
    reads: 0,
    wantedRead: 0,
    isTimed: false,
  };
}

/** True if a destination may lack something that was read. */
export function owes({ settledRead }: DestinationTrack, { wantedRead }: KeepState): boolean {
  return settledRead < wantedRead;
}

/** Says what is to be done now, and when to ask again if nothing happens until then. Pure. */
export function nextSteps(
  state: KeepState,
  monotonicMs: number,
): { readonly steps: readonly Step[]; readonly wakeMs: number } {
  const steps: Step[] = [];
  let wakeMs = monotonicMs + LONGEST_NAP_MS;
  const consider = (track: Track, step: Step): void => {
    if (track.isBusy) return;
    if (track.dueMs <= monotonicMs) steps.push(step);
    else wakeMs = Math.min(wakeMs, track.dueMs);
  };
  consider(state.source, { kind: 'read' });
  for (const track of state.destinations) {
    if (state.isTimed && owes(track, state)) {
      consider(track, { kind: 'upload', destination: track.name });
    }
  }
  return { steps, wakeMs };
}

/** The state after something happened. Pure. */
export function afterHappening(state: KeepState, happening: Happening): KeepState {
  const { source } = state;
  const { monotonicMs } = happening;
  switch (happening.kind) {
    case 'started':
      return happening.step.kind === 'read'
        ? { ...state, source: { ...source, isBusy: true, startedMs: monotonicMs } }
        : withDestination(state, happening.step.destination, { isBusy: true });
    case 'read': {
      const { atMs, serialNumber, added } = happening;
      const reads = state.reads + 1;
      const isOther = serialNumber !== source.serialNumber;
      const { waitMs, misses } = nextRead(happening, source.misses);
      return {
        ...state,
        reads,
        wantedRead: isOther || added > 0 ? reads : state.wantedRead,
        isTimed: true,
        source: {
          ...source,
          ...{ ...SUCCEEDED, lastSuccessMs: atMs, dueMs: monotonicMs + waitMs },
          ...{ serialNumber, misses },
        },
      };
    }
    case 'readFailed':
      return { ...state, source: { ...source, ...failed(source, happening) } };
    case 'uploaded': {
      const { destination, atMs, read, isSettled } = happening;
      return withDestination(state, destination, {
        ...{ ...SUCCEEDED, lastSuccessMs: atMs },
        ...(isSettled
          ? { dueMs: monotonicMs, settledRead: read }
          : { dueMs: monotonicMs + OPEN_AGAIN_MS }),
      });
    }
    case 'uploadFailed': {
      const track = state.destinations.find(({ name }) => name === happening.destination);
      return track === undefined
        ? state
        : withDestination(state, track.name, failed(track, happening));
    }
    case 'clockChanged':
      return afterClockChange(state, happening);
  }
}

const SUCCEEDED = { isBusy: false, failures: 0, failure: undefined } as const;

function failed(
  { failures }: Track,
  {
    monotonicMs,
    failure,
    waitMs,
  }: { readonly monotonicMs: number; readonly failure: Failure; readonly waitMs: number },
): Partial<Track> {
  return { isBusy: false, failures: failures + 1, failure, dueMs: monotonicMs + waitMs };
}

function withDestination(
  state: KeepState,
  name: string,
  change: Partial<DestinationTrack>,
): KeepState {
  const destinations = state.destinations.map((track) =>
    track.name === name ? { ...track, ...change } : track,
  );
  return { ...state, destinations };
}

/**
 * Computes when to read the source again: a little more than five minutes after its newest reading, twice soon
 * after that if the next reading is late, and then when the one after it is due.
 */
function nextRead(
  { newestAgeMs, added }: { readonly newestAgeMs: number | undefined; readonly added: number },
  missesBefore: number,
): { readonly waitMs: number; readonly misses: number } {
  if (newestAgeMs === undefined) return { waitMs: PERIOD_MS, misses: 0 };
  const untilDueMs = PERIOD_MS + LAG_MS - newestAgeMs;
  if (untilDueMs > 0) {
    // A record from the future: the clock was set back.
    return {
      waitMs: Math.max(LEAST_BETWEEN_READS_MS, Math.min(untilDueMs, PERIOD_MS + LAG_MS)),
      misses: 0,
    };
  }
  const misses = added > 0 ? 1 : missesBefore + 1;
  const late = LATE_MS[misses - 1];
  if (late !== undefined) return { waitMs: late, misses };
  const untilSlotMs = PERIOD_MS - (-untilDueMs % PERIOD_MS);
  return { waitMs: Math.max(untilSlotMs, LEAST_BETWEEN_READS_MS), misses };
}

/** Times that were read are no longer known, and what failed for the clock can succeed. */
function afterClockChange(
  state: KeepState,
  { monotonicMs, byMs }: { readonly monotonicMs: number; readonly byMs: number },
): KeepState {
  const backMs = setBackMs(byMs);
  const source = movedBack(state.source, backMs);
  const soonMs = Math.max(monotonicMs, source.startedMs + LEAST_BETWEEN_READS_MS);
  return {
    ...state,
    isTimed: false,
    source: { ...source, dueMs: Math.min(source.dueMs, soonMs) },
    destinations: state.destinations.map((one) => {
      const track = movedBack(one, backMs);
      return track.failure?.code === 'hostClockWrong' ? { ...track, dueMs: monotonicMs } : track;
    }),
  };
}

/**
 * Time by which a clock was set back, ms: what was noted by it is that much earlier. One that is ahead
 * of before may be that of a computer that slept, and then what was noted was right.
 */
export function setBackMs(byMs: number): number {
  return Math.max(-byMs, 0);
}

function movedBack<One extends Track>(track: One, backMs: number): One {
  const { failure, lastSuccessMs } = track;
  if (backMs === 0) return track;
  return {
    ...track,
    ...(lastSuccessMs !== undefined && { lastSuccessMs: lastSuccessMs - backMs }),
    ...(failure !== undefined && { failure: { ...failure, atMs: failure.atMs - backMs } }),
  };
}
