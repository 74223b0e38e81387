import type { Transport } from '@egvkit/protocol/receiver';
import { openSerial } from '@egvkit/receiver-serial';
import { AUTO, type ReceiverOptions } from '../options/port.ts';
import type { Io } from './io.ts';
import { openBySerial } from './serial-choice.ts';

/**
 * Opens the port that `--port` names, the one of the receiver that `--serial` names, or the one that
 * a receiver is found on if they name none. A receiver that is named by both must be on that port.
 */
export function portOpener(
  { port, serial }: ReceiverOptions,
  io: Pick<Io, 'signal' | 'sleep' | 'writeError'>,
  { attempts }: { readonly attempts?: number } = {},
): () => Promise<Transport> {
  const path = port === AUTO ? undefined : port;
  if (serial !== undefined) return openBySerial(serial, path, io, attempts);
  return () =>
    openSerial(path, {
      ...(attempts !== undefined && { attempts }),
      signal: io.signal,
      sleep: io.sleep,
      onRetry: ({ error, attempt, attempts, delayMs }) =>
        io.writeError(
          `${error.message} Trying again in ${delayMs / 1000} s (${attempt} of ${attempts - 1}).\n`,
        ),
    });
}
