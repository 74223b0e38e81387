import { createShareService } from '@egvkit/share-emulator';
import { serveShare } from '@egvkit/share-emulator/node';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ctrl, MAIN, startOnTerminal, type Terminal } from './support/terminal.ts';
import { ACCOUNT, makeFolder } from './support/world.ts';

/** A service, and `egvkit share` on a terminal with nothing known but where and whose. */
async function makeShare() {
  const service = createShareService({ accounts: [ACCOUNT] });
  await service.ready;
  const server = await serveShare(service);
  const folder = await makeFolder();
  onTestFinished(async () => {
    await server.close();
    await folder[Symbol.asyncDispose]();
  });
  const calls: string[] = [];
  service.onRequest(({ endpoint, phase }) => void (phase === 'received' && calls.push(endpoint)));
  const flags = ['--share-url', server.origin, '--account', ACCOUNT.name];
  const env = { XDG_STATE_HOME: folder.path };
  const share = (...words: string[]): Terminal =>
    startOnTerminal(process.execPath, [MAIN, 'share', ...words, ...flags], env);
  const piped = (...words: string[]): Terminal => {
    const line = 'set -o pipefail; "$0" "$@" | cat';
    const args = ['-c', line, process.execPath, MAIN, 'share', ...words, ...flags];
    return startOnTerminal('/bin/bash', args, env);
  };
  /** The same in a shell that can stop it and let it go on. */
  const shell = (...words: string[]): Terminal => {
    const terminal = startOnTerminal('/bin/bash', ['--norc', '--noprofile', '-i'], env);
    const command = [process.execPath, MAIN, 'share', ...words, ...flags];
    terminal.type(`${command.map((word) => `'${word}'`).join(' ')}\r`);
    return terminal;
  };
  return { calls, share, piped, shell };
}

const QUESTION = /Password of the Share account: $/;
const INTERRUPTED = /\r\negvkit: Interrupted\.\r\n$/;

describe('a password that is asked for', { timeout: 30_000 }, () => {
  it('is taken as it is typed, and never shown', async () => {
    const { share } = await makeShare();
    const terminal = share('login');
    await terminal.see(QUESTION);
    // Ctrl-T is what shows it in other programs.
    terminal.type(`${ACCOUNT.password}x\b${ctrl('t')}`);
    terminal.type('\r');
    expect(await terminal.ended).toBe(0);
    expect(terminal.shown()).toMatch(/account: \r\nLogged in at .*\r\n$/);
    expect(terminal.shown()).not.toMatch(/correct|horse|toggle/);
  });

  for (const key of ['c', 'd']) {
    it(`is no defect of ours if it is not given: Ctrl-${key.toUpperCase()}`, async () => {
      const { share, piped, calls } = await makeShare();
      for (const start of [share, piped]) {
        const terminal = start('login');
        await terminal.see(QUESTION);
        terminal.type(`half${key === 'd' ? '\b\b\b\b' : ''}${ctrl(key)}`);
        expect(await terminal.ended).toBe(130);
        expect(terminal.shown()).toMatch(INTERRUPTED);
      }
      expect(calls).toEqual([]);
    });
  }

  it('is asked for again after Ctrl-Z, from the beginning', async () => {
    const { shell } = await makeShare();
    const terminal = shell('login');
    await terminal.see(QUESTION);
    const left = '\u001b[D';
    terminal.type(`half${left}${ctrl('z')}`);
    await terminal.see(/Stopped/);
    terminal.type('fg\r');
    await terminal.see(/fg\r\n[\s\S]*Password of the Share account: $/);
    terminal.type(`${ACCOUNT.password}\r`);
    await terminal.see(/Logged in at/);
    terminal.type('exit\r');
    expect(await terminal.ended).toBe(0);
    expect(terminal.shown()).not.toMatch(/horse/);
  });

  it('is told to programs as an interruption', async () => {
    const { share } = await makeShare();
    const terminal = share('login', '--json');
    await terminal.see(QUESTION);
    terminal.type(ctrl('c'));
    expect(await terminal.ended).toBe(130);
    expect(terminal.shown()).toContain('"code":"interrupted"');
  });
});

describe('a question', { timeout: 30_000 }, () => {
  const words = ['monitoring', 'stop'];

  it('that is answered with yes goes on, also through a pipe', async () => {
    const { share, piped, calls } = await makeShare();
    for (const start of [share, piped]) {
      const terminal = start(...words);
      await terminal.see(/\[y\/N\] /);
      terminal.type('y\r');
      // Asked for only while no session is kept.
      if (start === share) {
        await terminal.see(QUESTION);
        terminal.type(`${ACCOUNT.password}\r`);
      }
      await terminal.see(/The account no longer shares\./);
      expect(await terminal.ended).toBe(0);
    }
    expect(calls).toContain('StopRemoteMonitoringSession');
  });

  it('is interrupted by Ctrl-C', async () => {
    const { share, piped } = await makeShare();
    for (const start of [share, piped]) {
      const terminal = start(...words);
      await terminal.see(/\[y\/N\] /);
      terminal.type(ctrl('c'));
      expect(await terminal.ended).toBe(130);
      expect(terminal.shown()).toMatch(INTERRUPTED);
    }
  });

  it('is answered with no by Ctrl-D', async () => {
    const { share, piped } = await makeShare();
    for (const start of [share, piped]) {
      const terminal = start(...words);
      await terminal.see(/\[y\/N\] /);
      terminal.type(ctrl('d'));
      expect(await terminal.ended).toBe(2);
      expect(terminal.shown()).toMatch(/\r\negvkit: Nothing was changed\.\r\n$/);
    }
  });
});
