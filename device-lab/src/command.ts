import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

/** A program that ended badly, with the end of what it had printed. */
class CommandFailure extends Error {
  constructor(program: string, cause: { stderr?: string; message: string }) {
    const printed = (cause.stderr ?? '').trim().split('\n').slice(-12).join('\n');
    super(`${program} failed: ${printed || cause.message}`, { cause });
  }
}

/**
 * Runs a program to its end and gives what it has printed.
 *
 * @throws Error with the end of its standard error
 */
export async function run(
  program: string,
  args: readonly string[],
  { cwd, limitMs }: { readonly cwd?: string; readonly limitMs: number },
): Promise<string> {
  const options = { timeout: limitMs, maxBuffer: 64 << 20, ...(cwd !== undefined && { cwd }) };
  try {
    return (await promisify(execFile)(program, args, options)).stdout;
  } catch (error) {
    throw new CommandFailure(program, error as Error);
  }
}

/** Finds a program on the search path, or where only root has it. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
