import { layout, raw } from '../../layout.ts';
import { type AboutFormat, PREFIX, plain, type RecordBase, type RecordFormat } from './record.ts';

/** An aberration (others say deviation) of the sensor; its content is unknown. */
export interface AberrationRecord extends RecordBase {
  // receiver §5.6
  readonly kind: 'aberration';
  /** The five bytes behind the times. */
  readonly unknown: Uint8Array;
}

const LAYOUT = layout({ ...PREFIX, unknown: raw(5) });

export const ABERRATION_FORMATS: readonly RecordFormat<AberrationRecord>[] = [
  {
    ...plain('aberration', LAYOUT),
    recordTypes: [6],
    revisions: { from: 1, to: 1 },
  },
];

const WORDS = {
  unknown: 'unknown',
} as const;

/** Facts about these layouts by their names, in their order. */
export const about = {
  Aberration: {
    doc: 'An aberration of the sensor. The size is captured; times and CRC are assumed.',
    evidence: 'unconfirmed',
    source: '§5.6',
    words: WORDS,
  },
} as const satisfies Record<string, AboutFormat>;
