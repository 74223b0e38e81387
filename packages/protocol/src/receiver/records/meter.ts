import type { SystemSeconds } from '../../clock.ts';
import { layout, u8, u16, u32 } from '../../layout.ts';
import { PREFIX, plain, type RecordBase, type RecordFormat, systemTime } from './record.ts';

/** A value of a blood glucose meter that the user entered (spec/receiver §5.9). */
export interface MeterRecord extends RecordBase {
  readonly kind: 'meter';
  readonly meterMgDl: number;
  /** When the value was entered: the time to report for it (D35). 30 s before `systemSeconds`. */
  readonly meterSystemSeconds: SystemSeconds;
  /** Revision 3; values unknown. */
  readonly entryType?: number;
  /** Revision 3: seconds on the transmitter's own clock. */
  readonly meterTransmitterSeconds?: number;
}

const G4 = layout({
  ...PREFIX,
  meterMgDl: u16('meter glucose, mg/dL'),
  meterSystemSeconds: systemTime('time of the value, system seconds since 2009'),
});

const G5 = layout({
  ...PREFIX,
  meterMgDl: u16('meter glucose, mg/dL'),
  entryType: u8('entry type, values unknown'),
  meterSystemSeconds: systemTime('time of the value, system seconds since 2009'),
  meterTransmitterSeconds: u32('seconds on the transmitter’s clock'),
});

export const METER_FORMATS: readonly RecordFormat<MeterRecord>[] = [
  {
    ...plain('meter', G4),
    name: 'Meter (G4)',
    recordTypes: [10],
    revisions: { from: 0, to: 2 },
    doc: 'A meter value. Revision 1 is captured; that the others are alike is told by two sources.',
    evidence: 'captured',
    source: '§5.9',
  },
  {
    ...plain('meter', G5),
    name: 'Meter (G5, G6)',
    recordTypes: [10],
    revisions: { from: 3, to: 3 },
    doc: 'A meter value.',
    evidence: 'one source',
    source: '§5.9, D7',
  } as RecordFormat<MeterRecord>,
];
