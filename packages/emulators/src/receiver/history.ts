import type { ReceiverRecord } from '@egvkit/protocol/receiver';
import { type PartitionContent, ReceiverDatabase } from './database.ts';
import {
  firmwareParameterRecord,
  manufacturingRecords,
  pcParameterRecord,
} from './history/identity.ts';
import { Story } from './history/story.ts';
import { type HistoryOptions, Timeline } from './history/timeline.ts';
import type { PartitionProfile } from './profiles.ts';

/**
 * Days of everything a receiver stores, as it would hold them (spec/receiver §5, §12.8–§12.10):
 * readings five minutes apart, with meals and nights, LOW and HIGH, missed ones, special codes
 * and a warm-up a session; the counts behind them; meter values with the calibrations they make
 * and the display-only values these leave; sessions, events, settings and a log, all of which
 * fit each other. The clock on the screen was changed once, and it jitters by a second.
 */
export function generateDatabase(options: HistoryOptions): ReceiverDatabase {
  const { profile, grows = false } = options;
  const timeline = new Timeline(options);
  const story = new Story(timeline);
  const stored: ReceiverRecord[] = [
    ...manufacturingRecords(options),
    firmwareParameterRecord(),
    pcParameterRecord(options),
    ...story.before(),
  ];
  for (const record of story.advance(timeline.endMs)) stored.push(record);

  const byType = Map.groupBy(stored, ({ recordType }) => recordType);
  const partitions = profile.partitions.map(
    (partition): PartitionContent => ({
      ...partition,
      firstPage: firstPage(partition, timeline),
      records: byType.get(partition.recordType) ?? [],
    }),
  );
  return new ReceiverDatabase(partitions, grows ? story : undefined);
}

/** Where a ring began that has wrapped before; the others begin at page 0. */
function firstPage({ recordType, ringPages }: PartitionProfile, { seed }: Timeline): number {
  return ringPages === undefined ? 0 : 100 + (((seed >>> 0) + 37 * recordType) % 400);
}
