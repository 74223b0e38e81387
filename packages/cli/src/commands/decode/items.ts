import type { PageHeader, RawRecord, ReceiverRecord } from '@egvkit/protocol/receiver';

/**
 * A packet, header, record or damaged range found in bytes. Offsets count from the first input
 * byte.
 */
export type DecodedItem = PacketItem | HeaderItem | RecordItem | DamageItem;

/** A packet whose CRC is right. Requests and replies have the same form, so both readings are given. */
export interface PacketItem {
  readonly kind: 'packet';
  readonly offset: number;
  readonly length: number;
  readonly code: number;
  /** The command, if it is a request; null for a code that is none. */
  readonly command: string | null;
  /** The response, if it is a reply; null for a code that is none. */
  readonly response: string | null;
  readonly payload: Uint8Array;
}

/** The header of a page, its CRC right. */
export interface HeaderItem extends PageHeader {
  readonly kind: 'pageHeader';
  readonly offset: number;
}

/** A record, its CRC right. */
export type RecordItem = (ReceiverRecord | RawRecord) & { readonly offset: number };

/** Bytes that are not what they should be. */
export interface DamageItem {
  readonly kind: 'damage';
  /** Offset of the first damaged byte. */
  readonly offset: number;
  /** Number of damaged bytes. */
  readonly length: number;
  readonly reason: string;
}

/** Finds items in bytes that come in pieces, cut anywhere. */
export interface ItemDecoder {
  push(bytes: Uint8Array): Iterable<DecodedItem>;
  /** The end of the bytes. */
  end(): Iterable<DecodedItem>;
}
