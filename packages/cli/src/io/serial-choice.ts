import { EgvkitError } from '@egvkit/protocol';
import type { Transport } from '@egvkit/protocol/receiver';
import { Receiver } from '@egvkit/receiver';
import { findReceivers, openSerial } from '@egvkit/receiver-serial';
import { type AskedReceiver, ReceiverChoiceError } from '../errors/receiver-choice-error.ts';
import type { Io } from './io.ts';

/** As patient as `openSerial` is with a port that another program has for some seconds. */
const ATTEMPTS = 8;
const DELAY_MS = 2000;

/** An open port, and the serial number that the receiver on it says. */
interface Asked {
  readonly transport: Transport;
  readonly serialNumber: string | undefined;
}

/**
 * Opens the receiver of a serial number: asks those that are found, one after the other, beginning
 * with the port on which it was the last time. Of the others nothing but the serial number is read.
 *
 * @param path The only port to look at; undefined for all on which a receiver is found.
 * @throws ReceiverChoiceError `serialNotFound`; SerialPortError if there is no receiver at all
 */
export function openBySerial(
  serial: string,
  path: string | undefined,
  io: Pick<Io, 'signal' | 'sleep' | 'writeError'>,
  attempts: number = ATTEMPTS,
): () => Promise<Transport> {
  let lastPath: string | undefined;
  return async () => {
    for (let attempt = 1; ; attempt++) {
      const asked: AskedReceiver[] = [];
      let isWorthWaiting = false;
      for (const one of await candidates(path, lastPath)) {
        // With no receiver there is no port: the driver finds the words for it.
        const result = await askAt(one, io);
        if (result instanceof EgvkitError) {
          isWorthWaiting ||= result.retryable;
          asked.push({ path: one ?? '', serialNumber: null, problem: result.message });
        } else if (result.serialNumber === serial) {
          lastPath = result.transport.path;
          return result.transport;
        } else {
          await result.transport.close();
          const { serialNumber = null } = result;
          asked.push({ path: result.transport.path, serialNumber, problem: null });
        }
      }
      const error = new ReceiverChoiceError('serialNotFound', { serial, asked });
      if (!isWorthWaiting || attempt >= attempts) throw error;
      const next = `Trying again in ${DELAY_MS / 1000} s (${attempt} of ${attempts - 1}).`;
      io.writeError(`${error.message} ${next}\n`);
      await io.sleep(DELAY_MS);
    }
  };
}

async function candidates(
  path: string | undefined,
  lastPath: string | undefined,
): Promise<readonly (string | undefined)[]> {
  if (path !== undefined) return [path];
  const { receivers } = await findReceivers();
  const paths = receivers.map((one) => one.path);
  if (paths.length === 0) return [undefined];
  const isLast = (one: string): boolean => one === lastPath;
  return [...paths.filter(isLast), ...paths.filter((one) => !isLast(one))];
}

/** Asks the receiver on a port for its serial number, and leaves the port open. */
async function askAt(
  path: string | undefined,
  { signal, sleep }: Pick<Io, 'signal' | 'sleep'>,
): Promise<Asked | EgvkitError> {
  try {
    const transport = await openSerial(path, { attempts: 1, signal, sleep });
    try {
      await using receiver = await Receiver.open(kept(transport), { signal });
      const { serialNumber } = await receiver.identify({ signal });
      return { transport, serialNumber };
    } catch (error) {
      await transport.close().catch(() => {}); // the failure that counts is the first
      throw error;
    }
  } catch (error) {
    // Where there is no port to speak of, there is nothing to choose from.
    if (error instanceof EgvkitError && path !== undefined && !signal.aborted) return error;
    throw error;
  }
}

/** The same transport, which stays open when its user closes it. */
function kept(transport: Transport): Transport {
  return {
    path: transport.path,
    read: (timeoutMs, signal) => transport.read(timeoutMs, signal),
    write: (bytes, signal) => transport.write(bytes, signal),
    close: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
}
