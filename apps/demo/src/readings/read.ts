import { keepsBackfilled } from '@egvkit/protocol/receiver';
import type { DamageReport, Receiver } from '@egvkit/receiver';
import { readingsSource, receiverTimeLosses } from '@egvkit/uploader';
import { GrowingHistory } from './history.ts';
import { EMPTY_HISTORY, type History } from './reading.ts';

/** Days of readings that are read from a receiver. */
const DAYS_READ = 30;

/** Readings of one receiver so far, and the record to go on from. */
export interface ReadSoFar {
  readonly history: History;
  /** The running index of the newest EGV record that was read; undefined if there is none. */
  readonly newestIndex: number | undefined;
  /** True if everything older was read too, as far back as {@link DAYS_READ} days. */
  readonly isComplete: boolean;
}

export const NOTHING_READ: ReadSoFar = {
  history: EMPTY_HISTORY,
  newestIndex: undefined,
  isComplete: false,
};

/** Progress in reading a receiver. */
export interface ReadingProgress {
  readonly pagesDone: number;
  /** At most so many. */
  readonly pagesTotal: number;
  /** EGV records so far, whatever they hold. */
  readonly records: number;
}

/** Hears of progress and of readings while a receiver is read. */
export interface ReadView {
  progress(progress: ReadingProgress): void;
  /** Takes all that is read so far; the newest readings are read first. */
  soFar(read: ReadSoFar): void;
}

const DAY_MS = 86_400_000;
const EGVS_PER_DAY = 288;
/** Shortest time between two calls of `soFar` while records are read, in ms. */
const TELL_EVERY_MS = 300;

/**
 * Reads the last 30 days of a receiver, newest first, or what came since the last time. What was
 * read stays known, also when the reading is given up: `soFar` has told of it.
 *
 * @throws what the receiver throws; the signal's reason
 */
export async function readReceiver(
  receiver: Receiver,
  known: ReadSoFar,
  view: ReadView,
  signal: AbortSignal,
): Promise<ReadSoFar> {
  const source = readingsSource(receiver);
  const clock = await source.clock({ signal });
  // Before any reading, so that none is ever shown at a wrong time.
  const losses = await receiverTimeLosses(receiver, { signal });
  const { afterIndex, mostPages } = await scopeOf(receiver, known, signal);
  const growing = new GrowingHistory(known.history, { clock, losses });
  let newestIndex = known.newestIndex ?? -1;
  const tell = (isComplete: boolean): ReadSoFar => {
    const history = growing.soFar();
    // Given up, a reading may not have come down to what was known: the next one begins there.
    const soFar = isComplete
      ? { history, newestIndex: newestIndex < 0 ? undefined : newestIndex, isComplete }
      : { ...known, history };
    view.soFar(soFar);
    return soFar;
  };
  const since = new Date(clock.hostUnixMs - DAYS_READ * DAY_MS);
  const onDamage = ({ recordType, page }: DamageReport): void =>
    growing.addDamage(`${recordType}:page ${page}`);
  const options = { signal, onDamage };
  try {
    let toldAtMs = performance.now();
    const egvs = receiver.records('egv', {
      ...options,
      ...(afterIndex === undefined ? { since } : { afterIndex }),
      onProgress: ({ pagesDone }) =>
        view.progress({
          pagesDone,
          pagesTotal: Math.max(pagesDone, mostPages),
          records: growing.egvs,
        }),
    });
    for await (const egv of egvs) {
      growing.addEgv(egv);
      newestIndex = Math.max(newestIndex, egv.index);
      if (performance.now() - toldAtMs < TELL_EVERY_MS) continue;
      tell(false);
      toldAtMs = performance.now();
    }
    // Late readings and marks are few, so they are read whole every time.
    for (const name of ['meter', 'event', 'insertion'] as const) {
      for await (const record of receiver.records(name, { ...options, since })) {
        growing.addMark(record);
      }
    }
    const { firmware } = await receiver.identify({ signal });
    if (keepsBackfilled(firmware?.productId)) {
      for await (const egv of receiver.records('backfilledEgv', { ...options, since })) {
        growing.addEgv(egv);
      }
    }
    return tell(true);
  } catch (error) {
    tell(false);
    throw error;
  }
}

/** The index to go on after, if not everything has to be read, and how many pages that is. */
async function scopeOf(
  receiver: Receiver,
  { newestIndex, isComplete }: ReadSoFar,
  signal: AbortSignal,
): Promise<{ readonly afterIndex?: number; readonly mostPages: number }> {
  const range = await receiver.pageRange('egv', { signal });
  if (range === undefined) return { mostPages: 0 };
  const { first, last } = range;
  const newest = await receiver.pageHeader('egv', last, { signal });
  const lastIndex = newest.firstRecordIndex + newest.recordCount - 1;
  // The newest page may have begun just now; the one before it is full.
  const full = last > first ? await receiver.pageHeader('egv', last - 1, { signal }) : newest;
  // A receiver that counts from the start again has forgotten what was known.
  const goesOn = isComplete && newestIndex !== undefined && lastIndex >= newestIndex;
  const expected = goesOn ? lastIndex - newestIndex : DAYS_READ * EGVS_PER_DAY;
  const pages = Math.ceil(expected / Math.max(1, full.recordCount)) + 1;
  const mostPages = Math.min(last - first + 1, pages);
  return goesOn ? { afterIndex: newestIndex, mostPages } : { mostPages };
}
