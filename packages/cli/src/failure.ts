import { inspect } from 'node:util';
import { EgvkitError, InputError } from '@egvkit/protocol';
import { REGIONS } from '@egvkit/protocol/share';
import { Interrupted } from './interrupted.ts';
import type { Io } from './io.ts';
import { jsonLine } from './jsonLine.ts';
import { printable } from './printable.ts';
import { UsageError } from './usage.ts';

/** How a command ends, for the shell. */
export const EXIT = { ok: 0, failed: 1, usage: 2, interrupted: 130 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What a failure is for programs. */
export interface FailureJson {
  readonly code: string;
  /** One sentence. */
  readonly message: string;
  /** Whether the same command can succeed later; undefined if that is unknown. */
  readonly retryable?: boolean | undefined;
  /** Whether something may have been changed although it failed. */
  readonly outcomeUnknown?: boolean | undefined;
  readonly data?: object | undefined;
}

/** What a failure is, in the terms of a person and of a program. */
export interface Failure {
  readonly exitCode: ExitCode;
  readonly error: FailureJson;
  /** What the service said, a line each. */
  readonly quotes?: readonly string[];
  /** What to do about it, if anything is known; a line each. */
  readonly help: readonly string[];
}

/** What the library cannot know: how the command line does what helps. */
const COMMANDS_THAT_HELP: Readonly<Record<string, Advice>> = {
  credentialsRefused: signInAnotherWay,
  credentialsRefusedBefore: () =>
    'If it is right now, because the account has been repaired at Dexcom, ' +
    '"egvkit share login --again" sends it once more.',
  receiverNotAssigned: (_data, command) =>
    command === 'share'
      ? 'On the command line: egvkit share receiver assign SERIAL.'
      : 'On the command line: --assign-receiver --yes, or egvkit share receiver assign SERIAL.',
  monitoringInactive: () => 'On the command line: egvkit share monitoring start SERIAL.',
  contactUncertain: () =>
    'On the command line: invite again and, if the name is taken then, under another name.',
  unusable: () =>
    'On the command line: XDG_STATE_HOME (LOCALAPPDATA on Windows) names another folder.',
  undoFailed: removeContact,
  invitationUncertain: removeContact,
};

/** One line about a failure, with what is known of it, of a command. */
type Advice = (data: KnownData, command: string | undefined) => string | undefined;

interface KnownData {
  readonly contactId?: string;
  readonly host?: string;
}

const DEXCOM_HOSTS: ReadonlySet<string> = new Set(Object.values(REGIONS).map(({ host }) => host));

/** Dexcom's own services are past it. What was refused one way is sent another way when told to. */
function signInAnotherWay({ host = '' }: KnownData, command?: string): string | undefined {
  if (command !== 'share' || DEXCOM_HOSTS.has(host)) return undefined;
  return (
    'A service that signs in as Share did until 2020 needs --sign-in oneStep; ' +
    'if this is one: egvkit share login --again --sign-in oneStep.'
  );
}

function removeContact({ contactId }: KnownData): string | undefined {
  if (contactId === undefined) return undefined;
  return `On the command line: egvkit share followers remove ${contactId}.`;
}

function describeEgvkitError(error: EgvkitError, command: string | undefined): Failure {
  const { code, message, retryable, data } = error;
  const advice = COMMANDS_THAT_HELP[code]?.(data, command);
  const { outcomeUnknown } = error as { readonly outcomeUnknown?: boolean };
  const { excerpt, faultMessage } = data as { excerpt?: string; faultMessage?: string };
  return {
    exitCode: error instanceof InputError ? EXIT.usage : EXIT.failed,
    error: { code, message, retryable, outcomeUnknown, data },
    quotes: [
      ...(excerpt ? [`Excerpt of the answer: ${excerpt}`] : []),
      ...(faultMessage ? [`The service says: ${faultMessage}`] : []),
    ],
    help: advice === undefined ? [error.help] : [error.help, advice],
  };
}

function describeFailure(
  error: unknown,
  signal: AbortSignal,
  { command, interrupted }: FailedCommand,
): Failure {
  if (error instanceof Interrupted || signal.aborted) {
    const known = error instanceof Interrupted ? error : new Interrupted();
    const { message, outcomeUnknown } = known;
    const help = known.help ?? (interrupted === undefined ? [] : [interrupted]);
    const facts = { code: 'interrupted', message, outcomeUnknown };
    return { exitCode: EXIT.interrupted, error: facts, help };
  }
  if (error instanceof UsageError) {
    const facts = { code: 'usage', message: error.message };
    return { exitCode: EXIT.usage, error: facts, help: [] };
  }
  if (error instanceof EgvkitError) return describeEgvkitError(error, command);
  // An error nobody foresaw is a defect of ours: say so, and give what is needed to report it.
  const message = `egvkit failed in a way it should not: ${error instanceof Error ? error.message : String(error)}`;
  const help = ['Run it with --verbose and report what it says.'];
  return { exitCode: EXIT.failed, error: { code: 'internal', message }, help };
}

/** What failed. */
export interface FailedCommand {
  /** The first word of the command line; undefined for another program's. */
  readonly command?: string | undefined;
  /** How to go on after an interruption, if there is anything to go on with. */
  readonly interrupted?: string | undefined;
}

export interface ReportOptions extends FailedCommand {
  readonly verbose: boolean;
  readonly json: boolean;
}

/** Says what went wrong and gives the exit code. `json` goes to standard output, prose does not. */
export function reportFailure(
  error: unknown,
  io: Io,
  { verbose, json, ...failed }: ReportOptions,
): ExitCode {
  const failure = describeFailure(error, io.signal, failed);
  const { exitCode, quotes = [], help } = failure;
  const { code, message, ...facts } = failure.error;
  if (json) {
    const advice = help.length === 0 ? undefined : help.join(' ');
    io.write(jsonLine({ ok: false, error: { code, message, help: advice, ...facts } }));
  } else {
    const lines = [`egvkit: ${message}`, ...[...quotes, ...help].map((line) => `  ${line}`)];
    for (const line of lines) io.writeError(`${printable(line)}\n`);
  }
  if (verbose) io.writeError(`${inspect(error, { depth: 6 })}\n`);
  return exitCode;
}
