import { type ClockObservation, type SystemSeconds, systemTimeToUtcMs } from '@egvkit/protocol';
import { type Candidate, candidateUtcMs, systemSecondsOfKey } from './candidate.ts';
import type { JournalMark, JournalView } from './journal.ts';

/**
 * Times that are worked out for one reading in two runs differ by what the computer's clock may be
 * off (two minutes), by a second of reading and by drift. More means that a clock jumped.
 */
const MOST_SHIFT_MS = 180_000;
const DAY_MS = 86_400_000;

/**
 * Finds the candidates whose time cannot be trusted because the journal noted another one for them,
 * or for one that was stored before them: the receiver's clock lost time in between, and may have
 * left no other sign. What was stored after the last such reading is trusted again from the first
 * one on that was noted with the time it still has; until there is one, nothing is.
 *
 * Where none of them was noted, the newest note tells: the receiver was away for longer than candidates go back.
 *
 * Candidates that were given up before are among them, and those of more than a day ahead: the clock ran
 * back after they were stored. Such a one is in sight for ever, unlike the noted ones that were stored after it.
 * So it tells nothing about what else was stored.
 */
export function candidatesOfLostTime(
  candidates: readonly Candidate[],
  clock: ClockObservation,
  journal: Pick<JournalView, 'note' | 'newest'>,
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
        return Math.abs(utcMs - noted.utcMs);
      }
      return undefined;
    });
    const last = shifts.findLastIndex((shift) => shift !== undefined && shift > MOST_SHIFT_MS);
    const good = shifts.findIndex((shift, i) => i > last && shift !== undefined);
    if (good < 0) doubtful.add(type);
    if (last < 0) continue;
    if (good < 0) isOpen = true;
    for (const candidate of ordered.slice(0, good < 0 ? undefined : good)) lost.add(candidate);
  }
  if (!isNoted && isShifted(journal.newest(latestMs), clock)) isOpen = true;
  if (isOpen) {
    // In types of which nothing has been noted since, whatever is new may be from before it as well.
    for (const candidate of candidates) {
      const isNew = journal.note(candidate.key) === undefined;
      if (isNew && doubtful.has(candidate.recordType)) lost.add(candidate);
    }
  }
  return lost;
}

/** True if a noted record has another time by now. */
function isShifted(noted: JournalMark | undefined, clock: ClockObservation): boolean {
  const seconds = noted && systemSecondsOfKey(noted.key);
  if (noted === undefined || seconds === undefined) return false;
  const utcMs = systemTimeToUtcMs(seconds as SystemSeconds, clock);
  return Math.abs(utcMs - noted.utcMs) > MOST_SHIFT_MS;
}
