/// <reference types="w3c-web-usb" preserve="true" />
export {
  type BulkEndpoint,
  type CdcChannel,
  findCdcChannel,
  type UsbAlternate,
  type UsbDescriptors,
} from './descriptors.ts';
export {
  grantedReceivers,
  type OpenUsbOptions,
  openUsb,
  requestReceiver,
  type UsbSource,
} from './open.ts';
