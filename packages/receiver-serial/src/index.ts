export {
  type FindReceiversOptions,
  type FoundReceiver,
  type FoundReceivers,
  findReceivers,
  type UnsupportedReceiver,
} from './find.ts';
export { type OpenSerialOptions, openSerial, type SerialRetry } from './open.ts';
export type {
  ListPorts,
  OpenedPort,
  OpenPort,
  PortListing,
  PortSettings,
  Sleep,
} from './platform.ts';
