/** Tells receivers from other devices of a page by their USB ids. */
import {
  DEXCOM_VENDOR_ID,
  G7_RECEIVER_PRODUCT_ID,
  RECEIVER_PRODUCT_ID,
} from '@egvkit/protocol/receiver/wire';
import { type Access, AccessError } from './access-error.ts';

/** The USB ids of a device. */
export interface UsbIds {
  readonly vendorId: number | undefined;
  readonly productId: number | undefined;
}

/**
 * USB ids that a chooser lists: receivers, and the G7 receiver so that it can be refused in words.
 */
export const LISTED_IDS: readonly { readonly vendorId: number; readonly productId: number }[] = [
  RECEIVER_PRODUCT_ID,
  G7_RECEIVER_PRODUCT_ID,
].map((productId) => ({ vendorId: DEXCOM_VENDOR_ID, productId }));

export function isReceiver({ vendorId, productId }: UsbIds): boolean {
  return vendorId === DEXCOM_VENDOR_ID && productId === RECEIVER_PRODUCT_ID;
}

const hex = (id: number): string => id.toString(16).toUpperCase().padStart(4, '0');

/** A device's name in messages: `USB device 22A3:0047`. */
export function pathOf({ device }: Access, { vendorId, productId }: UsbIds): string {
  if (vendorId === undefined || productId === undefined) return device;
  return `${device} ${hex(vendorId)}:${hex(productId)}`;
}

/** @throws AccessError `unsupportedReceiver` for a G7 receiver */
export function assertSupported(access: Access, ids: UsbIds): void {
  if (ids.productId === G7_RECEIVER_PRODUCT_ID && ids.vendorId === DEXCOM_VENDOR_ID) {
    throw new AccessError('unsupportedReceiver', { ...access, path: pathOf(access, ids) });
  }
}
