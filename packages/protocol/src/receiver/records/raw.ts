import type { RecordOrigin } from './record.ts';

/** A record of a type or revision that nobody knows: its bytes, and where they come from. */
export interface RawRecord extends RecordOrigin {
  readonly kind: 'raw';
  /** Everything but the CRC, which has been checked and is written again. */
  readonly bytes: Uint8Array;
}
