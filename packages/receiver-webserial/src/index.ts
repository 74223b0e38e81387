/// <reference types="w3c-web-serial" preserve="true" />
export {
  grantedReceivers,
  type OpenSerialOptions,
  openSerial,
  requestReceiver,
  type SerialSource,
} from './open.ts';
