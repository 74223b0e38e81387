import { RECEIVER_EPOCH_UNIX_SECONDS } from '@egvkit/protocol';
import {
  type EgvRecord,
  type MeterRecord,
  measuredSystemSeconds,
  type RecordBase,
} from '@egvkit/protocol/receiver';

/** A receiver as those see it who judge its measurements. */
export interface MeasuringReceiver {
  readonly spec: { readonly serialNumber: string };
  /** True for a measurement from before its clock lost time. */
  isBeforeLoss(truth: Truth): boolean;
  /** True for a measurement of which nothing tells if it was stored before its clock ran back or after. */
  isSideUnknown(truth: Truth): boolean;
  /** Time by which its clock may go wrong between a measurement and now, ms. */
  driftMs(truth: Truth): number;
  /** A loss of time of which nothing that it stores tells, if there is one. */
  readonly unseenLoss: UnseenLoss | undefined;
}

/** A loss of time that only those can notice who knew the receiver before. */
export interface UnseenLoss {
  /** Unix ms. */
  readonly atMs: number;
  /** Time by which what was stored before it seems to be later, ms. */
  readonly byMs: number;
}

/** A measurement as it really was. */
export interface Truth {
  readonly receiver: MeasuringReceiver;
  readonly recordType: number;
  readonly index: number;
  /** Number among all readings of the receiver, in the order they were stored. */
  readonly number: number;
  /** True time of the measurement by the receiver's clock, and when it was stored; Unix ms. */
  readonly trueMs: number;
  readonly storedMs: number;
  /** Time when it was stored, by the receiver's clock. */
  readonly systemSeconds: number;
  readonly value: number;
  /** True for a glucose value, LOW or HIGH that was measured, and for a meter value. */
  readonly isGlucose: boolean;
}

const LOW = 39;
const HIGH = 401;
/** A reading delivered late is one that came live as well, if they are so near to each other. */
const SAME_WITHIN_MS = 30_000;

/** Clock of a receiver: how to get from its seconds to true time. */
export interface TrueClock {
  readonly errorSeconds: number;
  /** Seconds that the clock lost, and how many readings were stored before; none if undefined. */
  readonly lost:
    | { readonly seconds: number; readonly isBefore: (record: RecordBase) => boolean }
    | undefined;
  /** True time of a moment by the receiver's oscillator. */
  readonly trueOf: (deviceMs: number) => number;
}

/** Works out what a record really says, independently of the product. */
export function truthOf(
  receiver: MeasuringReceiver,
  record: EgvRecord | MeterRecord,
  number: number,
  { errorSeconds, lost, trueOf }: TrueClock,
): Truth {
  const { recordType, index } = record;
  const wrongBy = errorSeconds - (lost !== undefined && !lost.isBefore(record) ? lost.seconds : 0);
  const trueMsOf = (systemSeconds: number): number =>
    trueOf((systemSeconds - wrongBy + RECEIVER_EPOCH_UNIX_SECONDS) * 1000);
  return {
    ...{ receiver, recordType, index, number },
    trueMs: trueMsOf(
      record.kind === 'meter' ? record.meterSystemSeconds : measuredSystemSeconds(record),
    ),
    storedMs: trueMsOf(record.systemSeconds),
    systemSeconds: record.systemSeconds,
    ...measuredIn(record),
  };
}

function measuredIn(record: EgvRecord | MeterRecord): Pick<Truth, 'value' | 'isGlucose'> {
  if (record.kind === 'meter') return { value: record.meterMgDl, isGlucose: true };
  const { value, displayOnly } = record.glucose;
  return { value, isGlucose: value >= LOW && value <= HIGH && !displayOnly };
}

/** True if two records hold one measurement. */
export function isSameMeasurement(one: Truth, other: Truth): boolean {
  return one.receiver === other.receiver && Math.abs(one.trueMs - other.trueMs) <= SAME_WITHIN_MS;
}
