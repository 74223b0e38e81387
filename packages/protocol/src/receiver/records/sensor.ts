import { i8, layout, u8, u32 } from '../../layout.ts';
import { type AboutFormat, PREFIX, plain, type RecordBase, type RecordFormat } from './record.ts';

/** Measurement of the sensor, before it becomes glucose. */
export interface SensorRecord extends RecordBase {
  readonly kind: 'sensor';
  /** Raw counts. */
  readonly unfiltered: number;
  /** Raw counts. */
  readonly filtered: number;
  /** Strength of the signal, like dBm; −38 … −96 were seen. */
  readonly rssi: number;
  /** Byte 17: 0 mostly, 1 … 3 with weak signals; possibly the radio channel. */
  readonly unknown17: number;
}

const LAYOUT = layout({
  ...PREFIX,
  unfiltered: u32,
  filtered: u32,
  rssi: i8,
  unknown17: u8,
});

export const SENSOR_FORMATS: readonly RecordFormat<SensorRecord>[] = [
  {
    ...plain('sensor', LAYOUT),
    recordTypes: [3],
    revisions: { from: 1, to: 1 },
  },
];

const WORDS = {
  unfiltered: 'unfiltered raw counts',
  filtered: 'filtered raw counts',
  rssi: 'signal strength, like dBm',
  unknown17: 'unknown; 0 mostly, 1 to 3 seen',
} as const;

/** Facts about these layouts by their names, in their order. */
export const about = {
  Sensor: {
    doc: 'Raw sensor counts, one record every five minutes.',
    evidence: 'captured',
    source: '§5.2',
    words: WORDS,
  },
} as const satisfies Record<string, AboutFormat>;
