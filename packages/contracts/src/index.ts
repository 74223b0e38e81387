export { peerDevice, type TransportPair, type TransportPeer } from './peer.ts';
export { describeTransport } from './transport.ts';
