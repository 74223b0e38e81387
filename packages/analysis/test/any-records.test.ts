import { systemSeconds } from '@egvkit/protocol';
import type { ReceiverRecord } from '@egvkit/protocol/receiver';
import { RECORD_FORMATS } from '@egvkit/protocol/receiver/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clockHistory,
  joinEgvs,
  mergeRecords,
  readingTimes,
  sensorSessions,
  settingsTimeline,
  timeLosses,
  userEvents,
  utcOfRecords,
} from '../src/index.ts';

/** Any bytes as a record of any layout, with a small index so that some records share one. */
const anyRecord: fc.Arbitrary<ReceiverRecord> = fc
  .record({
    format: fc.constantFrom(...RECORD_FORMATS),
    bytes: fc.uint8Array({ minLength: 512, maxLength: 512 }),
    index: fc.nat(50),
  })
  .map(({ format, bytes, index }) => {
    const { recordTypes, revisions } = format;
    return format.read(bytes, 0, {
      recordType: recordTypes[0] ?? 0,
      revision: revisions.to,
      index,
    });
  });

function ofKind<Kind extends ReceiverRecord['kind']>(
  records: readonly ReceiverRecord[],
  kind: Kind,
): Extract<ReceiverRecord, { kind: Kind }>[] {
  return records.filter(
    (record): record is Extract<ReceiverRecord, { kind: Kind }> => record.kind === kind,
  );
}

describe('records of any bytes', () => {
  it('are neither refused nor lost by any function', () => {
    fc.assert(
      fc.property(fc.array(anyRecord, { maxLength: 20 }), (records) => {
        const settings = ofKind(records, 'settings');
        const insertions = ofKind(records, 'insertion');
        const egvs = ofKind(records, 'egv');
        const losses = timeLosses({ records, egvs, settings, insertions });
        clockHistory(records, settings);
        sensorSessions(insertions);
        settingsTimeline(settings);

        const joined = joinEgvs(egvs, ofKind(records, 'sensor'), ofKind(records, 'calibration'));
        expect(new Set(joined.map(({ egv }) => egv))).toEqual(new Set(egvs));
        expect(new Set(readingTimes(egvs).map(({ record }) => record))).toEqual(new Set(egvs));
        expect(userEvents(ofKind(records, 'event'))).toHaveLength(ofKind(records, 'event').length);

        const observed = {
          systemSeconds: systemSeconds(400_000_000),
          hostUnixMs: 1_700_000_000_000,
        };
        const zoneOffset = (unixMs: number) => (unixMs % 2 === 0 ? 3600 : -7200);
        for (const strategy of [{ observed, losses }, { zoneOffset }]) {
          expect(utcOfRecords(records, strategy).map(({ record }) => record)).toEqual(records);
        }
        const keys = new Set(records.map(({ recordType, index }) => `${recordType}/${index}`));
        expect(mergeRecords(records, records)).toHaveLength(keys.size);
      }),
      { numRuns: 500 },
    );
  });
});
