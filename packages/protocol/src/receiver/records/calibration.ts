import type { SystemSeconds } from '../../clock.ts';
import { outOfRange } from '../../errors/input.ts';
import { type Float64, f64 } from '../../fields.ts';
import { explained, type Field, type Layout, layout, mapped, raw, u8, u32 } from '../../layout.ts';
import { type Named, namedField } from '../../named.ts';
import { RAW_VALUE_KINDS } from '../enumerations.ts';
import {
  type AboutFormat,
  PREFIX,
  plain,
  type RecordBase,
  type RecordFormat,
  systemTime,
} from './record.ts';

/** One meter value that a calibration is made from, 17 bytes. */
export interface CalibrationPoint {
  // receiver §5.5
  /** Time of the meter value's entry; the `meterSystemSeconds` of its meter record. */
  readonly enteredSystemSeconds: SystemSeconds;
  readonly meterMgDl: number;
  /** Counts of a sensor record. */
  readonly sensorRaw: number;
  /** System time of that sensor record. */
  readonly appliedSystemSeconds: SystemSeconds;
  /** The one of the sensor record's two values that was taken. */
  readonly rawKind: Named<(typeof RAW_VALUE_KINDS)[keyof typeof RAW_VALUE_KINDS]>;
}

/** The subrecords of a calibration set. */
export interface CalibrationPoints {
  /** As stored; more than there is room for if the record is odd. */
  readonly count: number;
  readonly points: readonly CalibrationPoint[];
  /** The bytes of the slots that are not in use, if they are not zero as in all captures. */
  readonly unused?: Uint8Array;
}

/** A calibration as it was computed or entered. */
export interface CalibrationRecord extends RecordBase {
  // receiver §5.5
  readonly kind: 'calibration';
  /** Counts per mg/dL; 0 while uncalibrated. */
  readonly slope: Float64;
  /** Counts; 0 while uncalibrated. */
  readonly intercept: Float64;
  readonly scale: Float64;
  /** Bytes 32 and 33: (3, 6) or (3, 7) when calibrated, (2, 5) after the first of two values. */
  readonly state: Uint8Array;
  /** Byte 34. Provisional (bit 0 clear) means written with the meter entry, before it was computed (inferred). */
  readonly finality: { readonly raw: number; readonly provisional: boolean };
  readonly decay: Float64;
  readonly subrecords: CalibrationPoints;
  /** Revision 3 and above; 0.3 in all captures. */
  readonly unknown231?: Float64;
  /** Revision 3 and above; 2/3 in all captures. */
  readonly unknown239?: Float64;
}

/** Reads byte 34: bit 0 decides, whatever the others are (0 and 8 are provisional). */
export function calibrationFinality(raw: number): CalibrationRecord['finality'] {
  return { raw, provisional: (raw & 1) === 0 };
}

/** A subrecord's own row. */
export const CALIBRATION_POINT: Layout<CalibrationPoint> = layout({
  enteredSystemSeconds: systemTime,
  meterMgDl: u32,
  sensorRaw: u32,
  appliedSystemSeconds: systemTime,
  rawKind: namedField(u8, RAW_VALUE_KINDS),
});

/** The count and its slots, as one field. */
function subrecords(slots: number): Field<CalibrationPoints> {
  const { size } = CALIBRATION_POINT;
  const room = slots * size;
  const bytesField = raw(1 + room);
  const points = mapped(
    bytesField,
    (bytes): CalibrationPoints => {
      const count = bytes[0]!;
      const used = Math.min(count, slots);
      const rest = bytes.slice(1 + used * size);
      return {
        count,
        points: Array.from({ length: used }, (_, i) => CALIBRATION_POINT.read(bytes, 1 + i * size)),
        ...(rest.some((byte) => byte !== 0) && { unused: rest }),
      };
    },
    (value) => encodeSubrecords(value, slots),
  );
  return { ...points, type: `u8 + ${slots} × ${size}` };
}

function encodeSubrecords({ count, points, unused }: CalibrationPoints, slots: number): Uint8Array {
  const { size } = CALIBRATION_POINT;
  const free = (slots - points.length) * size;
  if (
    points.length !== Math.min(count, slots) ||
    (unused !== undefined && unused.length !== free)
  ) {
    throw outOfRange(
      'subrecords',
      `${points.length} points of ${count}, ${unused?.length ?? free} bytes unused`,
      `as many points as counted, at most ${slots}, and ${size} bytes for each unused`,
    );
  }
  const bytes = new Uint8Array(1 + slots * size);
  u8.write(bytes, 0, count, 'number of subrecords');
  points.forEach((point, i) => {
    CALIBRATION_POINT.write(bytes, 1 + i * size, point);
  });
  if (unused !== undefined) bytes.set(unused, 1 + points.length * size);
  return bytes;
}

const HEAD = {
  ...PREFIX,
  slope: f64,
  intercept: f64,
  scale: f64,
  state: raw(2),
  finality: explained(u8, calibrationFinality),
  decay: f64,
};

const SHORT = layout({ ...HEAD, subrecords: subrecords(6) });
const LONG = layout({
  ...HEAD,
  subrecords: subrecords(11),
  unknown231: f64,
  unknown239: f64,
});

export const CALIBRATION_FORMATS: readonly RecordFormat<CalibrationRecord>[] = [
  {
    ...plain('calibration', SHORT),
    recordTypes: [5],
    revisions: { from: 0, to: 2 },
  },
  {
    ...plain('calibration', LONG),
    recordTypes: [5],
    revisions: { from: 3, to: 255 },
  } as RecordFormat<CalibrationRecord>,
];

/** Words about the fields of {@link CALIBRATION_POINT}. */
export const CALIBRATION_POINT_WORDS = {
  enteredSystemSeconds: 'when the meter value was entered, system seconds since 2009',
  meterMgDl: 'meter glucose, mg/dL',
  sensorRaw: 'sensor raw counts',
  appliedSystemSeconds: 'system time of the sensor record the counts are from',
  rawKind: 'which raw value',
} as const;

const WORDS = {
  subrecords: 'number of subrecords, and room for them',
  slope: 'slope, counts per mg/dL',
  intercept: 'intercept, counts',
  scale: 'scale',
  decay: 'decay',
  unknown231: 'unknown; 0.3 in all captures',
  unknown239: 'unknown; 2/3 in all captures',
  finality: 'bit 0: set if final, clear if provisional',
  state: 'state; (3, 6) and (3, 7) calibrated, (2, 5) after the first of two values',
} as const;

/** Facts about these layouts by their names, in their order. */
export const about = {
  'Calibration set, short': {
    doc: 'A calibration and up to six meter values it is made from.',
    evidence: 'captured',
    source: '§5.5',
    words: WORDS,
  },
  'Calibration set, long': {
    doc: 'A calibration and up to eleven meter values it is made from.',
    evidence: 'captured',
    source: '§5.5',
    words: WORDS,
  },
} as const satisfies Record<string, AboutFormat>;
