import type { RecordOrigin } from './record.ts';

/** A record of an unknown type or revision: its bytes, and their page and position. */
export interface RawRecord extends RecordOrigin {
  readonly kind: 'raw';
  /** Everything but the CRC, which has been checked and is written again. */
  readonly bytes: Uint8Array;
}
