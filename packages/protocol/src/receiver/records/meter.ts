import type { SystemSeconds } from '../../clock.ts';
import { u32OrNull } from '../../fields.ts';
import { layout, u8, u16 } from '../../layout.ts';
import {
  type AboutFormat,
  PREFIX,
  plain,
  type RecordBase,
  type RecordFormat,
  systemTime,
} from './record.ts';

/** A value of a blood glucose meter that the user entered. */
export interface MeterRecord extends RecordBase {
  // receiver §5.9
  readonly kind: 'meter';
  readonly meterMgDl: number;
  /** Time of the entry: the time to report for the value, 30 s before `systemSeconds`. */
  readonly meterSystemSeconds: SystemSeconds;
  /**
   * Revision 3: 1 as the user entered it, 3 the same entry again, confirmed; others unknown. Both are
   * of one measurement: do not count it twice.
   */
  readonly entryType?: number;
  /** Revision 3: seconds on the transmitter's own clock; null (0xFFFFFFFF) in an entry as it was made. */
  readonly meterTransmitterSeconds?: number | null;
}

const G4 = layout({
  ...PREFIX,
  meterMgDl: u16,
  meterSystemSeconds: systemTime,
});

const G5 = layout({
  ...PREFIX,
  meterMgDl: u16,
  entryType: u8,
  meterSystemSeconds: systemTime,
  meterTransmitterSeconds: u32OrNull,
});

export const METER_FORMATS: readonly RecordFormat<MeterRecord>[] = [
  {
    ...plain('meter', G4),
    recordTypes: [10],
    revisions: { from: 0, to: 2 },
  },
  {
    ...plain('meter', G5),
    recordTypes: [10],
    revisions: { from: 3, to: 3 },
  } as RecordFormat<MeterRecord>,
];

const WORDS = {
  meterMgDl: 'meter glucose, mg/dL',
  meterSystemSeconds: 'time of the value, system seconds since 2009',
  entryType: '1 as entered, 3 the same entry confirmed; others unknown',
  meterTransmitterSeconds: 'seconds on the transmitter’s clock; 0xFFFFFFFF if there are none',
} as const;

/** Facts about these layouts by their names, in their order. */
export const about = {
  'Meter (G4)': {
    doc: 'A meter value. Revision 1 is captured; that the others are alike is told by two sources.',
    evidence: 'captured',
    source: '§5.9',
    words: WORDS,
  },
  'Meter (G5, G6)': {
    doc: 'A meter value.',
    evidence: 'one source',
    source: '§5.9',
    words: WORDS,
  },
} as const satisfies Record<string, AboutFormat>;
