/**
 * Every error of egvkit: what it carries, what it says, what to do about it, and whether trying
 * again can help. One row each; the classes below are derived from the rows.
 *
 * No row may put a password, session id or account id into its data or its message.
 */
export interface ErrorRow<Data> {
  /** One sentence for a person. */
  readonly message: (data: Data) => string;
  /** What to do about it; a sentence or two. */
  readonly help: string | ((data: Data) => string);
  /** Whether the same call can succeed later without anything being changed. */
  readonly retryable: boolean;
}

function row<Data>(definition: ErrorRow<Data>): ErrorRow<Data> {
  return definition;
}

const REPLUG = 'Unplug the receiver, plug it in again and retry.';

/** What the caller of a function did wrong. */
export const INPUT_ERRORS = {
  outOfRange: row<{ what: string; value: unknown; allowed: string }>({
    message: ({ what, value, allowed }) => `${what} is ${String(value)}; it must be ${allowed}.`,
    help: 'Correct the value that is passed in.',
    retryable: false,
  }),
  tooShort: row<{ what: string; length: number; needed: number }>({
    message: ({ what, length, needed }) =>
      `${what} needs ${needed} bytes, and ${length} are there.`,
    help: 'Pass the whole structure.',
    retryable: false,
  }),
  unknownLayout: row<{ recordType: number; revision: number }>({
    message: ({ recordType, revision }) =>
      `No layout is known for records of type ${recordType}, revision ${revision}.`,
    help: 'Use the bytes as they are; layouts are not guessed.',
    retryable: false,
  }),
  tooManyRecords: row<{ recordType: number; count: number; fit: number }>({
    message: ({ recordType, count, fit }) =>
      `A page of record type ${recordType} holds ${fit} records; ${count} were given.`,
    help: 'Spread the records over more pages.',
    retryable: false,
  }),
} as const;

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
  stopped: row<{ failures: number }>({
    message: ({ failures }) =>
      `Stopped after ${failures} failures in a row, to leave the receiver in peace.`,
    help: REPLUG,
    retryable: false,
  }),
} as const;

type Rows = Readonly<Record<string, ErrorRow<never>>>;
type DataOf<Table extends Rows, Code extends keyof Table> = Parameters<Table[Code]['message']>[0];

/** What all errors of egvkit have in common. */
export abstract class EgvkitError extends Error {
  /** Which error it is; stable, for programs. */
  abstract readonly code: string;
  /** The facts of this occurrence. */
  abstract readonly data: object;
  /** What to do about it. */
  readonly help: string;
  /** Whether the same call can succeed later without anything being changed. */
  readonly retryable: boolean;

  protected constructor(definition: ErrorRow<never>, data: object, options?: { cause?: unknown }) {
    const known = definition as ErrorRow<object>;
    super(known.message(data), options);
    this.help = typeof known.help === 'string' ? known.help : known.help(data);
    this.retryable = known.retryable;
  }
}

export type InputErrorCode = keyof typeof INPUT_ERRORS;

/** A value that a caller passed in is not usable. */
export class InputError<Code extends InputErrorCode = InputErrorCode> extends EgvkitError {
  override readonly name = 'InputError';
  override readonly code: Code;
  override readonly data: DataOf<typeof INPUT_ERRORS, Code>;

  constructor(code: Code, data: DataOf<typeof INPUT_ERRORS, Code>, options?: { cause?: unknown }) {
    super(INPUT_ERRORS[code], data, options);
    this.code = code;
    this.data = data;
  }
}

export type ReceiverErrorCode = keyof typeof RECEIVER_ERRORS;

/** Something between this program and a receiver failed. */
export class ReceiverError<Code extends ReceiverErrorCode = ReceiverErrorCode> extends EgvkitError {
  override readonly name = 'ReceiverError';
  override readonly code: Code;
  override readonly data: DataOf<typeof RECEIVER_ERRORS, Code>;

  constructor(
    code: Code,
    data: DataOf<typeof RECEIVER_ERRORS, Code>,
    options?: { cause?: unknown },
  ) {
    super(RECEIVER_ERRORS[code], data, options);
    this.code = code;
    this.data = data;
  }
}

const CREDENTIALS_HELP =
  'Four things cause this, and the service does not say which: the wrong region, a mistyped name ' +
  "or password, a follower's account instead of the wearer's, or an account that no longer exists. " +
  'Change what is wrong before trying again; the same sign-in is not sent twice, because repeated ' +
  'refusals lock the account.';

/**
 * What can go wrong between this program and a Share service. `outcomeUnknown` in the data says
 * that the request may have taken effect although no answer came (spec/share §7.7).
 */
export const SHARE_ERRORS = {
  badOrigin: row<{ reason: string }>({
    message: ({ reason }) => `The address of the Share service cannot be used: ${reason}.`,
    help: 'Give it as https://host or https://host:port, with nothing after it.',
    retryable: false,
  }),
  insecureOrigin: row<{ host: string }>({
    message: ({ host }) => `The password would go to ${host} unencrypted, so nothing was sent.`,
    help: 'Use https; http is accepted only for a service on this computer.',
    retryable: false,
  }),
  unreachable: row<{ host: string; endpoint: string; reason: string }>({
    message: ({ host, reason }) => `The Share service at ${host} cannot be reached: ${reason}.`,
    help: 'Check the network connection and the address, then try again later.',
    retryable: true,
  }),
  timeout: row<{ host: string; endpoint: string; afterMs: number; outcomeUnknown: boolean }>({
    message: ({ host, endpoint, afterMs, outcomeUnknown }) =>
      `The Share service at ${host} did not answer ${endpoint} within ${afterMs} ms` +
      `${outcomeUnknown ? ', and may have carried it out' : ''}.`,
    help: 'Try again later.',
    retryable: true,
  }),
  connectionLost: row<{
    host: string;
    endpoint: string;
    reason: string;
    outcomeUnknown: boolean;
  }>({
    message: ({ host, endpoint, reason, outcomeUnknown }) =>
      `The connection to the Share service at ${host} broke during ${endpoint} (${reason})` +
      `${outcomeUnknown ? ', which may have been carried out' : ''}.`,
    help: 'Try again later.',
    retryable: true,
  }),
  badReply: row<{
    endpoint: string;
    status: number;
    problem: string;
    excerpt: string;
    outcomeUnknown: boolean;
  }>({
    message: ({ endpoint, problem }) =>
      `The Share service's answer to ${endpoint} cannot be understood: ${problem}.`,
    help:
      'If it stays, the service has changed or something between here and there answers in its ' +
      'place; report it with the excerpt, from which ids and names have been removed.',
    retryable: true,
  }),
  unavailable: row<{
    host: string;
    endpoint: string;
    status: number;
    excerpt: string;
    outcomeUnknown: boolean;
  }>({
    message: ({ host, endpoint, status }) =>
      `The Share service at ${host} is not working: it answered ${endpoint} with HTTP ${status}.`,
    help: 'Try again later.',
    retryable: true,
  }),
  tooManyRequests: row<{ host: string; endpoint: string; retryAfterMs: number }>({
    message: ({ host, retryAfterMs }) =>
      `The Share service at ${host} asks for fewer requests; wait ${Math.ceil(retryAfterMs / 1000)} s.`,
    help: 'Try again after that time.',
    retryable: true,
  }),
  badRequest: row<{ host: string; endpoint: string; status: number; excerpt: string }>({
    message: ({ host, endpoint, status }) =>
      `The Share service at ${host} rejected ${endpoint} with HTTP ${status}.`,
    help: 'Repeating it does not help. Check the address; HTTP 403 can be a firewall on the way.',
    retryable: false,
  }),
  credentialsRefused: row<{ host: string; faultCode: string }>({
    message: ({ host }) => `The Share service at ${host} refused this account name and password.`,
    help: CREDENTIALS_HELP,
    retryable: false,
  }),
  credentialsRefusedBefore: row<{ host: string }>({
    message: ({ host }) =>
      `The Share service at ${host} has refused this account name and password before, so they were not sent again.`,
    help: CREDENTIALS_HELP,
    retryable: false,
  }),
  loginBlocked: row<{ host: string; untilMs: number }>({
    message: ({ host, untilMs }) =>
      `The Share service at ${host} has locked this account after too many refused sign-ins; no sign-in is sent before ${new Date(untilMs).toISOString()}.`,
    help: 'Wait until then; every further attempt could prolong the lock. Check name and password meanwhile.',
    retryable: false,
  }),
  sessionRejected: row<{ host: string; endpoint: string; faultCode: string }>({
    message: ({ host, endpoint }) =>
      `The Share service at ${host} did not accept the session for ${endpoint}, though it was just made.`,
    help: 'Try again later. It may be that another program signs in to the same account all the time.',
    retryable: true,
  }),
  receiverNotAssigned: row<{ status: string }>({
    message: ({ status }) =>
      `The Share account does not take readings from this receiver (the service says ${status}).`,
    help:
      'Assign the receiver to the account. That replaces the one it has now: the phone or receiver ' +
      'that publishes to this account will then be refused.',
    retryable: false,
  }),
  monitoringInactive: row<{ endpoint: string }>({
    message: () => 'The Share account is not sharing at the moment, so it takes no readings.',
    help: 'Start a remote monitoring session, then repeat the upload.',
    retryable: true,
  }),
  refused: row<{ endpoint: string; faultCode: string; faultMessage: string; advice: string }>({
    message: ({ endpoint, faultCode }) => `The Share service refused ${endpoint}: ${faultCode}.`,
    help: ({ advice }) => advice,
    retryable: false,
  }),
  serviceFault: row<{ endpoint: string; faultCode: string; faultMessage: string; advice: string }>({
    message: ({ endpoint, faultCode }) => `The Share service failed at ${endpoint}: ${faultCode}.`,
    help: ({ advice }) => advice,
    retryable: true,
  }),
} as const;

export type ShareErrorCode = keyof typeof SHARE_ERRORS;

/** Something between this program and a Share service failed. Carries no secret anywhere. */
export class ShareError<Code extends ShareErrorCode = ShareErrorCode> extends EgvkitError {
  override readonly name = 'ShareError';
  override readonly code: Code;
  override readonly data: DataOf<typeof SHARE_ERRORS, Code>;
  /** The request may have taken effect: find out before repeating it (spec/share §7.7). */
  readonly outcomeUnknown: boolean;

  constructor(code: Code, data: DataOf<typeof SHARE_ERRORS, Code>, options?: { cause?: unknown }) {
    super(SHARE_ERRORS[code], data, options);
    this.code = code;
    this.data = data;
    this.outcomeUnknown = 'outcomeUnknown' in data && data.outcomeUnknown === true;
  }
}

/** What can go wrong in an upload besides the receiver and the service. */
export const UPLOAD_ERRORS = {
  noSerialNumber: row<Record<never, never>>({
    message: () => 'The receiver does not tell its serial number, and Share needs it.',
    help: REPLUG,
    retryable: true,
  }),
  noReadings: row<{ hours: number; records: number }>({
    message: ({ hours, records }) =>
      records === 0
        ? `The receiver has no readings of the last ${hours} hours.`
        : `The receiver has no readings of the last ${hours} hours: none of its ${records} records is a glucose value that may be uploaded.`,
    help: 'Check that a sensor session is running, and that it is the receiver you use.',
    retryable: true,
  }),
  journalUnusable: row<{ path: string; reason: string }>({
    message: ({ path, reason }) => `The journal ${path} cannot be used: ${reason}.`,
    help: 'Nothing is uploaded without it. Make room, correct its permissions, or name another file.',
    retryable: false,
  }),
  journalForeign: row<{ path: string; what: string }>({
    message: ({ path, what }) => `The journal ${path} belongs to another ${what}.`,
    help: 'Use one journal for each receiver and account.',
    retryable: false,
  }),
  journalLocked: row<{ path: string; processId: number }>({
    message: ({ path, processId }) =>
      `The journal ${path} is in use by another upload (process ${processId}).`,
    help: 'Wait until that upload has ended.',
    retryable: true,
  }),
} as const;

export type UploadErrorCode = keyof typeof UPLOAD_ERRORS;

/** An upload cannot be done, or not be done safely. */
export class UploadError<Code extends UploadErrorCode = UploadErrorCode> extends EgvkitError {
  override readonly name = 'UploadError';
  override readonly code: Code;
  override readonly data: DataOf<typeof UPLOAD_ERRORS, Code>;

  constructor(code: Code, data: DataOf<typeof UPLOAD_ERRORS, Code>, options?: { cause?: unknown }) {
    super(UPLOAD_ERRORS[code], data, options);
    this.code = code;
    this.data = data;
  }
}
