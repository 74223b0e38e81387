import { inspect } from 'node:util';
import { EgvkitError, InputError } from '@egvkit/protocol';
import type { Io } from './io.ts';
import { UsageError } from './usage.ts';

/** How a command ends, for the shell. */
export const EXIT = { ok: 0, failed: 1, usage: 2, interrupted: 130 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What a failure is, in the terms of a person and of a program. */
export interface Failure {
  readonly exitCode: ExitCode;
  readonly code: string;
  /** One sentence. */
  readonly message: string;
  /** What to do about it, if anything is known. */
  readonly help: string | undefined;
}

function describeFailure(error: unknown, signal: AbortSignal, interrupted?: string): Failure {
  if (signal.aborted) {
    const message = 'Interrupted.';
    return { exitCode: EXIT.interrupted, code: 'interrupted', message, help: interrupted };
  }
  if (error instanceof UsageError) {
    return { exitCode: EXIT.usage, code: 'usage', message: error.message, help: undefined };
  }
  if (error instanceof EgvkitError) {
    const exitCode = error instanceof InputError ? EXIT.usage : EXIT.failed;
    return { exitCode, code: error.code, message: error.message, help: error.help };
  }
  // An error nobody foresaw is a defect of ours: say so, and give what is needed to report it.
  const message = `egvkit failed in a way it should not: ${error instanceof Error ? error.message : String(error)}`;
  return {
    exitCode: EXIT.failed,
    code: 'internal',
    message,
    help: 'Run it with --verbose and report what it says.',
  };
}

export interface ReportOptions {
  readonly verbose: boolean;
  readonly json: boolean;
  /** How to go on after an interruption, if there is anything to go on with. */
  readonly interrupted?: string;
}

/** Says what went wrong and gives the exit code. `json` goes to standard output, prose does not. */
export function reportFailure(
  error: unknown,
  io: Io,
  { verbose, json, interrupted }: ReportOptions,
): ExitCode {
  const { exitCode, code, message, help } = describeFailure(error, io.signal, interrupted);
  if (json) io.write(`${JSON.stringify({ ok: false, error: { code, message, help } })}\n`);
  else io.writeError(`egvkit: ${message}${help === undefined ? '' : `\n  ${help}`}\n`);
  if (verbose) io.writeError(`${inspect(error, { depth: 6 })}\n`);
  return exitCode;
}
