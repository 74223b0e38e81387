import { HIGH_MG_DL, LOW_MG_DL, type Reading } from '@egvkit/protocol';
import type { CallOptions } from '../call-options.ts';
import { type Candidate, readingOfCandidate } from '../candidate.ts';
import { judgeCandidate } from '../eligibility.ts';
import { UploadError } from '../errors.ts';
import { clockBaseMs, type HostClocks, requireSameClock } from '../host-clock.ts';
import type {
  ReadingSource,
  SourceDamage,
  SourceReadings,
  SourceReadOptions,
  SourceTime,
} from '../source.ts';

/** A source that is open; whoever opens it closes it. */
export type OpenedSource = ReadingSource & AsyncDisposable;

/** A source as it was read once. Several destinations are uploaded to from it. */
export interface Snapshot {
  /** Counts the reads of the source, from 1. */
  readonly number: number;
  readonly serialNumber: string;
  readonly clock: SourceTime;
  /** This computer's clock when the source's was read; see `clockBaseMs`. */
  readonly clockBaseMs: number;
  readonly readings: SourceReadings;
  /** Records that were read, timed by `clock`. */
  readonly candidates: readonly Candidate[];
  readonly damage: readonly SourceDamage[];
}

/** Reads a source: its serial number, its clock and its records, and nothing else. */
export async function takeSnapshot(
  source: ReadingSource,
  options: CallOptions & {
    readonly number: number;
    readonly clock: HostClocks;
  } & Pick<SourceReadOptions, 'windowMs' | 'counts' | 'calibrations'>,
): Promise<Snapshot> {
  const { number, windowMs, counts, calibrations, clock, signal } = options;
  const serialNumber = await source.serialNumber({ signal });
  if (serialNumber === undefined) throw new UploadError('noSerialNumber', {});
  const damage: SourceDamage[] = [];
  const readings = await source.read({
    ...{ nowMs: clock.nowMs(), windowMs, counts, calibrations, signal },
    onRecord() {},
    onDamage: (report) => damage.push(report),
  });
  const baseMs = clockBaseMs(clock);
  const time = await source.clock({ signal });
  requireSameClock(clock, baseMs);
  const candidates = readings(time);
  return { number, serialNumber, clock: time, clockBaseMs: baseMs, readings, candidates, damage };
}

/** Time before a window whose records are refused by name, not left out. */
const MARGIN_SECONDS = 600;

/** System time of the oldest record that an upload of a window looks at, seconds. */
export function oldestLookedAt({ clock }: Snapshot, windowMs: number): number {
  return clock.systemSeconds - windowMs / 1000 - MARGIN_SECONDS;
}

/**
 * Makes a source of what was read. Its clock can be asked only until this computer's own is set: the
 * two would no longer belong together.
 */
export function sourceOfSnapshot(snapshot: Snapshot, clock: HostClocks): ReadingSource {
  return {
    serialNumber: async () => snapshot.serialNumber,
    async clock() {
      requireSameClock(clock, snapshot.clockBaseMs);
      return snapshot.clock;
    },
    async read({ windowMs, onRecord, onDamage }) {
      const { candidates, damage } = snapshot;
      const oldestSeconds = oldestLookedAt(snapshot, windowMs);
      const wanted = candidates.filter(({ systemSeconds }) => systemSeconds >= oldestSeconds);
      for (const _ of wanted) onRecord();
      for (const one of damage) onDamage(one);
      const { calibrationsAt } = snapshot.readings;
      return Object.assign(() => wanted, {
        ...(calibrationsAt && { calibrationsAt }),
        atHand: candidates,
      });
    },
  };
}

/** Age of the newest record by the source's own clock, ms; undefined if there is none. */
export function newestAgeMs({ candidates, clock }: Snapshot): number | undefined {
  if (candidates.length === 0) return undefined;
  let newest = Number.NEGATIVE_INFINITY;
  for (const { systemSeconds } of candidates) newest = Math.max(newest, systemSeconds);
  return (clock.systemSeconds - newest) * 1000;
}

/** Counts the records that an earlier snapshot of the same receiver does not have. */
export function countAdded(snapshot: Snapshot, before: Snapshot | undefined): number {
  if (before?.serialNumber !== snapshot.serialNumber) return snapshot.candidates.length;
  const others = notSame(snapshot.candidates, before.candidates);
  const isKnown = others.length > FEW ? keysOf(before) : scanOf(before);
  let added = 0;
  for (const { key } of others) if (!isKnown(key)) added++;
  return added;
}

/** For so many a list of all keys is not worth its making. */
const FEW = 4;

function scanOf({ candidates }: Snapshot): (key: string) => boolean {
  return (wanted) => candidates.some(({ key }) => key === wanted);
}

/** Candidates that are not the same objects in the same order as those before. Mostly those that are new. */
function notSame(
  candidates: readonly Candidate[],
  before: readonly Candidate[],
): readonly Candidate[] {
  const others: Candidate[] = [];
  let at = 0;
  for (const candidate of candidates) {
    if (candidate === before[at]) at++;
    else others.push(candidate);
  }
  return others;
}

function keysOf({ candidates }: Snapshot): (key: string) => boolean {
  const keys = new Set<string>();
  for (const { key } of candidates) keys.add(key);
  return (wanted) => keys.has(wanted);
}

/** Limits of showing a reading: all that a receiver means as glucose. */
const SHOWN = { lowestValue: LOW_MG_DL, highestValue: HIGH_MG_DL, timeStepMs: 1000 };

/** The newest record that is a glucose value, LOW or HIGH, with its time. */
export function newestReading({ candidates, clock }: Snapshot, nowMs: number): Reading | undefined {
  let newest: Reading | undefined;
  let newestSeconds = Number.NEGATIVE_INFINITY;
  for (const candidate of candidates) {
    if (candidate.systemSeconds <= newestSeconds) continue;
    const context = { clock, nowMs, windowMs: Number.POSITIVE_INFINITY, limits: SHOWN };
    const verdict = judgeCandidate(candidate, context);
    if (!verdict.accepted) continue;
    newestSeconds = candidate.systemSeconds;
    newest = readingOfCandidate(candidate, verdict.utcMs);
  }
  return newest;
}
