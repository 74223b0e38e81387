import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeShare } from './support/share.ts';
import { MAIN, startOnTerminal } from './support/terminal.ts';
import { ACCOUNT, makeFolder, type Ran, run } from './support/world.ts';

const RIGHT = ACCOUNT.password;
const LOGGED_IN = /^Logged in/;
const encode = (text: string) => new TextEncoder().encode(text);

/** A service, a folder for files, and `egvkit share login` with no password but what `env` names. */
async function makeLogin() {
  const { calls, flags, folder: state } = await makeShare();
  const folder = await makeFolder();
  onTestFinished(() => folder[Symbol.asyncDispose]());
  const file = async (name: string, content: string | Uint8Array, mode = 0o600) => {
    const path = join(folder.path, name);
    await writeFile(path, content);
    await chmod(path, mode);
    return path;
  };
  const login = (
    env: Record<string, string>,
    extra: readonly string[] = [],
    io: Parameters<typeof run>[2] = {},
  ): Promise<Ran> =>
    run(['share', 'login', ...extra, ...flags], { XDG_STATE_HOME: state, ...env }, io);
  return { login, file, folder: folder.path, calls };
}

const input = (...pieces: readonly Uint8Array[]) => ({
  readInput: async function* () {
    yield* pieces;
  },
});

describe('a password in a file', () => {
  it.each([
    ['without a line break', RIGHT],
    ['with one line break, which is dropped', `${RIGHT}\n`],
    ['with a line break of Windows', `${RIGHT}\r\n`],
    ['with the mark that Notepad puts before UTF-8', `\uFEFF${RIGHT}\r\n`],
  ])('is taken %s', async (_how, content) => {
    const { login, file } = await makeLogin();
    const path = await file('password', content);
    const { out, err } = await login({ DEXCOM_PASSWORD_FILE: path });
    expect(out).toMatch(LOGGED_IN);
    expect(err).toBe('');
  });

  it('loses one line break only: what is left at its end is hinted at when it is refused', async () => {
    const { login, file } = await makeLogin();
    const { err } = await login({ DEXCOM_PASSWORD_FILE: await file('password', `${RIGHT}\n\n`) });
    expect(err).toMatch(/begins or ends with a line break/);
  });

  it.skipIf(process.platform === 'win32')('may be behind a link', async () => {
    const { login, file, folder } = await makeLogin();
    const link = join(folder, 'link');
    await symlink(await file('password', RIGHT), link);
    expect((await login({ DEXCOM_PASSWORD_FILE: link })).out).toMatch(LOGGED_IN);
  });

  it.skipIf(process.platform === 'win32').each([
    [0o644, true],
    [0o640, true],
    [0o600, false],
    [0o400, false],
  ])('that has mode %o is warned of: %s', async (mode, isWarned) => {
    const { login, file } = await makeLogin();
    const path = await file('password', RIGHT, mode);
    const { out, err } = await login({ DEXCOM_PASSWORD_FILE: path });
    expect(out).toMatch(LOGGED_IN);
    const bits = mode.toString(8);
    const warning = `Others on this computer can read ${path} (mode ${bits}): chmod 600 ${path}\n`;
    expect(err).toBe(isWarned ? warning : '');
  });

  it.each([
    ['is empty', '', 'it is empty'],
    ['is a line break', '\n', 'it is empty'],
    ['is blank', ' \t\n', 'it is empty'],
    ['is longer than any password', 'x'.repeat(4097), 'it is longer than 4096 bytes'],
    [
      'PowerShell wrote in UTF-16',
      new Uint8Array([0xff, 0xfe, 0x61, 0, 0x62, 0]),
      'it is not UTF-8 text',
    ],
    ['is UTF-16 without its mark', new Uint8Array([0x61, 0, 0x62, 0]), 'it is not UTF-8 text'],
  ])('that %s is refused before anything is sent', async (_what, content, reason) => {
    const { login, file, calls } = await makeLogin();
    const path = await file('password', content);
    const env = { DEXCOM_PASSWORD_FILE: path };
    const { exitCode, out } = await login(env, ['--json']);
    const { error } = JSON.parse(out);
    const source = `${path} (DEXCOM_PASSWORD_FILE)`;
    expect(error).toMatchObject({
      code: 'secretUnusable',
      message: `The password of the Share account cannot be taken from ${source}: ${reason}.`,
      data: { source, reason },
    });
    expect([exitCode, calls]).toEqual([5, []]);
  });

  it('that is not there, or is a folder, is no reason to take another password', async () => {
    const { login, folder, calls } = await makeLogin();
    for (const [path, reason] of [
      [join(folder, 'nowhere'), 'there is no such file'],
      [folder, 'it is a directory, not a regular file'],
    ] as const) {
      const { err, exitCode } = await login({ DEXCOM_PASSWORD_FILE: path, DEXCOM_PASSWORD: RIGHT });
      expect(err).toContain(`from ${path} (DEXCOM_PASSWORD_FILE): ${reason}.\n`);
      expect(exitCode).toBe(5);
    }
    expect(calls).toEqual([]);
  });

  it.skipIf(process.getuid?.() === 0)('that may not be read is told of', async () => {
    const { login, file } = await makeLogin();
    const path = await file('password', RIGHT, 0);
    const { err } = await login({ DEXCOM_PASSWORD_FILE: path });
    expect(err).toMatch(/\(DEXCOM_PASSWORD_FILE\): permission is denied\.\n/);
  });
});

describe('a password', () => {
  it('comes from the first place that has one', async () => {
    const { login, file, folder } = await makeLogin();
    const credentials = join(folder, 'credentials');
    await mkdir(credentials);
    const wrong = await file('wrong', 'wrong');
    const places = {
      DEXCOM_PASSWORD_FILE: await file('right', `${RIGHT}\n`),
      CREDENTIALS_DIRECTORY: credentials,
      DEXCOM_PASSWORD: 'wrong',
    };
    await writeFile(join(credentials, 'dexcom-password'), 'wrong');
    expect((await login(places)).out).toMatch(LOGGED_IN);

    await writeFile(join(credentials, 'dexcom-password'), `${RIGHT}\n`, { mode: 0o440 });
    const { out, err } = await login({ ...places, DEXCOM_PASSWORD_FILE: '' });
    expect(out).toMatch(LOGGED_IN);
    // systemd lets a unit's user read it by an access list, which looks like such a mode.
    expect(err).toBe('');

    const stdin = input(encode(RIGHT.slice(0, 5)), encode(`${RIGHT.slice(5)}\n`));
    const all = { ...places, DEXCOM_PASSWORD_FILE: wrong };
    expect((await login(all, ['--password-stdin'], stdin)).out).toMatch(LOGGED_IN);
  });

  it('is looked for elsewhere if the credentials folder has none', async () => {
    const { login, folder } = await makeLogin();
    const env = { CREDENTIALS_DIRECTORY: folder, DEXCOM_PASSWORD: RIGHT };
    expect((await login(env)).out).toMatch(LOGGED_IN);
  });

  it('may be on standard input, but not if that is empty or without an end', async () => {
    const { login, calls } = await makeLogin();
    const env = { DEXCOM_PASSWORD: RIGHT };
    const empty = await login(env, ['--password-stdin'], input());
    expect(empty.err).toContain('from standard input (--password-stdin): it is empty.\n');
    const endless = {
      readInput: async function* () {
        for (;;) yield encode('x'.repeat(1000));
      },
    };
    const long = await login(env, ['--password-stdin'], endless);
    expect(long.err).toContain('it is longer than 4096 bytes');
    expect([empty.exitCode, long.exitCode, calls]).toEqual([5, 5, []]);
  });

  it('comes through a real pipe, and is asked for on a terminal', { timeout: 30_000 }, async () => {
    const { flags, env } = await makeShare();
    const { DEXCOM_PASSWORD: _, ...rest } = env;
    const line = 'printf "%s\\n" "$PIPED" | "$0" "$@"';
    const words = [MAIN, 'share', 'login', ...flags, '--password-stdin'];
    const piped = startOnTerminal('/bin/bash', ['-c', line, process.execPath, ...words], {
      ...rest,
      PIPED: RIGHT,
    });
    expect(await piped.ended).toBe(0);
    expect(piped.shown()).toMatch(LOGGED_IN);

    const typed = startOnTerminal(process.execPath, words, rest);
    expect(await typed.ended).toBe(2);
    expect(typed.shown()).toContain('--password-stdin is for a file or a pipe');
  });
});
