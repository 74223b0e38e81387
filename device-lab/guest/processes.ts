import {
  type ChildProcess,
  type ExecFileException,
  execFile,
  type StdioOptions,
  spawn,
} from 'node:child_process';
import { readFile } from 'node:fs/promises';

/** Everything takes long under software emulation, and longer on a busy computer. */
export const LIMIT_MS = 8 * 60_000;

export const sleep = (ms: number): Promise<void> => new Promise((wake) => setTimeout(wake, ms));

/** Waits for something that has no event. */
export async function until(isThere: () => boolean, what: string): Promise<void> {
  const end = performance.now() + LIMIT_MS;
  while (!isThere()) {
    if (performance.now() > end) throw new Error(`Waited ${LIMIT_MS / 1000} s for ${what}.`);
    await sleep(50);
  }
}

/** Outcome of a program. */
export interface Ended {
  readonly code: number | string | null | undefined;
  readonly out: string;
  readonly err: string;
}

interface Identity {
  readonly uid: number;
  readonly gid: number;
}

/** Runs a program to its end, whatever that is. */
function finish(program: string, args: readonly string[], options: object = {}): Promise<Ended> {
  const all = { timeout: LIMIT_MS, maxBuffer: 256 << 20, encoding: 'utf8', ...options } as const;
  return new Promise((resolve) => {
    execFile(program, args, all, (error: ExecFileException | null, out, err) => {
      const code = error === null ? 0 : (error.code ?? error.signal);
      resolve({ code, out: String(out), err: String(err) });
    });
  });
}

/** Runs a program of the system that has to end well. */
export async function run(program: string, args: readonly string[]): Promise<string> {
  const { code, out, err } = await finish(program, args);
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${err}`);
  return out;
}

/** The user who is no administrator and in no group but the own. */
export async function readIdentity(): Promise<Identity> {
  const line = /^reader:[^:]*:(\d+):(\d+):/m.exec(await readFile('/etc/passwd', 'utf8'));
  return { uid: Number(line?.[1]), gid: Number(line?.[2]) };
}

/** The place of the ordinary user. */
async function readerOptions() {
  const home = '/srv/reader';
  const env = { PATH: process.env.PATH ?? '', HOME: home, USER: 'reader', NO_COLOR: '1' };
  return { ...(await readIdentity()), env, cwd: home };
}

/** Runs a script in Node as the ordinary user. */
export async function runAsReader(args: readonly string[]): Promise<Ended> {
  return await finish(process.execPath, args, await readerOptions());
}

/** Starts a script likewise, which goes on until it is killed; its words go to the console. */
export async function startAsReader(args: readonly string[]): Promise<ChildProcess> {
  const stdio: StdioOptions = ['ignore', 'pipe', 'inherit'];
  return spawn(process.execPath, args, { ...(await readerOptions()), stdio });
}
