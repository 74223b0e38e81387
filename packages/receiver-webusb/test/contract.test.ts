import { describeStoppedTransport, describeTransport, peerDevice } from '@egvkit/contracts';
import { EmulatedUsb } from '@egvkit/receiver-emulator/webusb';
import { openUsb } from '../src/index.ts';

async function pair() {
  const { device, peer } = peerDevice();
  const usb = new EmulatedUsb();
  const cable = usb.plug(device);
  const transport = await openUsb(cable.device, { usb, settleMs: 0 });
  const stop = async () => {
    cable.behaviour.stopped = true;
  };
  return { transport, peer: { ...peer, stop } };
}

describeTransport('a WebUSB device', pair);
describeStoppedTransport('a WebUSB device', pair);
