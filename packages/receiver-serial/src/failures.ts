/** Turns failures of a serial port into errors, by the messages of serialport. */
import { ReceiverError } from '@egvkit/receiver/transport';
import { SerialPortError } from './errors.ts';

/** A failure in egvkit's terms. */
export interface Failure {
  readonly error: ReceiverError | SerialPortError;
  /** True if the failure may pass by itself while a receiver is plugged in and starts. */
  readonly waitingHelps: boolean;
}

interface FailureRow {
  readonly code:
    | 'bindingMissing'
    | 'udevadmMissing'
    | 'notASerialPort'
    | 'portDenied'
    | 'portBusy'
    | 'portNotFound'
    | 'unplugged'
    | 'portFailed';
  /** Error codes of Node and the system. */
  readonly codes: readonly string[];
  /** Words of the C libraries of Linux (glibc, musl) and macOS, of serialport and of Windows. */
  readonly words: RegExp;
  readonly waitingHelps: boolean;
}

/** The first row that fits counts. */
const FAILURES: readonly FailureRow[] = [
  {
    code: 'bindingMissing',
    codes: ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND', 'ERR_DLOPEN_FAILED'],
    words: /no native build/i,
    waitingHelps: false,
  },
  {
    code: 'udevadmMissing',
    codes: [],
    words: /spawn udevadm/i,
    waitingHelps: false,
  },
  {
    code: 'portDenied',
    codes: ['EACCES', 'EPERM'],
    words: /permission denied|not permitted/i,
    waitingHelps: false,
  },
  {
    // On Windows a port that another program has open denies access; there are no permissions.
    code: 'portBusy',
    codes: ['EBUSY', 'EAGAIN', 'EWOULDBLOCK'],
    words: /busy|cannot lock|temporarily unavailable|access( is)? denied/i,
    waitingHelps: true,
  },
  {
    code: 'portNotFound',
    codes: ['ENOENT'],
    words: /no such file|file not found/i,
    waitingHelps: false,
  },
  {
    code: 'notASerialPort',
    codes: ['ENOTTY', 'EISDIR', 'ENOTDIR'],
    words: /inappropriate ioctl|not a tty|is a directory|not a directory/i,
    waitingHelps: false,
  },
  {
    code: 'portFailed',
    codes: ['EINVAL', 'ERR_INVALID_ARG_TYPE'],
    words: /invalid argument|not supported|is not (a valid|defined)|must be a/i,
    waitingHelps: false,
  },
  {
    code: 'unplugged',
    codes: ['EIO', 'EBADF', 'ENXIO', 'ENODEV', 'EPIPE', 'ERR_STREAM_DESTROYED'],
    words: /input\/output error|i\/o error|bad file|no such device|not configured/i,
    waitingHelps: true,
  },
];

/**
 * Tells what a failure to open a port means.
 *
 * @param path the port's
 * @param cause error of serialport or the system
 */
export function failure(path: string, cause: unknown): Failure {
  const row = FAILURES.find((candidate) => fits(candidate, cause));
  const code = row?.code ?? 'portFailed';
  const waitingHelps = row?.waitingHelps ?? true;
  switch (code) {
    // A port that was never open cannot have been unplugged: it is there and does not work.
    case 'portFailed':
    case 'unplugged': {
      const reason = plainWords(cause);
      return { error: new ReceiverError('portFailed', { path, reason }, { cause }), waitingHelps };
    }
    case 'bindingMissing':
    case 'udevadmMissing':
      return { error: new SerialPortError(code, {}, { cause }), waitingHelps };
    default:
      return { error: new SerialPortError(code, { path }, { cause }), waitingHelps };
  }
}

/**
 * Makes the error of a port that was open and failed: `unplugged` if the cable was pulled, which
 * serialport marks (`disconnected`) and codes of a lost device tell; else `portFailed`.
 */
export function linkFailure(path: string, cause: unknown): ReceiverError {
  // Windows, after a cable was pulled: ERROR_GEN_FAILURE, which serialport has no words for.
  const gone =
    /unknown error code (31|433|1167)\b/i.test(wordsOf(cause)) ||
    (cause as { disconnected?: boolean } | null | undefined)?.disconnected === true ||
    FAILURES.some((row) => row.code === 'unplugged' && fits(row, cause));
  return gone
    ? new ReceiverError('unplugged', { path }, { cause })
    : new ReceiverError('portFailed', { path, reason: plainWords(cause) }, { cause });
}

function fits(row: FailureRow, cause: unknown): boolean {
  const code = (cause as { code?: unknown } | null | undefined)?.code;
  if (typeof code === 'string' && row.codes.includes(code)) return true;
  return row.words.test(wordsOf(cause));
}

function wordsOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

/** `Error: Input/output error, cannot open /dev/ttyACM0` says the path twice in a message. */
function plainWords(cause: unknown): string {
  return wordsOf(cause)
    .replace(/^Error:? /, '')
    .replace(/,? cannot open .*$/i, '')
    .replace(/\.$/, '');
}
