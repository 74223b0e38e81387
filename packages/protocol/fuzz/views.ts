import { systemSeconds } from '../src/clock.ts';
import type { ReceiverRecord } from '../src/receiver/records/index.ts';
import { readingTimes } from '../src/receiver/views/backfill.ts';
import { clockHistory } from '../src/receiver/views/clock-history.ts';
import { userEvents } from '../src/receiver/views/events.ts';
import { joinEgvs } from '../src/receiver/views/joined.ts';
import { mergeRecords } from '../src/receiver/views/order.ts';
import { sensorSessions } from '../src/receiver/views/sessions.ts';
import { settingsTimeline } from '../src/receiver/views/settings-timeline.ts';
import { timeLosses } from '../src/receiver/views/time-loss.ts';
import { utcOfRecords } from '../src/receiver/views/utc-of-records.ts';
import { fail } from './fail.ts';

const OBSERVED = { systemSeconds: systemSeconds(400_000_000), hostUnixMs: 1_700_000_000_000 };

function ofKind<Kind extends ReceiverRecord['kind']>(
  records: readonly ReceiverRecord[],
  kind: Kind,
): Extract<ReceiverRecord, { kind: Kind }>[] {
  return records.filter(
    (record): record is Extract<ReceiverRecord, { kind: Kind }> => record.kind === kind,
  );
}

/** Every view on whatever the records hold: none may throw or lose a record. */
export function runViews(records: readonly ReceiverRecord[]): void {
  if (records.length === 0) return;
  const settings = ofKind(records, 'settings');
  const insertions = ofKind(records, 'insertion');
  const egvs = ofKind(records, 'egv');
  clockHistory(records, settings);
  const losses = timeLosses({ records, settings, insertions });
  const times = readingTimes(egvs);
  const joined = joinEgvs(egvs, ofKind(records, 'sensor'), ofKind(records, 'calibration'));
  if (times.length !== egvs.length || joined.length !== egvs.length) fail('a view lost a record');
  if (userEvents(ofKind(records, 'event')).length !== ofKind(records, 'event').length) {
    fail('a view lost an event');
  }
  sensorSessions(insertions);
  settingsTimeline(settings);
  utcOfRecords(records, { observed: OBSERVED, losses });
  utcOfRecords(records, { zoneOffset: (unixMs) => (unixMs % 2 === 0 ? 3600 : -7200) });
  if (mergeRecords(records, records).length !== records.length) fail('merging lost a record');
}
