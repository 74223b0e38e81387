import { inspect } from 'node:util';
import { EgvkitError } from '@egvkit/protocol';
import { Interrupted } from '../io/interrupted.ts';
import type { Io } from '../io/io.ts';
import { UsageError } from '../options/usage.ts';
import { adviceOn } from './advice.ts';
import { EXIT, type ExitCode, exitOf } from './exit-codes.ts';
import { jsonLine } from './json-line.ts';
import { printable } from './printable.ts';

/** A failure as `--json` prints it; undefined fields are printed as null. */
export interface FailureJson {
  readonly code: string;
  /** One sentence. */
  readonly message: string;
  /** True if the same command can succeed later; undefined if that is unknown. */
  readonly retryable?: boolean | undefined;
  /** True if the account or the receiver may have been changed although the command failed. */
  readonly outcomeUnknown?: boolean | undefined;
  readonly data?: object | undefined;
}

/** A failure: its exit code, its JSON, and its text for a person. */
export interface Failure {
  readonly exitCode: ExitCode;
  readonly error: FailureJson;
  /** Words of the service about the failure, a line each. */
  readonly quotes?: readonly string[];
  /** Advice, if there is any; a line each. */
  readonly help: readonly string[];
}

/** Advice after an interruption, by command. */
const INTERRUPTED_HELP: Readonly<Record<string, readonly string[]>> = {
  upload: ['What was uploaded is in the journal; run it again to go on.'],
};

function describeEgvkitError(
  error: EgvkitError,
  command: string | undefined,
  env: Io['env'],
): Failure {
  const { code, message, retryable, data } = error;
  const advice = adviceOn(error, command, env);
  const { outcomeUnknown } = error as { readonly outcomeUnknown?: boolean };
  const { excerpt, faultMessage } = data as { excerpt?: string; faultMessage?: string };
  return {
    exitCode: EXIT[exitOf(error)],
    error: { code, message, retryable, outcomeUnknown, data },
    quotes: [
      ...(excerpt ? [`Excerpt of the answer: ${excerpt}`] : []),
      ...(faultMessage ? [`The service says: ${faultMessage}`] : []),
    ],
    help: advice === undefined ? [error.help] : [error.help, advice],
  };
}

/** The failure of what was done, where closing something afterwards failed as well. */
function firstFailure(error: unknown): unknown {
  let first = error;
  while (first instanceof Error && first.name === 'SuppressedError' && 'suppressed' in first) {
    first = first.suppressed;
  }
  return first;
}

function describeFailure(
  thrown: unknown,
  { signal, env }: Io,
  command: string | undefined,
): Failure {
  const error = firstFailure(thrown);
  if (error instanceof Interrupted || signal.aborted) {
    const known = error instanceof Interrupted ? error : new Interrupted();
    const { message, outcomeUnknown } = known;
    const help = known.help ?? INTERRUPTED_HELP[command ?? ''] ?? [];
    const facts = { code: 'interrupted', message, outcomeUnknown };
    return { exitCode: EXIT.interrupted, error: facts, help };
  }
  if (error instanceof UsageError) {
    const facts = { code: 'usage', message: error.message };
    return { exitCode: EXIT.usage, error: facts, help: error.help };
  }
  if (error instanceof EgvkitError) return describeEgvkitError(error, command, env);
  // An error nobody foresaw is a defect of ours: say so, and give what is needed to report it.
  const message = `egvkit failed in a way it should not: ${error instanceof Error ? error.message : String(error)}`;
  const help = ['Run it with --verbose and report what it says.'];
  return { exitCode: EXIT.failed, error: { code: 'internal', message }, help };
}

export interface ReportOptions {
  readonly verbose: boolean;
  readonly json: boolean;
  /** The first word of the command line. */
  readonly command: string | undefined;
}

/** A failure in lines for a person: its sentence, the words of the service, and advice. */
export function failureLines(error: unknown, io: Io, command?: string): readonly string[] {
  return linesOf(describeFailure(error, io, command));
}

function linesOf({ error, quotes = [], help }: Failure): readonly string[] {
  return [error.message, ...[...quotes, ...help].map((line) => `  ${line}`)].map(printable);
}

/** Says what went wrong and gives the exit code. `json` goes to standard output, prose does not. */
export function reportFailure(
  error: unknown,
  io: Io,
  { verbose, json, command }: ReportOptions,
): ExitCode {
  const failure = describeFailure(error, io, command);
  const { exitCode, help } = failure;
  const { code, message, retryable, outcomeUnknown, data } = failure.error;
  if (json) {
    const advice = help.length === 0 ? undefined : help.join(' ');
    const error = { code, message, help: advice, retryable, outcomeUnknown, data };
    io.write(jsonLine({ ok: false, error }));
  } else {
    io.writeError(
      linesOf(failure)
        .map((line, i) => `${i === 0 ? 'egvkit: ' : ''}${line}\n`)
        .join(''),
    );
  }
  if (verbose) io.writeError(`${inspect(error, { depth: 6 })}\n`);
  return exitCode;
}
