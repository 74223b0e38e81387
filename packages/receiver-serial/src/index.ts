export { SERIAL_PORT_ERRORS, SerialPortError, type SerialPortErrorCode } from './errors.ts';
export {
  type FindReceiversOptions,
  type FoundReceiver,
  type FoundReceivers,
  findReceivers,
  type UnsupportedReceiver,
} from './found-receivers.ts';
export { type OpenSerialOptions, openSerial, type SerialRetry } from './opened-port.ts';
export type {
  ListPorts,
  OpenedPort,
  OpenPort,
  PortListing,
  PortSettings,
  Sleep,
} from './platform.ts';
