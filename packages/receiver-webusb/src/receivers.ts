/** Which USB devices are receivers. */
import { DEXCOM_VENDOR_ID, RECEIVER_PRODUCT_ID } from '@egvkit/protocol/receiver';

/** A `USBDeviceFilter` by ids. */
export interface ReceiverFilter {
  readonly vendorId: number;
  readonly productId: number;
}

/**
 * What to ask `navigator.usb.requestDevice` for: G4, G5 and G6 receivers, by their ids alone. The
 * device class is known of the G4 only (spec/receiver §1.1), so it is not asked for.
 */
export const RECEIVER_FILTERS: readonly ReceiverFilter[] = [
  { vendorId: DEXCOM_VENDOR_ID, productId: RECEIVER_PRODUCT_ID },
];
