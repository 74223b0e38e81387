/** What the failures of a serial port mean: serialport tells most of them in words only. */
import { ReceiverError } from '@egvkit/protocol';

/** A failure in egvkit's terms. */
export interface Failure {
  readonly error: ReceiverError;
  /** Whether it may pass by itself while a receiver is plugged in and starts. */
  readonly waitingHelps: boolean;
}

interface FailureRow {
  readonly code: 'portDenied' | 'portBusy' | 'portNotFound' | 'unplugged' | 'portFailed';
  /** Error codes of Node and the system. */
  readonly codes: readonly string[];
  /** What the C libraries of Linux (glibc, musl) and macOS, serialport and Windows say. */
  readonly words: RegExp;
  readonly waitingHelps: boolean;
  /** In place of the system's words. */
  readonly reason?: string;
}

/** The first row that fits counts. */
const FAILURES: readonly FailureRow[] = [
  {
    code: 'portFailed',
    codes: ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND', 'ERR_DLOPEN_FAILED'],
    words: /no native build/i,
    waitingHelps: false,
    reason: 'the package serialport is not installed for this system',
  },
  {
    code: 'portFailed',
    codes: [],
    words: /spawn udevadm/i,
    waitingHelps: false,
    reason: 'udevadm, which lists them, is not installed',
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
    code: 'portFailed',
    codes: ['ENOTTY', 'EISDIR', 'ENOTDIR'],
    words: /inappropriate ioctl|not a tty|is a directory|not a directory/i,
    waitingHelps: false,
    reason: 'it is not a serial port',
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
 * What a failure to open a port means.
 *
 * @param path the port's
 * @param cause what serialport or the system threw
 */
export function failure(path: string, cause: unknown): Failure {
  const row = FAILURES.find((candidate) => fits(candidate, cause));
  const code = row?.code ?? 'portFailed';
  const waitingHelps = row?.waitingHelps ?? true;
  // What was never open cannot have been unplugged: the port is there but does not work.
  if (code === 'portFailed' || code === 'unplugged') {
    const reason = row?.reason ?? plainWords(cause);
    return { error: new ReceiverError('portFailed', { path, reason }, { cause }), waitingHelps };
  }
  return { error: new ReceiverError(code, { path }, { cause }), waitingHelps };
}

/**
 * What a failure of a port that was open means: as a rule, that the cable was pulled. serialport
 * marks that (`disconnected`), and so do the codes of a device that is gone.
 */
export function linkFailure(path: string, cause: unknown): ReceiverError {
  const { error } = failure(path, cause);
  const gone =
    (cause as { disconnected?: boolean } | null | undefined)?.disconnected === true ||
    FAILURES.some((row) => row.code === 'unplugged' && fits(row, cause));
  return gone ? new ReceiverError('unplugged', { path }, { cause }) : error;
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
