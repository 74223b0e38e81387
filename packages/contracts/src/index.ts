export {
  type DestinationUnderTest,
  type DestinationWorld,
  describeDestination,
} from './destination.ts';
export { peerDevice, type StoppablePeer, type TransportPair, type TransportPeer } from './peer.ts';
export { describeStoppedTransport } from './stopped-transport.ts';
export { describeTransport } from './transport.ts';
