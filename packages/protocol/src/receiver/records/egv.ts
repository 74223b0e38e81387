import type { SystemSeconds } from '../../clock.ts';
import { i8, layout, mapped, u8, u16, u32 } from '../../layout.ts';
import {
  type Glucose,
  glucoseOf,
  type Prediction,
  predictionOf,
  type TrendByte,
  trendByteOf,
} from './glucose.ts';
import { laidOut, PREFIX, type RecordBase, type RecordFormat, systemTime } from './record.ts';

/** An estimated glucose value, as all receivers store it (spec/receiver §5.3, §5.4). */
export interface EgvRecord extends RecordBase {
  readonly kind: 'egv';
  readonly glucose: Glucose;
  readonly trend: TrendByte;
  /** Revisions 4 and 5 (G5, G6). */
  readonly transmitter?: TransmitterPart;
  /** Revision 5; means nothing on a G5 touchscreen receiver with software SW10751. */
  readonly prediction?: Prediction;
}

/** What revisions 4 and 5 add. */
export interface TransmitterPart {
  /** When the reading was taken, on the receiver's internal clock; differs for backfilled ones. */
  readonly measuredSystemSeconds: SystemSeconds;
  /** Seconds on the transmitter's own clock. */
  readonly transmitterSeconds: number;
  /** Signed; unit unknown. */
  readonly filteredRate: number;
  /** Meaning of the values unknown. */
  readonly algorithmState: number;
}

const glucose = mapped(u16('glucose word: value and flags'), glucoseOf, (value) => value.word);
const trend = mapped(u8('trend, noise and a flag'), trendByteOf, (value) => value.byte);

const G4 = layout({ ...PREFIX, glucose, trend });

const G5_FIELDS = {
  ...PREFIX,
  glucose,
  measuredSystemSeconds: systemTime('time of the reading, system seconds since 2009'),
  transmitterSeconds: u32('seconds on the transmitter’s clock'),
  filteredRate: i8('filtered rate, unit unknown'),
  trend,
  algorithmState: u8('algorithm state, values unknown'),
};
const G5 = layout(G5_FIELDS);

const G6 = layout({
  ...G5_FIELDS,
  prediction: mapped(u16('predicted glucose and flags'), predictionOf, (value) => value.word),
});

/** The parts of a record in one row, as they are stored; what is missing is found when writing. */
function flat(record: EgvRecord): EgvRecord & TransmitterPart & { prediction: Prediction } {
  return { ...record, ...record.transmitter } as EgvRecord &
    TransmitterPart & { prediction: Prediction };
}

/**
 * The three layouts. Each `read` builds its object in place: this is the hot path of a download
 * (the bench prints its rate), and a loop over fields is three times slower.
 */
export const EGV_FORMATS: readonly RecordFormat<EgvRecord>[] = [
  {
    ...laidOut(G4),
    name: 'EGV (G4)',
    recordTypes: [4],
    revisions: { from: 1, to: 3 },
    doc: 'Estimated glucose value of a G4 receiver.',
    evidence: 'captured',
    source: '§5.3',
    read: (bytes, base, origin) => ({
      kind: 'egv',
      recordType: origin.recordType,
      revision: origin.revision,
      index: origin.index,
      systemSeconds: G4.at.systemSeconds(bytes, base),
      displaySeconds: G4.at.displaySeconds(bytes, base),
      glucose: G4.at.glucose(bytes, base),
      trend: G4.at.trend(bytes, base),
    }),
    write: G4.write,
  },
  {
    ...laidOut(G5),
    name: 'EGV (G5)',
    recordTypes: [4],
    revisions: { from: 4, to: 4 },
    doc: 'Estimated glucose value of a G5 receiver.',
    evidence: 'several sources',
    source: '§5.3',
    read: (bytes, base, origin) => ({
      kind: 'egv',
      recordType: origin.recordType,
      revision: origin.revision,
      index: origin.index,
      systemSeconds: G5.at.systemSeconds(bytes, base),
      displaySeconds: G5.at.displaySeconds(bytes, base),
      glucose: G5.at.glucose(bytes, base),
      trend: G5.at.trend(bytes, base),
      transmitter: {
        measuredSystemSeconds: G5.at.measuredSystemSeconds(bytes, base),
        transmitterSeconds: G5.at.transmitterSeconds(bytes, base),
        filteredRate: G5.at.filteredRate(bytes, base),
        algorithmState: G5.at.algorithmState(bytes, base),
      },
    }),
    write: (bytes, base, record) => G5.write(bytes, base, flat(record)),
  },
  {
    ...laidOut(G6),
    name: 'EGV (G5 touchscreen, G6)',
    recordTypes: [4, 18],
    revisions: { from: 5, to: 5 },
    doc: 'Estimated glucose value of a touchscreen receiver, also when backfilled.',
    evidence: 'several sources',
    source: '§5.3, §5.4',
    read: (bytes, base, origin) => ({
      kind: 'egv',
      recordType: origin.recordType,
      revision: origin.revision,
      index: origin.index,
      systemSeconds: G6.at.systemSeconds(bytes, base),
      displaySeconds: G6.at.displaySeconds(bytes, base),
      glucose: G6.at.glucose(bytes, base),
      trend: G6.at.trend(bytes, base),
      transmitter: {
        measuredSystemSeconds: G6.at.measuredSystemSeconds(bytes, base),
        transmitterSeconds: G6.at.transmitterSeconds(bytes, base),
        filteredRate: G6.at.filteredRate(bytes, base),
        algorithmState: G6.at.algorithmState(bytes, base),
      },
      prediction: G6.at.prediction(bytes, base),
    }),
    write: (bytes, base, record) => G6.write(bytes, base, flat(record)),
  },
];
