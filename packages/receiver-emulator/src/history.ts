import type { ReceiverRecord } from '@egvkit/protocol/receiver';
import { type PartitionContent, ReceiverDatabase } from './database.ts';
import {
  firmwareParameterRecord,
  manufacturingRecords,
  pcParameterRecord,
} from './history/identity.ts';
import { Recorder } from './history/recorder.ts';
import { type HistoryOptions, Timeline } from './history/timeline.ts';
import type { PartitionProfile } from './profiles.ts';

/**
 * Days of everything a receiver stores, as it would hold them:
 * readings five minutes apart, with meals and nights, LOW and HIGH, missed ones, special codes
 * and a warm-up a session; the counts behind them; meter values with the calibrations they make
 * and the display-only values these leave; sessions, events, settings and a log, all of which
 * fit each other. The clock on the screen was changed once, and it jitters by a second.
 *
 * @example
 * ```ts
 * import { generateDatabase, RECEIVER_PROFILES } from '@egvkit/receiver-emulator';
 *
 * const database = generateDatabase({
 *   profile: RECEIVER_PROFILES.g6,
 *   seed: 1,
 *   days: 3,
 *   nowMs: Date.now(),
 * });
 * console.log(database.records(4).length); // about 288 a day
 * ```
 */
export function generateDatabase(options: HistoryOptions): ReceiverDatabase {
  // receiver §5, §12.8–§12.10
  const { profile, grows = false } = options;
  const timeline = new Timeline(options);
  const recorder = new Recorder(timeline);
  const stored: ReceiverRecord[] = [
    ...manufacturingRecords(options),
    firmwareParameterRecord(),
    pcParameterRecord(options),
    ...recorder.before(),
  ];
  for (const record of recorder.advance(timeline.endMs)) stored.push(record);

  const byType = Map.groupBy(stored, ({ recordType }) => recordType);
  const partitions = profile.partitions.map(
    (partition): PartitionContent => ({
      ...partition,
      firstPage: firstPage(partition, timeline),
      records: byType.get(partition.recordType) ?? [],
    }),
  );
  return new ReceiverDatabase(partitions, grows ? recorder : undefined);
}

/** Picks the first page of a ring that has wrapped before; the others begin at page 0. */
function firstPage({ recordType, ringPages }: PartitionProfile, { seed }: Timeline): number {
  return ringPages === undefined ? 0 : 100 + (((seed >>> 0) + 37 * recordType) % 400);
}
