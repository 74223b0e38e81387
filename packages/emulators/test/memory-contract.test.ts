import { describeTransport, peerDevice } from '@egvkit/contracts';
import { memoryTransport } from '../src/receiver/memory.ts';

describeTransport('memoryTransport', async () => {
  const { device, peer } = peerDevice();
  return { transport: memoryTransport(device), peer };
});
