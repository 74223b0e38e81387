import { layout, raw } from '../../layout.ts';
import { type AboutFormat, PREFIX, plain, type RecordBase, type RecordFormat } from './record.ts';

/** An error of the receiver itself; its content is unknown. */
export interface ReceiverErrorRecord extends RecordBase {
  // receiver §5.8
  readonly kind: 'receiverError';
  /** The 490 bytes behind the times. */
  readonly unknown: Uint8Array;
}

const LAYOUT = layout({ ...PREFIX, unknown: raw(490) });

export const RECEIVER_ERROR_FORMATS: readonly RecordFormat<ReceiverErrorRecord>[] = [
  {
    ...plain('receiverError', LAYOUT),
    recordTypes: [9],
    revisions: { from: 1, to: 1 },
  },
];

const WORDS = {
  unknown: 'unknown',
} as const;

/** Facts about these layouts by their names, in their order. */
export const about = {
  'Receiver error': {
    doc: 'An error of the receiver. The size is captured; times and CRC are assumed.',
    evidence: 'unconfirmed',
    source: '§5.8',
    words: WORDS,
  },
} as const satisfies Record<string, AboutFormat>;
