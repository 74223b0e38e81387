import {
  encodePacket,
  encodePageHeader,
  type HeaderContent,
  PACKET_OVERHEAD,
  PAGE_HEADER,
  PAGE_HEADER_SIZE,
  PAGE_SIZE,
} from '@egvkit/protocol/receiver/wire';
import type { Delivery } from './options.ts';
import { usbPackets } from './usb.ts';

/** Damage within one of the pages of a reply; the packet around it is whole. */
export interface PageFaultPlace {
  /** Page of the reply, from 0; beyond the last it begins again. */
  readonly page?: number;
}

/** Fault of a reply. Offsets beyond its end begin again. */
export type Fault =
  /** Bytes that belong to nothing come before it. */
  | { readonly kind: 'stale'; readonly bytes: Uint8Array }
  /** It comes in two transfers. */
  | { readonly kind: 'split'; readonly at: number }
  | { readonly kind: 'byteByByte' }
  /** It comes in packets of 64 bytes, or another size. */
  | { readonly kind: 'chunks'; readonly size?: number }
  /** It comes twice, in one transfer. */
  | { readonly kind: 'twice' }
  /** It does not come until the next reply, and then glued in front of that. */
  | { readonly kind: 'heldBack' }
  | { readonly kind: 'packetCrc' }
  /** One byte is another. */
  | { readonly kind: 'flip'; readonly at: number; readonly change: number }
  /** It stops in its middle. */
  | { readonly kind: 'short'; readonly length: number }
  | { readonly kind: 'late'; readonly afterMs: number }
  | { readonly kind: 'lost' }
  /** The device starts anew in its middle, and hears nothing for some time. */
  | { readonly kind: 'reset'; readonly at: number; readonly restartMs: number }
  /** The cable is pulled in its middle. */
  | { readonly kind: 'unplug'; readonly at: number }
  /** A response code in its place. */
  | { readonly kind: 'refuse'; readonly code: number }
  | ({ readonly kind: 'headerCrc' } & PageFaultPlace)
  /** A byte of the data area is another; by default the first of the first record. */
  | ({ readonly kind: 'recordCrc'; readonly at?: number } & PageFaultPlace)
  /** The header names another page; its CRC is right. */
  | ({ readonly kind: 'pageNumber'; readonly pageNumber?: number } & PageFaultPlace)
  | ({ readonly kind: 'recordType'; readonly recordType?: number } & PageFaultPlace)
  | ({ readonly kind: 'recordCount'; readonly count?: number } & PageFaultPlace)
  | ({ readonly kind: 'revision'; readonly revision?: number } & PageFaultPlace);

export type FaultKind = Fault['kind'];

/**
 * Cost of a fault for a driver that does its work: nothing, one request, one more reading of a
 * page, or the connection (or whatever was asked).
 */
export const FAULT_COSTS: Readonly<Record<FaultKind, 'nothing' | 'request' | 'page' | 'all'>> = {
  stale: 'nothing',
  split: 'nothing',
  byteByByte: 'nothing',
  chunks: 'nothing',
  twice: 'nothing',
  heldBack: 'request',
  packetCrc: 'request',
  flip: 'request',
  short: 'request',
  late: 'request',
  lost: 'request',
  reset: 'request',
  unplug: 'all',
  refuse: 'all',
  headerCrc: 'page',
  recordCrc: 'page',
  pageNumber: 'request',
  recordType: 'request',
  recordCount: 'page',
  // Nobody can tell it from a page of that revision.
  revision: 'all',
};

const PAYLOAD_AT = PACKET_OVERHEAD - 2;

/** Applies a fault to a reply; faults of pages leave other replies as they are. */
export function applyFault(fault: Fault, reply: Uint8Array): Delivery {
  const until = (at: number): Uint8Array => reply.slice(0, at % reply.length);
  switch (fault.kind) {
    case 'stale':
      return [concat(fault.bytes, reply)];
    case 'split':
      return [until(fault.at), reply.slice(fault.at % reply.length)];
    case 'byteByByte':
      return usbPackets(reply, { packetSize: 1, zeroLengthPacket: false });
    case 'chunks':
      return usbPackets(reply, { packetSize: fault.size ?? 64, zeroLengthPacket: false });
    case 'twice':
      return [concat(reply, reply)];
    case 'packetCrc':
      return [changed(reply, reply.length - 1, 0x55)];
    case 'flip':
      return [changed(reply, fault.at % reply.length, fault.change & 0xff || 1)];
    case 'short':
      return [until(fault.length)];
    case 'late':
      return [{ afterMs: fault.afterMs }, reply];
    case 'heldBack':
    case 'lost':
      return 'nothing';
    case 'reset':
      return [until(fault.at), { restartMs: fault.restartMs }];
    case 'unplug':
      return [until(fault.at), 'unplug'];
    case 'refuse':
      return [encodePacket(fault.code)];
    default:
      return [withPage(reply, fault)];
  }
}

type PageFault = Extract<Fault, PageFaultPlace & { readonly page?: number }>;

/** The reply with one of its pages damaged and its own CRC right. */
function withPage(reply: Uint8Array, fault: Fault): Uint8Array {
  const payload = reply.slice(PAYLOAD_AT, reply.length - 2);
  const pages = Math.floor(payload.length / PAGE_SIZE);
  if (pages === 0 || payload.length % PAGE_SIZE !== 0) return reply;
  const { page = 0 } = fault as PageFault;
  const at = (page % pages) * PAGE_SIZE;
  damage(payload.subarray(at, at + PAGE_SIZE), fault);
  return encodePacket(reply[PAYLOAD_AT - 1]!, payload);
}

function damage(page: Uint8Array, fault: Fault): void {
  const header = PAGE_HEADER.read(page, 0);
  const rewrite = (content: Partial<HeaderContent>): void => {
    page.set(encodePageHeader({ ...header, ...content }));
  };
  switch (fault.kind) {
    case 'headerCrc':
      page[PAGE_HEADER_SIZE - 1]! ^= 0x55;
      break;
    case 'recordCrc':
      page[PAGE_HEADER_SIZE + (fault.at ?? 0)]! ^= 0x55;
      break;
    case 'pageNumber':
      rewrite({ pageNumber: fault.pageNumber ?? header.pageNumber + 1 });
      break;
    case 'recordType':
      rewrite({ recordType: fault.recordType ?? (header.recordType + 1) & 0xff });
      break;
    case 'recordCount':
      rewrite({ recordCount: fault.count ?? 501 });
      break;
    case 'revision':
      rewrite({ revision: fault.revision ?? 0xee });
      break;
  }
}

function changed(bytes: Uint8Array, at: number, change: number): Uint8Array {
  const copy = bytes.slice();
  copy[at]! ^= change;
  return copy;
}

/** Two runs of bytes as one. */
export function concat(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
