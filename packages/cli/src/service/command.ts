import { spawn } from 'node:child_process';
import { ServiceError } from '../errors/service-error.ts';
import type { Io } from '../io/io.ts';
import type { Command } from './plan.ts';

/** Longest time of a command. Some wait until the service has stopped. */
const LIMIT_MS = 60_000;
const MOST_OUTPUT = 64 * 1024;

/** End of a command. */
export interface Ended {
  /** Undefined if it did not end by itself, or could not be started. */
  readonly exitCode: number | undefined;
  /** `exit code 1`, `it is not installed`. */
  readonly outcome: string;
  /** Standard output and standard error, as they came. */
  readonly output: string;
}

/** Parts of `Io` that commands of the system need. */
export type CommandIo = Pick<Io, 'env' | 'signal' | 'sleep'>;

/** Runs a command to its end, whatever that is. Ends it at an interruption, and throws its reason. */
export async function tryCommand([program, ...args]: Command, io: CommandIo): Promise<Ended> {
  io.signal.throwIfAborted();
  return await new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: { ...io.env, LC_ALL: 'C', SYSTEMD_PAGER: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: LIMIT_MS,
      signal: io.signal,
      windowsHide: true,
    });
    let output = '';
    const keep = (chunk: Buffer): void => {
      if (output.length < MOST_OUTPUT) output += chunk.toString('utf8');
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (io.signal.aborted) return reject(io.signal.reason);
      const outcome = error.code === 'ENOENT' ? 'it is not installed' : String(error.code);
      resolve({ exitCode: undefined, outcome, output });
    });
    child.on('close', (code, signal) => {
      if (io.signal.aborted) return reject(io.signal.reason);
      const outcome = code === null ? `ended by ${signal}` : `exit code ${code}`;
      resolve({ exitCode: code ?? undefined, outcome, output: output.trim() });
    });
  });
}

/** Runs a command. @throws ServiceError `commandFailed` unless its exit code is 0 */
export async function runCommand(command: Command, io: CommandIo): Promise<string> {
  const { exitCode, outcome, output } = await tryCommand(command, io);
  if (exitCode === 0) return output;
  throw new ServiceError('commandFailed', { command: commandLine(command), outcome, output });
}

/** A command as a person would type it. */
export function commandLine(command: readonly string[]): string {
  return command
    .map((word) => (/^[\w@%+=:,./\\-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ');
}
