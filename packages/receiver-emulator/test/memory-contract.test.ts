import { describeTransport, peerDevice } from '@egvkit/contracts';
import { memoryTransport } from '../src/memory.ts';

describeTransport('memoryTransport', async () => {
  const { device, peer } = peerDevice();
  return { transport: memoryTransport(device), peer };
});
