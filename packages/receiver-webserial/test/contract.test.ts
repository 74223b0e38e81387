import { describeStoppedTransport, describeTransport, peerDevice } from '@egvkit/contracts';
import { EmulatedSerial } from '@egvkit/receiver-emulator/webserial';
import { openSerial } from '../src/index.ts';

async function pair() {
  const { device, peer } = peerDevice();
  const serial = new EmulatedSerial();
  const { port, behaviour } = serial.plug(device);
  const transport = await openSerial(port, { serial, settleMs: 0 });
  const stop = async () => {
    behaviour.stopped = true;
  };
  return { transport, peer: { ...peer, stop } };
}

describeTransport('a port of Web Serial', pair);
describeStoppedTransport('a port of Web Serial', pair);
