import type { EgvkitError } from '@egvkit/protocol';

/** Exit codes: what each tells a script, and a service that may start the program again. */
export const EXIT_CODES = {
  ok: { code: 0, meaning: 'done', startAgain: true },
  failed: {
    code: 1,
    meaning: 'egvkit itself failed, or its output cannot be written',
    startAgain: true,
  },
  usage: { code: 2, meaning: 'the command line is wrong, or the answer was no', startAgain: false },
  nothingThere: {
    code: 3,
    meaning: 'nothing to work with: no receiver, port or readings',
    startAgain: true,
  },
  tryLater: {
    code: 4,
    meaning: 'try again later: network, service, or something is busy',
    startAgain: true,
  },
  needsPerson: {
    code: 5,
    meaning: 'a person has to act: login refused, account locked, permission',
    startAgain: false,
  },
  damaged: {
    code: 6,
    meaning: 'data is damaged, or was not found again as it was sent',
    startAgain: true,
  },
  interrupted: { code: 130, meaning: 'interrupted: Ctrl-C', startAgain: true },
} as const;

export type Exit = keyof typeof EXIT_CODES;
export type ExitCode = (typeof EXIT_CODES)[Exit]['code'];

/** Exit codes by name. */
export const EXIT = Object.fromEntries(
  Object.entries(EXIT_CODES).map(([name, { code }]) => [name, code]),
) as { readonly [Name in Exit]: (typeof EXIT_CODES)[Name]['code'] };

/** Errors whose exit code does not follow from `retryable`. */
const EXCEPTIONS: Readonly<Record<string, Exit>> = {
  outOfRange: 'usage',
  badOrigin: 'usage',
  insecureOrigin: 'usage',
  linkTaken: 'usage',
  noReceiver: 'nothingThere',
  severalReceivers: 'nothingThere',
  serialNotFound: 'nothingThere',
  unsupportedReceiver: 'nothingThere',
  portNotFound: 'nothingThere',
  portsNotListed: 'nothingThere',
  ptyUnavailable: 'nothingThere',
  noReadings: 'nothingThere',
  noStatus: 'nothingThere',
  statusUnknown: 'nothingThere',
  notInstalled: 'nothingThere',
  unplugged: 'nothingThere',
  notASerialPort: 'nothingThere',
  hostClockWrong: 'needsPerson',
  corrupt: 'damaged',
  contradictory: 'damaged',
  badPage: 'damaged',
  badPageRange: 'damaged',
  notConfirmed: 'damaged',
  invitationUncertain: 'damaged',
  tooShort: 'damaged',
  unknownLayout: 'damaged',
  tooManyRecords: 'damaged',
  closed: 'failed',
  busy: 'failed',
  unknownCommand: 'failed',
  neverSent: 'failed',
  writeNotAllowed: 'failed',
};

/** The errors that {@link exitOf} does not go by `retryable` for; a test holds each to exist. */
export const EXIT_EXCEPTIONS: readonly string[] = Object.keys(EXCEPTIONS);

/** The exit code of an error. By default the row's `retryable` decides: 4 if true, 5 if false. */
export function exitOf({ code, retryable }: Pick<EgvkitError, 'code' | 'retryable'>): Exit {
  return EXCEPTIONS[code] ?? (retryable ? 'tryLater' : 'needsPerson');
}

/** Exit codes as help has them, a line each. */
export function describeExitCodes(): string {
  return Object.values(EXIT_CODES)
    .map(({ code, meaning }) => `  ${String(code).padEnd(5)}${meaning}`)
    .join('\n');
}
