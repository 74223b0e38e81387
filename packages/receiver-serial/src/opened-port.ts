/** Opening the serial port of a receiver, with the patience that a plugged-in device needs. */
import { orAborted, sleep } from '@egvkit/platform';
import { outOfRange } from '@egvkit/protocol';
import type { CancelSignal, Transport } from '@egvkit/protocol/receiver';
import { LINE_SETTINGS } from '@egvkit/protocol/receiver/wire';
import { ReceiverError } from '@egvkit/receiver/transport';
import { SerialPortError } from './errors.ts';
import { type Failure, failure } from './failures.ts';
import { findOnlyReceiver } from './found-receivers.ts';
import {
  type ListPorts,
  listPorts,
  type OpenedPort,
  type OpenPort,
  openPort,
  type Sleep,
} from './platform.ts';
import { SerialTransport } from './serial-transport.ts';

/** An attempt to open has failed, and another one follows. */
export interface SerialRetry {
  /** Number of the attempt that failed, counted from 1. */
  readonly attempt: number;
  readonly attempts: number;
  /** Time until the next attempt. */
  readonly delayMs: number;
  readonly error: ReceiverError | SerialPortError;
}

export interface OpenSerialOptions {
  /** Attempts in all; 8 by default. */
  readonly attempts?: number | undefined;
  /** Between two attempts; 2000 if not given. */
  readonly delayMs?: number | undefined;
  /** Between opening and discarding what is pending; 100 if not given. */
  readonly settleMs?: number | undefined;
  /** Without effect on a receiver; 115200 if not given. */
  readonly baudRate?: number | undefined; // receiver §1.2
  /** Called before each retry. */
  readonly onRetry?: ((retry: SerialRetry) => void) | undefined;
  /** Ends the waiting; a port that opens afterwards is closed again. */
  readonly signal?: CancelSignal | undefined;
  /** Lists the ports; serialport's own list if not given. */
  readonly list?: ListPorts | undefined;
  /** Opens a port; serialport if not given. */
  readonly open?: OpenPort | undefined;
  /** Waits; the platform's timer if not given. */
  readonly sleep?: Sleep | undefined;
}

/**
 * Opens the port of a receiver and discards what is pending on it.
 *
 * Without a path it is the one receiver that is plugged in, looked up anew for each attempt, since
 * a receiver that re-attaches may get another path. An attempt is repeated only where waiting can
 * help: a port that is busy (ModemManager tries out new ports for some seconds) or that fails in
 * use, and a receiver that was found and has gone again. A path that does not exist, a missing
 * permission, a path that is not a serial port, and none or several receivers are reported at once.
 *
 * @param path `/dev/ttyACM0`, `COM3`; any port that leads to a receiver
 * @throws SerialPortError without a path `noReceiver`, `severalReceivers`, `unsupportedReceiver`,
 *   `portsNotListed`, `udevadmMissing`; with one `portNotFound`, `notASerialPort`, `portDenied`,
 *   `portBusy`; in any case `bindingMissing`
 * @throws ReceiverError `portFailed`; InputError `outOfRange`; the signal's reason
 *
 * @example
 * ```ts
 * import { openSerial } from '@egvkit/receiver-serial';
 *
 * await using transport = await openSerial('/dev/ttyACM0', {
 *   onRetry: ({ error, delayMs }) => console.error(`${error.message} Next attempt in ${delayMs} ms.`),
 * });
 * ```
 */
export async function openSerial(
  // receiver §8
  path?: string,
  options: OpenSerialOptions = {},
): Promise<Transport> {
  const { attempts = 8, delayMs = 2000, list = listPorts, signal } = options;
  if (path?.trim() === '') {
    throw outOfRange(
      'The name of the port',
      'empty',
      'one like /dev/ttyACM0 or COM3, or left out to have the receiver found',
    );
  }
  if (!(attempts >= 1)) {
    throw outOfRange('attempts', attempts, '1 or more');
  }
  let found: string | undefined;
  for (let attempt = 1; ; attempt++) {
    if (signal?.aborted) throw signal.reason;
    let result: SerialTransport | Failure;
    try {
      found = path ?? (await orAborted(findOnlyReceiver(list), signal));
      result = await tryOpen(found, options);
    } catch (error) {
      if (!(error instanceof SerialPortError)) throw error;
      result = { error, waitingHelps: error.code === 'noReceiver' && found !== undefined };
    }
    if (result instanceof SerialTransport) return result;

    const { error, waitingHelps } = result;
    const wentAway = path === undefined && error.code === 'portNotFound';
    if (attempt >= attempts || !(waitingHelps || wentAway)) throw error;
    options.onRetry?.({ attempt, attempts, delayMs, error });
    await (options.sleep ?? sleep)(delayMs, signal);
  }
}

/** One attempt. What cannot be helped by another one is thrown: abort reasons only. */
async function tryOpen(
  path: string,
  options: OpenSerialOptions,
): Promise<SerialTransport | Failure> {
  const { baudRate = LINE_SETTINGS.baudRate, settleMs = 100, signal } = options;
  const opening = (options.open ?? openPort)({ ...LINE_SETTINGS, path, baudRate });
  let port: OpenedPort;
  try {
    port = await orAborted(opening, signal);
  } catch (error) {
    if (signal?.aborted) {
      opening.then((late) => new SerialTransport(late, path).close()).catch(() => {});
      throw signal.reason;
    }
    return failure(path, error);
  }
  const transport = new SerialTransport(port, path);
  try {
    await (options.sleep ?? sleep)(settleMs, signal);
    transport.discard();
    return transport;
  } catch (error) {
    await transport.close();
    if (!(error instanceof ReceiverError)) throw error;
    return { error, waitingHelps: true };
  }
}
