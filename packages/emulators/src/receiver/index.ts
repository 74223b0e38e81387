export { type PartitionContent, ReceiverDatabase } from './database.ts';
export {
  type Delivery,
  EmulatedReceiver,
  type EmulatedReceiverOptions,
  type EmulatedReply,
  type Refusals,
} from './device.ts';
export { EMULATED_SERIAL_NUMBER, generateDatabase, type HistoryOptions } from './history.ts';
export { type MemoryTransportOptions, memoryTransport } from './memory.ts';
export { RECEIVER_PROFILES, type ReceiverProfile } from './profiles.ts';
export type { Attachable, Line, Wire } from './wire.ts';
