/** Search for receivers among the computer's serial ports. */
import {
  DEXCOM_VENDOR_ID,
  G7_RECEIVER_PRODUCT_ID,
  RECEIVER_PRODUCT_ID,
} from '@egvkit/protocol/receiver/wire';
import { SerialPortError } from './errors.ts';
import { failure } from './failures.ts';
import { type ListPorts, listPorts, type PortListing } from './platform.ts';

/** A port that is a receiver egvkit reads: G4, G5 and G6 bear the same ids. */
export interface FoundReceiver {
  // receiver §1.1
  /** Path for `openSerial`: `/dev/ttyACM0`, `COM3`. */
  readonly path: string;
  /** As the system tells it: `DexCom`. */
  readonly manufacturer?: string | undefined;
  /** The system's own name of the port, from which the USB port can be told. */
  readonly pnpId?: string | undefined;
}

/** A port that is a Dexcom receiver which egvkit cannot read. */
export interface UnsupportedReceiver {
  readonly path: string;
  /** Name for people: `G7 receiver`, `Dexcom device with the unknown product id 0049`. */
  readonly product: string;
}

export interface FoundReceivers {
  readonly receivers: readonly FoundReceiver[];
  readonly unsupported: readonly UnsupportedReceiver[];
  /**
   * Ports of which the system does not tell what is on them, as in a container or in WSL. A receiver
   * may be on them; `openSerial(path)` finds out. A port that is known to be no USB is none of them.
   */
  readonly unidentified: readonly string[];
  /** Number of serial ports, with or without a receiver. */
  readonly portsSeen: number;
}

export interface FindReceiversOptions {
  /** Lists the ports; serialport's own list if not given. */
  readonly list?: ListPorts | undefined;
}

/**
 * Finds the receivers that are plugged in, by their USB ids alone: strings are not known of all
 * generations, and there is no serial number.
 *
 * @throws SerialPortError `portsNotListed`, `udevadmMissing`, `bindingMissing`
 *
 * @example
 * ```ts
 * import { findReceivers } from '@egvkit/receiver-serial';
 *
 * const { receivers, unidentified } = await findReceivers();
 * for (const { path } of receivers) console.log(path);
 * ```
 */
export async function findReceivers({
  list = listPorts,
}: FindReceiversOptions = {}): Promise<FoundReceivers> {
  const ports = withoutDoubles(await listOrExplain(list));
  const dexcom = ports.filter((port) => hexId(port.vendorId) === DEXCOM_VENDOR_ID);
  return {
    receivers: dexcom
      .filter((port) => hexId(port.productId) === RECEIVER_PRODUCT_ID)
      .map(({ path, manufacturer, pnpId }) => ({
        path,
        ...(manufacturer !== undefined && { manufacturer }),
        ...(pnpId !== undefined && { pnpId }),
      })),
    unsupported: dexcom
      .filter((port) => hexId(port.productId) !== RECEIVER_PRODUCT_ID)
      .map(({ path, productId }) => ({ path, product: productName(productId) })),
    unidentified: ports
      .filter((port) => hexId(port.vendorId) === undefined && !isElsewhereThanUsb(port))
      .map(({ path }) => path),
    portsSeen: ports.length,
  };
}

/**
 * The path of the one receiver that is plugged in.
 *
 * @throws SerialPortError `noReceiver`, `severalReceivers`, `unsupportedReceiver`, `portsNotListed`,
 *   `udevadmMissing`, `bindingMissing`
 */
export async function findOnlyReceiver(list: ListPorts): Promise<string> {
  const { receivers, unsupported, unidentified, portsSeen } = await findReceivers({ list });
  const [receiver] = receivers;
  if (receiver && receivers.length === 1) return receiver.path;
  if (receiver) {
    throw new SerialPortError('severalReceivers', { paths: receivers.map(({ path }) => path) });
  }
  const [other] = unsupported;
  if (other) throw new SerialPortError('unsupportedReceiver', other);
  throw new SerialPortError('noReceiver', { seen: portsSeen, unidentified });
}

async function listOrExplain(list: ListPorts): Promise<readonly PortListing[]> {
  try {
    return await list();
  } catch (error) {
    const { error: known } = failure('the list of ports', error);
    if (known.code === 'udevadmMissing' || known.code === 'bindingMissing') throw known;
    const reason = 'reason' in known.data ? known.data.reason : known.message.replace(/\.$/, '');
    throw new SerialPortError('portsNotListed', { reason }, { cause: error });
  }
}

/** Names a Dexcom device that is no readable receiver. */
function productName(productId: string | undefined): string {
  const id = hexId(productId);
  if (id === G7_RECEIVER_PRODUCT_ID) return 'G7 receiver';
  if (id === undefined) return 'Dexcom device without a product id';
  return `Dexcom device with the unknown product id ${id.toString(16).padStart(4, '0')}`;
}

/** Systems write ids as `22a3`, `22A3` or `0x22A3`; undefined if it is none. */
function hexId(text: string | undefined): number | undefined {
  const id = Number.parseInt(text ?? '', 16);
  return Number.isNaN(id) ? undefined : id;
}

/** Names of ports that are no USB: on Linux those of the mainboard and of Bluetooth, on macOS its own. */
const NAMES_ELSEWHERE = [
  /^\/dev\/(?:tty(?:S|AMA|MFD|O|WCH)|rfcomm)\d/,
  /^\/dev\/cu\.(?:Bluetooth|debug-console|wlan-debug)/,
];
/** Buses other than USB, as Windows begins its own name of a port. */
const BUSES_ELSEWHERE = /^(?:ACPI|PCI|MF|BTHENUM)\\/i;

/** True if the port is one that a receiver cannot be on: a receiver is on USB. */
function isElsewhereThanUsb({ path, pnpId = '' }: PortListing): boolean {
  return NAMES_ELSEWHERE.some((name) => name.test(path)) || BUSES_ELSEWHERE.test(pnpId);
}

/**
 * macOS has two names for a port and lists the one that may wait for a carrier; its twin does not.
 */
function withoutDoubles(ports: readonly PortListing[]): PortListing[] {
  // receiver §1.3
  const byPath = new Map<string, PortListing>();
  for (const port of ports) {
    const path = port.path.replace(/^\/dev\/tty\./, '/dev/cu.');
    if (!byPath.has(path)) byPath.set(path, { ...port, path });
  }
  return [...byPath.values()];
}
