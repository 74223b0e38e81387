/** The history of the receiver, and which readings of it belong on the service. */
import { isUploadable, RECEIVER_EPOCH_UNIX_SECONDS } from '@egvkit/protocol';
import type { EgvRecord } from '@egvkit/protocol/receiver';
import {
  generateDatabase,
  RECEIVER_PROFILES,
  type ReceiverDatabase,
} from '@egvkit/receiver-emulator';

export const profile = RECEIVER_PROFILES.g4;

/** More than the service takes, so that there is something to leave out. */
const DAYS_BEFORE = 1.5;
const EGV_TYPE = 4;

/** Beginning of a history. */
export interface HistoryStart {
  readonly seed: number;
  /** Unix ms; the receiver has been in use for some days then. */
  readonly startMs: number;
}

/** A reading that was measured, with its true time to the second. */
export interface Measured {
  readonly utcMs: number;
  readonly mgDl: number;
}

/** Makes the database, which grows as time goes on: the same records, whoever looks and however often. */
export function historyFrom({ seed, startMs }: HistoryStart): ReceiverDatabase {
  return generateDatabase({ profile, seed, days: DAYS_BEFORE, nowMs: startMs, grows: true });
}

/** Measured readings of the receiver up to `nowMs`, oldest first. Its clock is right. */
export function measuredUntil(start: HistoryStart, nowMs: number): readonly Measured[] {
  const database = historyFrom(start);
  database.advance(nowMs);
  return (database.records(EGV_TYPE) as readonly EgvRecord[])
    .filter(({ glucose }) => isUploadable(glucose.value) && !glucose.displayOnly)
    .map(({ systemSeconds, glucose }) => ({
      utcMs: (RECEIVER_EPOCH_UNIX_SECONDS + systemSeconds) * 1000,
      mgDl: glucose.value,
    }));
}
