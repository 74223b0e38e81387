import { type ClockObservation, type SystemSeconds, systemTimeToUtcMs } from '@egvkit/protocol';
import { type Candidate, candidateUtcMs, systemSecondsOfKey } from './candidate.ts';
import type { JournalMark, JournalView } from './journal.ts';

/**
 * Times that are worked out for one reading in two runs differ by what the computer's clock may be
 * off (two minutes), by a second of reading and by drift. More means that a clock jumped.
 */
const MOST_SHIFT_MS = 180_000;
/** Part of the time since a note by which the two clocks may have parted (ours): 0.4 s a day were captured. */
const MOST_DRIFT = 1e-4; // receiver §7.2
const DAY_MS = 86_400_000;

/**
 * Finds the candidates whose time cannot be trusted because the journal noted another one for them,
 * or for one that was stored before them: the receiver's clock lost time in between, and may have
 * left no other sign. What was stored after the last such reading is trusted again from the first
 * one on that was noted with the time it still has; until there is one, nothing is.
 *
 * If none of them was noted, the newest notes tell: the receiver was away for longer than candidates go back.
 *
 * Candidates that were given up before are among them, and those of more than a day ahead: the clock ran
 * back after they were stored. Such a one is in sight for ever, unlike the noted ones that were stored after it.
 * So it tells nothing about what else was stored.
 */
export function candidatesOfLostTime(
  candidates: readonly Candidate[],
  clock: ClockObservation,
  journal: Pick<JournalView, 'note' | 'newestDay'>,
): ReadonlySet<Candidate> {
  const lost = new Set<Candidate>();
  const latestMs = clock.hostUnixMs + DAY_MS;
  let isOpen = false;
  let isNoted = false;
  const doubtful = new Set<number>();
  for (const type of new Set(candidates.map(({ recordType }) => recordType))) {
    const ordered = candidates
      .filter(({ recordType }) => recordType === type)
      .sort((a, b) => a.index - b.index);
    const shifts = ordered.map((candidate) => {
      const noted = journal.note(candidate.key);
      if (noted?.isAbandoned) lost.add(candidate);
      const utcMs = candidateUtcMs(candidate, clock);
      if (utcMs > latestMs) lost.add(candidate);
      else if (noted !== undefined) {
        isNoted = true;
        return isShift(utcMs - noted.utcMs, noted, clock);
      }
      return undefined;
    });
    const last = shifts.lastIndexOf(true);
    const good = shifts.indexOf(false, last + 1);
    if (good < 0) doubtful.add(type);
    if (last < 0) continue;
    if (good < 0) isOpen = true;
    for (const candidate of ordered.slice(0, good < 0 ? undefined : good)) lost.add(candidate);
  }
  if (!isNoted && areShifted(journal.newestDay(latestMs), clock, latestMs)) isOpen = true;
  if (isOpen) {
    // In types of which nothing has been noted since, whatever is new may be from before it as well.
    for (const candidate of candidates) {
      const isNew = journal.note(candidate.key) === undefined;
      if (isNew && doubtful.has(candidate.recordType)) lost.add(candidate);
    }
  }
  return lost;
}

/** True if a time that differs so much from a note of it means that a clock jumped since. */
function isShift(
  shiftMs: number,
  noted: Pick<JournalMark, 'utcMs'>,
  { hostUnixMs }: ClockObservation,
): boolean {
  const driftMs = Math.abs(hostUnixMs - noted.utcMs) * MOST_DRIFT;
  return Math.abs(shiftMs) > MOST_SHIFT_MS + driftMs;
}

/**
 * True if all of these records have other times by now. A key has the time when its record was stored,
 * and a note the time of its measurement: of a late reading, or of a meter value, these two are never the same.
 * A record that would now be of years ahead tells nothing: the clock ran back, which the order of records shows.
 */
function areShifted(
  notes: readonly JournalMark[],
  clock: ClockObservation,
  latestMs: number,
): boolean {
  const shifts = notes.flatMap((noted) => {
    const seconds = systemSecondsOfKey(noted.key);
    if (seconds === undefined) return [];
    const utcMs = systemTimeToUtcMs(seconds as SystemSeconds, clock);
    return utcMs > latestMs ? [] : [isShift(utcMs - noted.utcMs, noted, clock)];
  });
  return shifts.length > 0 && !shifts.includes(false);
}
