import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { configFolder } from '../io/config-path.ts';
import type { Io } from '../io/io.ts';
import { EXIT_CODES, type ExitCode } from '../output/exit-codes.ts';
import { SECRETS } from '../secrets/secrets.ts';
import { thisProgram } from './program.ts';

/** Time from an end to the next start, as the systemd unit has it. */
export const RESTART_MS = 60_000;

/**
 * Runs `egvkit upload --watch` and starts it again by its exit code, for managers of services that
 * cannot tell one exit code from another. Ends when the signal does, or when only a person can help;
 * it is done then, so that no manager starts it again.
 */
export async function supervise(io: Io, args: readonly string[] = UPLOAD): Promise<ExitCode> {
  for (;;) {
    const exitCode = await runOnce(args, io);
    if (io.signal.aborted) return EXIT_CODES.ok.code;
    const row = Object.values(EXIT_CODES).find(({ code }) => code === exitCode);
    // Code 0 is an end that was asked for.
    if (exitCode === EXIT_CODES.ok.code || row?.startAgain === false) return EXIT_CODES.ok.code;
    io.writeError(`Starting again in ${RESTART_MS / 1000} s.\n`);
    await io.sleep(RESTART_MS);
  }
}

const UPLOAD = ['upload', '--watch'];

/** Exit code of one run; undefined if a signal ended it. */
async function runOnce(args: readonly string[], io: Io): Promise<number | undefined> {
  const { node, egvkit } = thisProgram();
  const child = spawn(node, [egvkit, ...args], {
    env: { ...withCredentials(io.env) },
    stdio: ['ignore', 'inherit', 'inherit'],
    windowsHide: true,
  });
  const stop = (): void => void child.kill('SIGTERM');
  io.signal.addEventListener('abort', stop);
  if (io.signal.aborted) stop();
  try {
    return await new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', (code) => resolve(code ?? undefined));
    });
  } finally {
    io.signal.removeEventListener('abort', stop);
  }
}

/** Names the folder of passwords as systemd does. */
function withCredentials(env: Io['env']): Io['env'] {
  const folder = configFolder(env);
  const has = Object.values(SECRETS).some(({ credential }) => existsSync(join(folder, credential)));
  return env.CREDENTIALS_DIRECTORY || !has ? env : { ...env, CREDENTIALS_DIRECTORY: folder };
}
