/** The virtual cable and what the computer sees at its end: a receiver's USB identity. */
import { existsSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { USB_IDENTITY } from '@egvkit/receiver-emulator';
import { run, until } from './processes.ts';

export const GADGET = '/sys/kernel/config/usb_gadget/receiver';
/** The virtual bus's place for a cable. */
export const BUS_PORT = 'dummy_udc.0';
/** The serial port of the computer, made by the kernel's own driver. */
export const PORT = '/dev/ttyACM0';
/** The other end of the line, in the receiver. */
export const FAR_PORT = '/dev/ttyGS0';

const FUNCTION = 'functions/acm.usb0';
export const FUNCTION_LINK = {
  target: join(GADGET, FUNCTION),
  path: join(GADGET, 'configs/c.1/acm.usb0'),
};
export const FOLDERS = ['strings/0x409', FUNCTION, 'configs/c.1/strings/0x409'];

const { deviceDescriptor, strings } = USB_IDENTITY;
const number = (at: number): string =>
  `0x${(deviceDescriptor[at]! | (deviceDescriptor[at + 1]! << 8)).toString(16)}`;

/** Descriptors of the device, by files below {@link GADGET}. It has no serial number. */
export const IDENTITY: Readonly<Record<string, string>> = {
  bcdUSB: number(2),
  bDeviceClass: String(deviceDescriptor[4]),
  idVendor: number(8),
  idProduct: number(10),
  'strings/0x409/manufacturer': strings[1] ?? '',
  'strings/0x409/product': strings[2] ?? '',
  'configs/c.1/MaxPower': '500',
};

const set = (path: string, value: string) => writeFile(join(GADGET, path), value);

/** Makes the device, which is not plugged in yet. */
export async function makeGadget(): Promise<void> {
  for (const folder of FOLDERS) await mkdir(join(GADGET, folder), { recursive: true });
  for (const [path, value] of Object.entries(IDENTITY)) await set(path, value);
  await symlink(FUNCTION_LINK.target, FUNCTION_LINK.path);
}

/** Plugs the cable in, and waits until the computer has a serial port. */
export async function plugIn(): Promise<void> {
  await set('UDC', BUS_PORT);
  await until(() => existsSync(PORT), `${PORT} to come`);
  await run('udevadm', ['settle']);
}

/** Pulls the cable. */
export async function pull(): Promise<void> {
  await set('UDC', '\n');
}

/** Pulls the cable and plugs it in again, after which the kernel's driver has the device. */
export async function replug(): Promise<void> {
  await pull();
  await until(() => !existsSync(PORT), `${PORT} to go`);
  await plugIn();
}
