import type { Transport } from '@egvkit/protocol/receiver';
import { openSerial } from '@egvkit/receiver-serial';
import type { Io } from './io.ts';
import { UsageError } from './usage.ts';

/** Opens the port that `--port` names, or the one that a receiver is found on with `auto`. */
export function portOpener(port: string | undefined, io: Io): () => Promise<Transport> {
  if (port === undefined) {
    throw new UsageError(
      'Name the port of the receiver with --port, or let it be found: --port auto.',
    );
  }
  return () =>
    openSerial(port === 'auto' ? undefined : port, {
      signal: io.signal,
      sleep: io.sleep,
      onRetry: ({ error, attempt, attempts, delayMs }) =>
        io.writeError(
          `${error.message} Trying again in ${delayMs / 1000} s (${attempt} of ${attempts - 1}).\n`,
        ),
    });
}
