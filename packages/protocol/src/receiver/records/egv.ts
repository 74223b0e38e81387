import { type ClockObservation, type SystemSeconds, systemTimeToUtcMs } from '../../clock.ts';
import { orNull, u32OrNull } from '../../fields.ts';
import { explained, i8, layout, u8, u16 } from '../../layout.ts';
import { type Reading, readingOf } from '../../reading.ts';
import {
  type Glucose,
  glucoseOf,
  type Prediction,
  predictionOf,
  type TrendByte,
  trendByteOf,
} from './glucose.ts';
import {
  type AboutFormat,
  laidOut,
  PREFIX,
  type RecordBase,
  type RecordFormat,
  systemTime,
} from './record.ts';

/** An estimated glucose value, as all receivers store it. */
export interface EgvRecord extends RecordBase {
  // receiver §5.3, §5.4
  readonly kind: 'egv';
  readonly glucose: Glucose;
  readonly trend: TrendByte;
  /** Revisions 4 and 5 (G5, G6). */
  readonly transmitter?: TransmitterPart;
  /** Revision 5; means nothing on a G5 touchscreen receiver with software SW10751. */
  readonly prediction?: Prediction;
}

/** Fields that revisions 4 and 5 add. */
export interface TransmitterPart {
  /** Time of the measurement on the receiver's internal clock; for late readings not their system time. */
  readonly measuredSystemSeconds: SystemSeconds;
  /** Seconds on the transmitter's own clock; null (0xFFFFFFFF) in display-only records. */
  readonly transmitterSeconds: number | null; // receiver §13
  /** Signed, unit unknown; null (0x7F) if there is none. */
  readonly filteredRate: number | null; // receiver §13
  /** Meaning of the values unknown. */
  readonly algorithmState: number;
}

/** The record type that holds only readings that arrived late. */
const BACKFILLED_TYPE = 18; // receiver §5.4
/** The lowest revision whose glucose word has a bit for readings that arrived late. */
const BACKFILL_REVISION = 5; // receiver §5.3

/** Product ids of the receivers that have that record type: those with a touchscreen. */
const BACKFILLING_PRODUCTS: readonly (string | undefined)[] = ['ScoutReceiver', 'OrionReceiver']; // receiver §5.4

/** True for receivers of a product id that keep readings which the transmitter delivered late. */
export function keepsBackfilled(productId: string | undefined): boolean {
  return BACKFILLING_PRODUCTS.includes(productId);
}

/** Tells readings that the transmitter delivered late: by their record type, or by their bit. */
export function isBackfilled({
  recordType,
  revision,
  glucose,
}: Pick<EgvRecord, 'recordType' | 'revision' | 'glucose'>): boolean {
  return recordType === BACKFILLED_TYPE || (revision >= BACKFILL_REVISION && glucose.backfilled);
}

/** Gives when a reading was measured: late readings tell it, others were stored as they came. */
export function measuredSystemSeconds(record: EgvRecord): SystemSeconds {
  const { systemSeconds, transmitter } = record;
  return transmitter !== undefined && isBackfilled(record)
    ? transmitter.measuredSystemSeconds
    : systemSeconds;
}

/**
 * Makes a reading of an EGV record, at the time it was measured.
 *
 * @param observed the receiver's clock beside a clock that is right, read after its last time loss
 * @returns undefined for a display-only value, which is shown beside a reading and is none
 *
 * @example
 * ```ts
 * import { systemSeconds } from '@egvkit/protocol';
 * import { type EgvRecord, readingOfEgv } from '@egvkit/protocol/receiver';
 *
 * export function print(record: EgvRecord) {
 *   const observed = { systemSeconds: systemSeconds(400_000_000), hostUnixMs: Date.now() };
 *   const reading = readingOfEgv(record, observed);
 *   console.log(reading?.mgDl ?? reading?.status ?? 'no reading', reading?.trend.name);
 * }
 * ```
 */
export function readingOfEgv(record: EgvRecord, observed: ClockObservation): Reading | undefined {
  if (record.glucose.displayOnly) return undefined;
  return readingOf(record.glucose.value, {
    utcMs: systemTimeToUtcMs(measuredSystemSeconds(record), observed),
    trend: record.trend.arrow,
    source: 'receiver',
  });
}

const glucose = explained(u16, glucoseOf);
const trend = explained(u8, trendByteOf);

const G4 = layout({ ...PREFIX, glucose, trend });

const G5_FIELDS = {
  ...PREFIX,
  glucose,
  measuredSystemSeconds: systemTime,
  transmitterSeconds: u32OrNull,
  filteredRate: orNull(i8, 0x7f),
  trend,
  algorithmState: u8,
};
const G5 = layout(G5_FIELDS);

const G6 = layout({
  ...G5_FIELDS,
  prediction: explained(u16, predictionOf),
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
    recordTypes: [4],
    revisions: { from: 1, to: 3 },
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
    recordTypes: [4],
    revisions: { from: 4, to: 4 },
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
    recordTypes: [4, 18],
    revisions: { from: 5, to: 5 },
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

const WORDS = {
  glucose: 'glucose word: value and flags',
  trend: 'trend, noise and a flag',
  measuredSystemSeconds: 'time of the reading, system seconds since 2009',
  transmitterSeconds: 'seconds on the transmitter’s clock; 0xFFFFFFFF if there are none',
  algorithmState: 'algorithm state, values unknown',
  filteredRate: 'filtered rate, unit unknown; 0x7F if there is none',
  prediction: 'predicted glucose and flags',
} as const;

/** Facts about these layouts by their names, in their order. */
export const about = {
  'EGV (G4)': {
    doc: 'Estimated glucose value of a G4 receiver.',
    evidence: 'captured',
    source: '§5.3',
    words: WORDS,
  },
  'EGV (G5)': {
    doc: 'Estimated glucose value of a G5 receiver.',
    evidence: 'several sources',
    source: '§5.3',
    words: WORDS,
  },
  'EGV (G5 touchscreen, G6)': {
    doc: 'Estimated glucose value of a touchscreen receiver, also when backfilled.',
    evidence: 'several sources',
    source: '§5.3, §5.4',
    words: WORDS,
  },
} as const satisfies Record<string, AboutFormat>;
