import { peerDevice } from '@egvkit/contracts';
import {
  EmulatedSerial,
  type EmulatedSerialOptions,
  type SerialPlugOptions,
} from '@egvkit/receiver-emulator/webserial';
import { onTestFinished } from 'vitest';
import { type OpenSerialOptions, openSerial } from '../src/index.ts';

/** Locks that every request gets. */
export const freeLocks: NonNullable<OpenSerialOptions['locks']> = {
  request: async (_name, _options, hold) => hold({}),
};

/** A page with a receiver that does what the test says. */
export function page(plug: SerialPlugOptions = {}, options: EmulatedSerialOptions = {}) {
  const { device, peer } = peerDevice();
  const serial = new EmulatedSerial(options);
  const cable = serial.plug(device, { granted: true, ...plug });
  const open = async (more: OpenSerialOptions = {}) => {
    const all = { serial, settleMs: 0, attempts: 1, locks: freeLocks, ...more };
    const transport = await openSerial(cable.port, all);
    onTestFinished(() => transport.close().catch(() => {}));
    return transport;
  };
  return { serial, cable, port: cable.port, peer, open, device };
}
