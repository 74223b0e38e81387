export { CDC_REQUEST, LINE_SETTINGS, TRANSFER_IN_BYTES } from '@egvkit/protocol/receiver';
export {
  type CdcRequest,
  CONTROL_LINE,
  cdcRequest,
  encodeLineCoding,
  type LineCoding,
} from './cdc-acm.ts';
export {
  type BulkEndpoint,
  type CdcChannel,
  findCdcChannel,
  type UsbAlternate,
  type UsbDescriptors,
} from './descriptors.ts';
export { RECEIVER_FILTERS, type ReceiverFilter } from './receivers.ts';
