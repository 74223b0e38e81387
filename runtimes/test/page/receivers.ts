/** The two ways from a page to a receiver, each with an emulated browser API below it. */
import type { Transport } from '@egvkit/protocol/receiver';
import { EmulatedSerial, type SerialPlugOptions } from '@egvkit/receiver-emulator/webserial';
import { EmulatedUsb, type UsbPlugOptions } from '@egvkit/receiver-emulator/webusb';
import { openSerial } from '@egvkit/receiver-webserial';
import { openUsb } from '@egvkit/receiver-webusb';

type Attachable = Parameters<EmulatedUsb['plug']>[0];

/** Locks that every request gets. The browser's own do not know the clock of a test. */
const freeLocks = {
  request: async (
    _name: string,
    _options: { readonly ifAvailable: true },
    hold: (lock: unknown) => Promise<void> | undefined,
  ) => hold({}),
};

/** An open receiver, and what the test may do to it. */
export interface Opened {
  readonly transport: Transport;
  readonly behaviour: { stopped: boolean };
}

/** One of the two. */
export interface Way {
  readonly name: string;
  readonly open: (
    device: Attachable,
    options?: { readonly settleMs?: number; readonly failTransfer?: () => string | undefined },
  ) => Promise<Opened>;
}

export const WAYS: Readonly<Record<'webusb' | 'webserial', Way>> = {
  webusb: {
    name: 'a WebUSB device',
    open: async (device, { settleMs = 100, failTransfer } = {}) => {
      const usb = new EmulatedUsb();
      const cable = usb.plug(device, (failTransfer ? { failTransfer } : {}) as UsbPlugOptions);
      const options = { usb, settleMs, locks: freeLocks };
      return { transport: await openUsb(cable.device, options), behaviour: cable.behaviour };
    },
  },
  webserial: {
    name: 'a port of Web Serial',
    open: async (device, { settleMs = 100, failTransfer } = {}) => {
      const serial = new EmulatedSerial();
      const cable = serial.plug(
        device,
        (failTransfer ? { failTransfer } : {}) as SerialPlugOptions,
      );
      const options = { serial, settleMs, locks: freeLocks };
      return { transport: await openSerial(cable.port, options), behaviour: cable.behaviour };
    },
  },
};
