import { peerDevice } from '@egvkit/contracts';
import {
  EmulatedUsb,
  type EmulatedUsbOptions,
  type UsbPlugOptions,
} from '@egvkit/receiver-emulator/webusb';
import { onTestFinished } from 'vitest';
import { type OpenUsbOptions, openUsb } from '../src/index.ts';

/** Locks that every request gets. */
export const freeLocks: NonNullable<OpenUsbOptions['locks']> = {
  request: async (_name, _options, hold) => hold({}),
};

/** A page with a receiver that does what the test says. */
export function page(plug: UsbPlugOptions = {}, options: EmulatedUsbOptions = {}) {
  const { device: attachable, peer } = peerDevice();
  const usb = new EmulatedUsb(options);
  const cable = usb.plug(attachable, { granted: true, ...plug });
  const open = async (more: OpenUsbOptions = {}) => {
    const all = { usb, settleMs: 0, attempts: 1, locks: freeLocks, ...more };
    const transport = await openUsb(cable.device, all);
    onTestFinished(() => transport.close().catch(() => {}));
    return transport;
  };
  return { usb, cable, device: cable.device, peer, open, attachable };
}
