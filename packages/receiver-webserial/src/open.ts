/** Choosing and opening a receiver by Web Serial. */
import type { Transport } from '@egvkit/protocol/receiver';
import { LINE_SETTINGS } from '@egvkit/protocol/receiver/wire';
import {
  accessBy,
  askInTurn,
  assertSupported,
  choiceFailure,
  isReceiver,
  LISTED_IDS,
  type OpenOptions,
  offered,
  openFailure,
  openPatiently,
  pathOf,
  ReceiverError,
  type UsbIds,
} from '@egvkit/receiver/browser';
import { webSerial } from './access.ts';
import { SerialTransport } from './serial-transport.ts';

/** Source of serial ports. */
export interface SerialSource {
  /** `navigator.serial` if not given. */
  readonly serial?: Serial | undefined;
}

export interface OpenSerialOptions extends OpenOptions, SerialSource {}

/** Bytes of buffer: enough for many replies while a page is busy. Browsers have 255 by default. */
const BUFFER_BYTES = 65_536; // browser §17

function serialOf({ serial = globalThis.navigator?.serial }: SerialSource): Serial {
  return offered<Serial>(serial, accessBy(webSerial));
}

const idsOf = (port: SerialPort): UsbIds => {
  const { usbVendorId, usbProductId } = port.getInfo();
  return { vendorId: usbVendorId, productId: usbProductId };
};

/**
 * Lets the user choose a receiver. Has to be the first that a click's handler waits for. Firefox
 * asks before its first list whether the site may have a permission installed: tell users so.
 *
 * @throws AccessError `notOffered`, `notSecure`, `notChosen`, `clickNeeded`, `blocked`,
 *   `notListed`, `unsupportedReceiver`
 */
export async function requestReceiver(source: SerialSource = {}): Promise<SerialPort> {
  const access = accessBy(webSerial);
  const filters = LISTED_IDS.map(({ vendorId, productId }) => ({
    usbVendorId: vendorId,
    usbProductId: productId,
  }));
  const port = await serialOf(source)
    .requestPort({ filters })
    .catch((cause: unknown) => {
      throw choiceFailure(access, cause);
    });
  assertSupported(access, idsOf(port));
  return port;
}

/**
 * The receivers that the page may use without asking. A receiver has no USB serial number, so
 * browsers forget it when it is unplugged, except on Windows, and the user has to choose it again.
 *
 * @throws AccessError `notOffered`, `notSecure`, `blocked`, `notListed`
 */
export async function grantedReceivers(source: SerialSource = {}): Promise<SerialPort[]> {
  const serial = serialOf(source);
  const ports = await askInTurn(serial, () => serial.getPorts()).catch((cause: unknown) => {
    throw choiceFailure(accessBy(webSerial), cause);
  });
  return ports.filter((port) => isReceiver(idsOf(port)));
}

/**
 * Opens a receiver and discards what is pending on it. While it is open, no other tab of the site
 * can open one. It is closed when the page goes away.
 *
 * A port that another program holds, or that fails, is tried again, up to 8 times, 2 s apart: while
 * a receiver is plugged in, systems and their services take it for some seconds. A receiver that
 * has come again meanwhile, as another port, is taken.
 *
 * @throws AccessError `unsupportedReceiver`, `otherTab`, `openAlready`, `held`, `denied`; ReceiverError
 *   `portFailed`, `unplugged`; InputError `outOfRange`; the signal's reason
 * @example
 * button.onclick = async () => {
 *   const port = await requestReceiver();
 *   await using receiver = await Receiver.open(await openSerial(port));
 * };
 */
export async function openSerial(
  port: SerialPort,
  options: OpenSerialOptions = {},
): Promise<Transport> {
  const opening = {
    access: accessBy(webSerial),
    passing: ['held', 'portFailed', 'unplugged'],
    open: (one: SerialPort) => tryOpen(one, options),
    granted: () => grantedReceivers(options),
  };
  return openPatiently(port, opening, options);
}

async function tryOpen(port: SerialPort, { onLoss }: OpenSerialOptions): Promise<SerialTransport> {
  const about = accessBy(webSerial);
  const ids = idsOf(port);
  const path = pathOf(about, ids);
  assertSupported(about, ids);
  if (port.connected === false) throw new ReceiverError('unplugged', { path });
  try {
    // DTR and RTS stay as the system sets them: they mean nothing to a receiver.
    await port.open({ ...LINE_SETTINGS, bufferSize: BUFFER_BYTES });
  } catch (cause) {
    throw openFailure({ ...about, path }, cause);
  }
  return new SerialTransport(port, path, onLoss);
}
