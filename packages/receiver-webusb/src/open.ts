/** Choosing and opening a receiver by WebUSB. */
import type { Transport } from '@egvkit/protocol/receiver';
import {
  AccessError,
  accessBy,
  askInTurn,
  assertSupported,
  choiceFailure,
  claimFailure,
  isReceiver,
  LISTED_IDS,
  type OpenOptions,
  offered,
  openFailure,
  openPatiently,
  type PortAccess,
  pathOf,
  ReceiverError,
} from '@egvkit/receiver/browser';
import { webUsb } from './access.ts';
import { lineRequests } from './cdc-acm.ts';
import { type CdcChannel, findCdcChannel } from './descriptors.ts';
import { UsbTransport } from './usb-transport.ts';

/** Source of USB devices. */
export interface UsbSource {
  /** `navigator.usb` if not given. In Node: `webusb` or `usb` of the package `usb`. */
  readonly usb?: USB | undefined;
}

export interface OpenUsbOptions extends OpenOptions, UsbSource {}

/** Milliseconds between a failed claim of the data interface and the second attempt. */
const CLAIM_PAUSE_MS = 100; // Our choice.

function usbOf({ usb = globalThis.navigator?.usb }: UsbSource): USB {
  return offered<USB>(usb, accessBy(webUsb));
}

/**
 * Lets the user choose a receiver. Has to be the first that a click's handler waits for.
 *
 * @throws AccessError `notOffered`, `notSecure`, `notChosen`, `clickNeeded`, `blocked`,
 *   `notListed`, `unsupportedReceiver`
 */
export async function requestReceiver(source: UsbSource = {}): Promise<USBDevice> {
  const access = accessBy(webUsb);
  const usb = usbOf(source);
  const device = await usb
    .requestDevice({ filters: LISTED_IDS.map((ids) => ({ ...ids })) })
    .catch((cause: unknown) => {
      throw choiceFailure(access, cause);
    });
  assertSupported(access, device);
  return device;
}

/**
 * The receivers that the page may use without asking. A receiver has no USB serial number, so a
 * browser forgets it when it is unplugged, and the user has to choose it again.
 *
 * @throws AccessError `notOffered`, `notSecure`, `blocked`, `notListed`
 */
export async function grantedReceivers(source: UsbSource = {}): Promise<USBDevice[]> {
  const usb = usbOf(source);
  const devices = await askInTurn(usb, () => usb.getDevices()).catch((cause: unknown) => {
    throw choiceFailure(accessBy(webUsb), cause);
  });
  return devices.filter(isReceiver);
}

/**
 * Opens a receiver and discards what is pending on it. While it is open, no other tab of the site
 * can open one. It is closed when the page goes away.
 *
 * A port that fails is tried again, up to 8 times, 2 s apart. A driver that holds the receiver does
 * not let go by itself, and is reported at once.
 *
 * @throws AccessError `notOffered`, `notSecure`, `unsupportedReceiver`, `otherTab`, `openAlready`, `held`,
 *   `denied`; ReceiverError `portFailed`, `unplugged`; InputError `outOfRange`; the signal's reason
 * @example
 * button.onclick = async () => {
 *   const device = await requestReceiver();
 *   await using receiver = await Receiver.open(await openUsb(device));
 * };
 */
export async function openUsb(device: USBDevice, options: OpenUsbOptions = {}): Promise<Transport> {
  const usb = usbOf(options);
  const opening = {
    access: accessBy(webUsb),
    passing: ['portFailed', 'unplugged'],
    open: (one: USBDevice) => tryOpen(one, usb, options),
    granted: () => grantedReceivers(options),
  };
  return openPatiently(device, opening, options);
}

async function tryOpen(
  device: USBDevice,
  usb: USB,
  { onLoss }: OpenUsbOptions,
): Promise<UsbTransport> {
  const about = accessBy(webUsb);
  const access = { ...about, path: pathOf(about, device) };
  const { path } = access;
  assertSupported(about, device);
  if (device.opened) throw new AccessError('openAlready', access);
  const channel = findCdcChannel(device);
  if (!channel) {
    throw new ReceiverError('portFailed', { path, reason: 'it has no serial channel (CDC-ACM)' });
  }
  try {
    await device.open();
  } catch (cause) {
    throw openFailure(access, cause);
  }
  try {
    await claim(device, channel, access);
    return new UsbTransport(device, channel, { path, usb, onLoss });
  } catch (error) {
    await device.close().catch(() => {});
    throw error;
  }
}

/**
 * Claims control first: only that makes browsers take the system's driver off both interfaces. The
 * data interface is claimed alone where control is refused.
 */
async function claim(device: USBDevice, channel: CdcChannel, access: PortAccess): Promise<void> {
  // browser §22
  const { configurationValue, controlInterface, dataInterface, dataAlternate } = channel;
  try {
    if (device.configuration?.configurationValue !== configurationValue) {
      await device.selectConfiguration(configurationValue);
    }
  } catch (cause) {
    throw openFailure(access, cause);
  }
  const hasControl = await device.claimInterface(controlInterface).then(
    () => true,
    () => false,
  );
  try {
    await device.claimInterface(dataInterface).catch(async () => {
      // The driver may need a moment to let go of it.
      await new Promise((resolve) => setTimeout(resolve, CLAIM_PAUSE_MS));
      await device.claimInterface(dataInterface);
    });
    if (dataAlternate !== 0) await device.selectAlternateInterface(dataInterface, dataAlternate);
  } catch (cause) {
    throw claimFailure(access, cause);
  }
  if (!hasControl) return;
  // A receiver ignores them, or stalls (spec/receiver §1.2).
  for (const [setup, data] of lineRequests(controlInterface)) {
    await device.controlTransferOut(setup, data).catch(() => {});
  }
}
