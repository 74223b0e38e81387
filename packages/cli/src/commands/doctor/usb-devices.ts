import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DEXCOM_VENDOR_ID } from '@egvkit/protocol/receiver/wire';

const SYSFS = '/sys/bus/usb/devices';

/** Devices of Dexcom that the kernel sees on USB, and whether it has a serial port of each. */
export interface UsbDevices {
  /** Devices of any maker, without hubs of the computer itself. */
  readonly count: number;
  readonly dexcom: readonly { readonly name: string; readonly hasPort: boolean }[];
}

/** Asks the kernel for USB devices; undefined where it does not tell, as in a container. */
export async function usbDevices(folder: string = SYSFS): Promise<UsbDevices | undefined> {
  const names = await readdir(folder).catch(() => undefined);
  if (names === undefined) return undefined;
  // `1-2` is a device, `1-2:1.0` an interface of it, `usb1` the computer's own hub.
  const devices = names.filter((name) => /^\d+-[\d.]+$/.test(name));
  const dexcom: UsbDevices['dexcom'][number][] = [];
  for (const name of devices) {
    const id = await readFile(join(folder, name, 'idVendor'), 'utf8').catch(() => '');
    if (Number.parseInt(id, 16) !== DEXCOM_VENDOR_ID) continue;
    dexcom.push({ name, hasPort: await hasPort(folder, name, names) });
  }
  return { count: devices.length, dexcom };
}

async function hasPort(folder: string, device: string, names: readonly string[]): Promise<boolean> {
  const interfaces = names.filter((name) => name.startsWith(`${device}:`));
  const found = await Promise.all(
    interfaces.map((name) => readdir(join(folder, name, 'tty')).catch(() => [])),
  );
  return found.flat().length > 0;
}
