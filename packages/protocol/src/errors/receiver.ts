import { type DataOf, row, TableError } from './error.ts';

/** What most often helps with a receiver. */
export const REPLUG = 'Unplug the receiver, plug it in again and retry.';

/** What can go wrong between this program and a receiver. */
export const RECEIVER_ERRORS = {
  noReceiver: row<{ seen: number }>({
    message: ({ seen }) =>
      seen === 0
        ? 'No receiver is connected: this computer has no serial ports.'
        : `No receiver is connected: none of the ${seen} serial ports is a Dexcom receiver.`,
    help: 'Plug the receiver in with a data cable (charge-only cables do not work), or name its port.',
    retryable: true,
  }),
  severalReceivers: row<{ paths: readonly string[] }>({
    message: ({ paths }) => `${paths.length} receivers are connected: ${paths.join(', ')}.`,
    help: 'Name the one to use: receivers have no USB serial number to tell them apart by.',
    retryable: false,
  }),
  unsupportedReceiver: row<{ path: string; product: string }>({
    message: ({ path, product }) => `${path} is a ${product}, which egvkit cannot read.`,
    help: 'G4, G5 and G6 receivers are supported.',
    retryable: false,
  }),
  portNotFound: row<{ path: string }>({
    message: ({ path }) => `There is no port ${path}.`,
    help: 'Check the name, and that the receiver is plugged in with a data cable.',
    retryable: true,
  }),
  portDenied: row<{ path: string }>({
    message: ({ path }) => `You may not open ${path}.`,
    help:
      'On Linux, add yourself to the group that owns the port (usually "dialout": ' +
      '`sudo usermod -aG dialout $USER`, then log in again) or install the udev rule from the README.',
    retryable: false,
  }),
  portBusy: row<{ path: string }>({
    message: ({ path }) => `${path} is held by another program.`,
    help:
      'Close other software that reads receivers. Right after plugging in, ModemManager may hold ' +
      'the port for some seconds; the udev rule from the README keeps it away.',
    retryable: true,
  }),
  portFailed: row<{ path: string; reason: string }>({
    message: ({ path, reason }) => `${path} could not be used: ${reason}.`,
    help: REPLUG,
    retryable: true,
  }),
  portsNotListed: row<{ reason: string }>({
    message: ({ reason }) => `The serial ports of this computer cannot be listed: ${reason}.`,
    help: 'Name the port of the receiver instead of having it found.',
    retryable: false,
  }),
  unplugged: row<{ path: string }>({
    message: ({ path }) => `The connection to the receiver on ${path} was lost.`,
    help: 'Check the cable (the plug at the computer is the sturdier end), then start again.',
    retryable: true,
  }),
  closed: row<{ path: string }>({
    message: ({ path }) => `${path} has been closed.`,
    help: 'Open the receiver again.',
    retryable: false,
  }),
  busy: row<{ path: string }>({
    message: ({ path }) => `A read of ${path} is already waiting.`,
    help: 'Wait for the first read; a transport serves one reader.',
    retryable: false,
  }),
  timeout: row<{ command: string; afterMs: number; attempts: number }>({
    message: ({ command, afterMs, attempts }) =>
      `The receiver did not answer ${command} within ${afterMs} ms (asked ${attempts} times).`,
    help: `${REPLUG} Make sure it is a receiver and that it is switched on.`,
    retryable: true,
  }),
  corrupt: row<{ command: string; reason: string; attempts: number }>({
    message: ({ command, reason, attempts }) =>
      `The receiver's answer to ${command} was damaged: ${reason} (asked ${attempts} times).`,
    help: `Try another cable or USB port. ${REPLUG}`,
    retryable: true,
  }),
  refused: row<{ command: string; responseCode: number; responseName: string }>({
    message: ({ command, responseCode, responseName }) =>
      `The receiver refused ${command} with ${responseName} (code ${responseCode}).`,
    help: 'This receiver or its firmware does not offer that.',
    retryable: false,
  }),
  badPage: row<{ recordType: number; page: number; reason: string }>({
    message: ({ recordType, page, reason }) =>
      `Page ${page} of record type ${recordType} is unusable: ${reason}.`,
    help: 'The rest of the receiver can still be read. If it stays, the page is damaged in the receiver.',
    retryable: true,
  }),
  noSerialNumber: row<{ reason: string }>({
    message: ({ reason }) => `The receiver did not tell its serial number: ${reason}.`,
    help: REPLUG,
    retryable: true,
  }),
  notAllowed: row<{ command: string; why: string }>({
    message: ({ command, why }) => `${command} is not sent to a receiver: ${why}.`,
    help: 'egvkit sends only commands that are known to be safe.',
    retryable: false,
  }),
  notConfirmed: row<{ command: string; wanted: string; found: string }>({
    message: ({ command, wanted, found }) =>
      `The receiver accepted ${command} with ${wanted}, but tells ${found} now.`,
    help: 'Look at what the receiver shows before trying again.',
    retryable: false,
  }),
  stopped: row<{ failures: number }>({
    message: ({ failures }) =>
      `Stopped after ${failures} failures in a row, to leave the receiver in peace.`,
    help: REPLUG,
    retryable: false,
  }),
} as const;

export type ReceiverErrorCode = keyof typeof RECEIVER_ERRORS;

/** Something between this program and a receiver failed. */
export class ReceiverError<Code extends ReceiverErrorCode = ReceiverErrorCode> extends TableError<
  typeof RECEIVER_ERRORS,
  Code
> {
  override readonly name = 'ReceiverError';

  constructor(
    code: Code,
    data: DataOf<typeof RECEIVER_ERRORS, Code>,
    options?: { cause?: unknown },
  ) {
    super(RECEIVER_ERRORS, code, data, options);
  }
}
