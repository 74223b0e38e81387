/** Which of the computer's serial ports are receivers. */
import { ReceiverError } from '@egvkit/protocol';
import {
  DEXCOM_VENDOR_ID,
  G7_RECEIVER_PRODUCT_ID,
  RECEIVER_PRODUCT_ID,
} from '@egvkit/protocol/receiver';
import { failure } from './failures.ts';
import { type ListPorts, listPorts, type PortListing } from './platform.ts';

/** A port that is a receiver egvkit reads: G4, G5 and G6 bear the same ids (spec/receiver §1.1). */
export interface FoundReceiver {
  /** What to give to `openSerial`: `/dev/ttyACM0`, `COM3`. */
  readonly path: string;
  /** As the system tells it: `DexCom`. */
  readonly manufacturer?: string;
  /** The system's own name of the port, from which the USB port can be told. */
  readonly pnpId?: string;
}

/** A port that is a Dexcom receiver which egvkit cannot read. */
export interface UnsupportedReceiver {
  readonly path: string;
  /** Which one, for people: `G7 receiver`. */
  readonly product: string;
}

export interface FoundReceivers {
  readonly receivers: readonly FoundReceiver[];
  readonly unsupported: readonly UnsupportedReceiver[];
  /** How many serial ports there are, whatever is on them. */
  readonly portsSeen: number;
}

export interface FindReceiversOptions {
  /** Lists the ports; serialport's own list if not given. */
  readonly list?: ListPorts;
}

/**
 * Finds the receivers that are plugged in, by their USB ids alone: strings are not known of all
 * generations, and there is no serial number.
 *
 * @throws ReceiverError `portsNotListed`
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
      .filter((port) => hexId(port.productId) === G7_RECEIVER_PRODUCT_ID)
      .map(({ path }) => ({ path, product: 'G7 receiver' })),
    portsSeen: ports.length,
  };
}

/**
 * The path of the one receiver that is plugged in.
 *
 * @throws ReceiverError `noReceiver`, `severalReceivers`, `unsupportedReceiver`, `portsNotListed`
 */
export async function findOnlyReceiver(list: ListPorts): Promise<string> {
  const { receivers, unsupported, portsSeen } = await findReceivers({ list });
  const [receiver] = receivers;
  if (receiver && receivers.length === 1) return receiver.path;
  if (receiver) {
    throw new ReceiverError('severalReceivers', { paths: receivers.map(({ path }) => path) });
  }
  const [other] = unsupported;
  if (other) throw new ReceiverError('unsupportedReceiver', other);
  throw new ReceiverError('noReceiver', { seen: portsSeen });
}

async function listOrExplain(list: ListPorts): Promise<readonly PortListing[]> {
  try {
    return await list();
  } catch (error) {
    const { error: known } = failure('the list of ports', error);
    const reason = 'reason' in known.data ? known.data.reason : known.message.replace(/\.$/, '');
    throw new ReceiverError('portsNotListed', { reason }, { cause: error });
  }
}

/** Systems write ids as `22a3`, `22A3` or `0x22A3`. */
function hexId(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number.parseInt(text, 16);
}

/**
 * macOS has two names for a port and lists the one that may wait for a carrier; its twin does not
 * (spec/receiver §1.3).
 */
function withoutDoubles(ports: readonly PortListing[]): PortListing[] {
  const byPath = new Map<string, PortListing>();
  for (const port of ports) {
    const path = port.path.replace(/^\/dev\/tty\./, '/dev/cu.');
    if (!byPath.has(path)) byPath.set(path, { ...port, path });
  }
  return [...byPath.values()];
}
