export { type Growth, type PartitionContent, ReceiverDatabase } from './database.ts';
export { EmulatedReceiver } from './device.ts';
export {
  type FaultRule,
  type SeededFaultsOptions,
  SURVIVABLE_FAULTS,
  scriptedFaults,
  seededFaults,
} from './fault-schedule.ts';
export {
  applyFault,
  FAULT_COSTS,
  type Fault,
  type FaultKind,
  type PageFaultPlace,
} from './faults.ts';
export { EMULATED_SERIAL_NUMBER } from './history/identity.ts';
export { LOSS_SIGNS, type LossSign, type LostTime } from './history/internal-clock.ts';
export type { HistoryOptions } from './history/timeline.ts';
export { generateDatabase } from './history.ts';
export { type MemoryTransportOptions, memoryTransport } from './memory.ts';
export type {
  Deliver,
  Delivery,
  DeliveryStep,
  EmulatedReceiverOptions,
  EmulatedReply,
  Refusals,
  UnknownReplies,
} from './options.ts';
export {
  type PartitionProfile,
  type ProfileName,
  RECEIVER_PROFILES,
  type ReceiverProfile,
} from './profiles.ts';
export { type Random, seededRandom } from './random.ts';
export {
  USB_IDENTITY,
  type UsbConfigurationView,
  type UsbEndpointView,
  type UsbPacketOptions,
  usbConfiguration,
  usbPackets,
} from './usb.ts';
export type { Attachable, Line, Wire } from './wire.ts';
