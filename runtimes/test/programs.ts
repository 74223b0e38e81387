import { execFile, type SpawnOptions, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const RUN_LIMIT_MS = 45_000;
const START_LIMIT_MS = 20_000;

/** This package's folder, in which the runtimes find what it depends on. */
export const HERE = join(import.meta.dirname, '..');

/** A folder that is gone afterwards. */
export async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'egvkit-runtimes-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** Runs a program to its end, in an environment with nothing of the user's but the search path. */
export async function run(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { stdout } = await promisify(execFile)(program, args, {
    cwd: HERE,
    env: environment(env),
    timeout: RUN_LIMIT_MS,
    maxBuffer: 16 * 1024 * 1024,
  });
  return stdout;
}

/** A server that is running. */
export interface Served extends AsyncDisposable {
  /** Origin at which the server listens. */
  readonly origin: string;
  /** All that it has printed so far. */
  readonly printed: () => string;
}

/** Starts a server and waits until it has told its port. */
export async function serve(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Served> {
  // The fourth is where workerd tells its port; the others print it.
  const stdio: SpawnOptions['stdio'] = ['ignore', 'pipe', 'pipe', 'pipe'];
  const child = spawn(program, args, { cwd: HERE, env: environment(env), stdio });
  const exited = new Promise((resolve) => child.once('close', resolve));
  const tooLate = setTimeout(() => child.kill('SIGKILL'), START_LIMIT_MS);
  let printed = '';
  const port = await new Promise<string>((resolve, reject) => {
    for (const stream of child.stdio.slice(1)) {
      stream?.on('data', (chunk) => {
        printed += chunk;
        const found = /(?:127\.0\.0\.1:|"port":)(\d+)\D/.exec(printed)?.[1];
        if (found !== undefined) resolve(found);
      });
    }
    child.on('error', reject);
    child.on('close', (code) => reject(new Error(`It ended with ${code}:\n${printed}`)));
  }).finally(() => clearTimeout(tooLate));
  return {
    origin: `http://127.0.0.1:${port}`,
    printed: () => printed,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

function environment(env: Readonly<Record<string, string>>): Record<string, string> {
  const { PATH = '', SYSTEMROOT, TEMP } = process.env;
  const windows = SYSTEMROOT === undefined ? {} : { SYSTEMROOT, TEMP: TEMP ?? '' };
  return { PATH, ...windows, NO_COLOR: '1', ...env };
}
