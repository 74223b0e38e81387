import { spawnSync } from 'node:child_process';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeShare } from './support/share.ts';
import { MAIN, startOnTerminal } from './support/terminal.ts';
import { ACCOUNT, makeFolder } from './support/world.ts';

const QUESTION = /Password of the Share account: $/;

/** `egvkit share` on a terminal, with a keyring if there is one and no password but a typed one. */
async function makeTerminals() {
  const { flags, folder } = await makeShare();
  const { path: home, [Symbol.asyncDispose]: remove } = await makeFolder();
  onTestFinished(() => remove());
  const env = {
    EGVKIT_KEYRING: '',
    HOME: home,
    XDG_DATA_HOME: `${home}/data`,
    XDG_RUNTIME_DIR: home,
    XDG_STATE_HOME: folder,
  };
  return { flags, folder, env };
}

const hasKeyring = ['gnome-keyring-daemon', 'dbus-run-session'].every(
  (program) => spawnSync(program, ['--version']).error === undefined,
);

describe.skipIf(!hasKeyring)(
  'a password in the keyring of the system',
  { timeout: 120_000 },
  () => {
    it('is kept on the word of the person, taken from then on, and removed again', async () => {
      const { flags, folder, env } = await makeTerminals();
      const script = `
      printf pw | gnome-keyring-daemon --unlock --components=secrets --daemonize > /dev/null
      egvkit() { "$0" "$@" ${flags.join(' ')}; echo "ended with $?"; rm -rf '${folder}'/egvkit; }
      egvkit "$1" share login --keep
      egvkit "$1" share login
      egvkit "$1" share forget
      egvkit "$1" share forget
      egvkit "$1" share login`;
      const words = ['--', 'bash', '-c', script, process.execPath, MAIN];
      const terminal = startOnTerminal('dbus-run-session', words, env);
      await terminal.see(QUESTION);
      terminal.type(`${ACCOUNT.password}\r`);
      await terminal.see(
        /keyring of the system has no password[\s\S]*Password of the Share account: $/,
      );
      terminal.type(`${ACCOUNT.password}\r`);
      await terminal.ended;
      const lines = terminal.shown().split('\r\n');
      const inOrder = [
        /^Logged in at .* The password is in the keyring of the system\.$/,
        /^The password is the one in the keyring of the system; /,
        /^Logged in at /,
        /^The password is no longer in the keyring of the system\.$/,
        /^The keyring of the system has no password of this account\.$/,
        /^Logged in at /,
      ];
      const told = lines.filter((line) => inOrder.some((pattern) => pattern.test(line)));
      expect(told).toEqual(inOrder.map((pattern) => expect.stringMatching(pattern)));
      expect(lines.filter((line) => line.startsWith('ended with '))).toEqual(
        Array(5).fill('ended with 0'),
      );
      expect(terminal.shown()).not.toContain(ACCOUNT.password);
    });
  },
);

describe('without a keyring', { timeout: 60_000 }, () => {
  /** Makes Node.js find no package of the keyring, as where npm has left it out. */
  const ABSENT = `data:text/javascript,${encodeURIComponent(`
    import { register } from 'node:module';
    register('data:text/javascript,' + encodeURIComponent(\`
      export async function resolve(name, context, next) {
        if (name !== '@napi-rs/keyring') return await next(name, context);
        throw Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });
      }
    \`));
  `)}`;

  it.each([
    ['the package', ['--import', ABSENT], 'the package @napi-rs/keyring is not installed for this'],
    ['a program that keeps it', [], ''],
  ])('the password is asked for, and --keep says why it is not kept: %s', async (_, node, why) => {
    const { flags, env } = await makeTerminals();
    for (const keep of [[], ['--keep']]) {
      const words = [...node, MAIN, 'share', 'login', ...flags, ...keep];
      const terminal = startOnTerminal(process.execPath, words, {
        ...env,
        DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent/bus',
      });
      await terminal.see(QUESTION);
      terminal.type(`${ACCOUNT.password}\r`);
      expect(await terminal.ended).toBe(keep.length === 0 ? 0 : 5);
      if (keep.length === 0) expect(terminal.shown()).toMatch(/Logged in at/);
      else {
        expect(terminal.shown()).toContain(
          `The password of the Share account cannot be kept in the keyring of the system: ${why}`,
        );
      }
    }
  });
});
