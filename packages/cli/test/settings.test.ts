import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { configFolder, settingsPath } from '../src/io/config-path.ts';
import { json, makeShare } from './support/share.ts';
import { ACCOUNT, makeFolder, run } from './support/world.ts';

/** A folder for settings, and `egvkit` with them. */
async function makeSettings(content?: unknown) {
  const { path: folder, [Symbol.asyncDispose]: remove } = await makeFolder();
  onTestFinished(() => remove());
  const path = join(folder, 'below', 'settings.json');
  if (content !== undefined) {
    await mkdir(join(folder, 'below'));
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  }
  const egvkit = (line: string, env: Record<string, string> = {}) =>
    run(line.split(' '), { EGVKIT_SETTINGS: path, XDG_STATE_HOME: folder, ...env });
  const kept = async () => JSON.parse(await readFile(path, 'utf8'));
  const shown = async (env: Record<string, string> = {}) =>
    json(await egvkit('settings --json', env)).settings as Record<string, unknown>;
  return { path, egvkit, kept, shown };
}

describe('egvkit settings', () => {
  it('keeps what is set, in a file of its owner only', async () => {
    const { egvkit, kept, path } = await makeSettings();
    expect(await egvkit('settings set units MMOL/L')).toEqual({
      exitCode: 0,
      out: 'units is now mmol/L.\n',
      err: '',
    });
    await egvkit('settings set Serial sm12345678');
    await egvkit('settings set destinations share nightscout');
    await egvkit('settings set nightscoutUrl https://site.example/');
    expect(await kept()).toEqual({
      version: 1,
      units: 'mmol/L',
      serial: 'SM12345678',
      destinations: ['share', 'nightscout'],
      nightscoutUrl: 'https://site.example',
    });
    if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(json(await egvkit('settings unset units --json'))).toEqual({
      ok: true,
      path,
      name: 'units',
      value: null,
    });
    expect(await kept()).not.toHaveProperty('units');
  });

  it('shows each, and where it comes from', async () => {
    const { egvkit, path } = await makeSettings({ version: 1, account: 'wearer', region: 'ous' });
    for (const words of ['settings', 'settings show']) {
      const { out } = await egvkit(words, { DEXCOM_REGION: 'jp' });
      expect(out).toBe(
        [
          `File      ${path}`,
          'region         jp      DEXCOM_REGION',
          'shareUrl       -       not set',
          'account        wearer  settings',
          'units          mg/dL   default',
          'serial         -       not set',
          'destinations   share   default',
          'nightscoutUrl  -       not set',
          '',
        ].join('\n'),
      );
    }
  });

  it('has a region or an address, the one that was set last', async () => {
    const { egvkit, kept } = await makeSettings();
    await egvkit('settings set region us');
    await egvkit('settings set shareUrl http://localhost:8080');
    expect(await kept()).toEqual({ version: 1, shareUrl: 'http://localhost:8080' });
    await egvkit('settings set region ous');
    expect(await kept()).toEqual({ version: 1, region: 'ous' });
  });

  it.each([
    ['set region mars', /Invalid --region "mars": use us, ous or jp\./],
    ['set units', /The value of the setting is missing\./],
    ['set units mg/dL mmol/L', /units takes one value, and these are 2\./],
    ['set password hunter2', /Invalid setting "password": use region, /],
    ['unset colour', /Invalid setting "colour": use region, /],
    ['set serial !', /Invalid --serial "!": use the serial number of a receiver/],
    [
      'set destinations share,tidepool',
      /Invalid --to "tidepool": use share or nightscout; for both, share,nightscout\./,
    ],
    ['set nightscoutUrl ftp://site.example', /Invalid --nightscout-url "ftp:\/\/site\.example"/],
    ['set nightscoutUrl https://site.example/?token=hunter2', /"https:\/\/site\.example\/…"/],
    ['set nightscoutUrl https://me:hunter2@site.example', /"https:\/\/…site\.example"/],
    ['set shareUrl https://me:hunter2@site.example', /Invalid shareUrl "https:\/\/…site\.example"/],
    ['dance', /Unexpected argument "dance"\./],
  ])('refuses: %s', async (words, sentence) => {
    const { egvkit, path } = await makeSettings();
    const { exitCode, err, out } = await egvkit(`settings ${words}`);
    expect(err).toMatch(sentence);
    expect([exitCode, out]).toEqual([2, '']);
    expect(err).not.toContain('hunter2');
    await expect(stat(path)).rejects.toThrow('ENOENT');
  });
});

describe('a file of settings', () => {
  it('is read with the mark that editors of Windows put before it', async () => {
    const { egvkit } = await makeSettings('\uFEFF{ "version": 1, "region": "us" }');
    const { exitCode, out } = await egvkit('settings');
    expect([exitCode, out]).toEqual([0, expect.stringMatching(/^region +us +settings$/m)]);
  });

  it.each([
    ['{', 'the file is not JSON'],
    ['{"password": hunter2}', 'the file is not JSON'],
    [[], '"version" is missing, which is 1'],
    [{ region: 'us' }, '"version" is missing, which is 1'],
    [{ version: 2 }, 'they are of version 2, and this egvkit knows version 1 only'],
    [
      { version: 1, password: 'hunter2', colour: 1 },
      'egvkit has no setting "password", "colour"; it has region, shareUrl, account, units, serial, destinations or nightscoutUrl',
    ],
    [{ version: 1, units: 3 }, '"units" is not a text'],
    [{ version: 1, destinations: 'share' }, '"destinations" is not a list of texts'],
    [{ version: 1, destinations: [] }, 'Invalid destinations "": it may not be empty'],
    [{ version: 1, region: 'mars' }, 'Invalid --region "mars": use us, ous or jp'],
    [{ version: 1, account: ' ' }, 'Invalid account " ": it may not be empty'],
    [
      { version: 1, region: 'us', shareUrl: 'http://localhost' },
      'region and shareUrl exclude each other',
    ],
  ])('is refused by every command that it is for: %j', async (content, problem) => {
    const { egvkit, path } = await makeSettings(content);
    for (const words of [
      'info --json',
      'share readings --json',
      'settings set units mg/dL --json',
    ]) {
      const ran = await egvkit(words);
      expect(json(ran).error).toMatchObject({
        code: 'settingsInvalid',
        message: `The settings in ${path} are not valid: ${problem}.`,
      });
      expect(ran.exitCode).toBe(5);
      expect(ran.out).not.toContain('hunter2');
    }
    expect((await egvkit('help')).exitCode).toBe(0);
  });

  it('is told of if it cannot be read, or not be written', async () => {
    const { egvkit, path } = await makeSettings('');
    const folder = { EGVKIT_SETTINGS: join(path, '..') };
    expect((await egvkit('info', folder)).err).toContain(
      'cannot be read or written: it is a directory, not a regular file.\n',
    );
    const below = { EGVKIT_SETTINGS: join(path, 'settings.json') };
    expect((await egvkit('settings set region us', below)).err).toContain(
      'cannot be read or written: part of its path is not a directory.\n',
    );
  });

  it('says where the account is and whose, if nothing else does', async () => {
    const { server, env } = await makeShare();
    const { egvkit } = await makeSettings({
      version: 1,
      shareUrl: server.origin,
      account: ACCOUNT.name,
      units: 'mmol/L',
    });
    const password = { DEXCOM_PASSWORD: env.DEXCOM_PASSWORD };
    const kept = await egvkit('share readings --count 1', password);
    expect(kept.out).toMatch(/ mmol\/L .*\n$/);
    const flag = await egvkit('share readings --count 1 --units mg/dL', password);
    expect(flag.out).toMatch(/ mg\/dL .*\n$/);

    // A flag before a variable before the file.
    const other = { ...password, DEXCOM_USERNAME: 'somebody else' };
    const refused = await egvkit('share login --json', other);
    expect(json(refused).error).toMatchObject({ code: 'credentialsRefused' });
    const named = await egvkit(`share login --account ${ACCOUNT.name}`, other);
    expect(named.out).toMatch(/^Logged in/);
  });

  it('gives way to another name of the same thing', async () => {
    const { egvkit, shown } = await makeSettings({
      version: 1,
      shareUrl: 'http://127.0.0.1:2',
      account: 'wearer',
    });
    expect(await shown({ DEXCOM_REGION: 'us' })).toMatchObject({
      region: { value: 'us', from: 'DEXCOM_REGION' },
      shareUrl: { value: null, from: null },
    });
    const login = await egvkit('share login --region us --share-url http://localhost:2', {
      DEXCOM_PASSWORD: 'x',
    });
    expect(login.err).toContain('Give either --region or --share-url, not both.');
  });

  it('names no account for an emulated service', async () => {
    const { path } = await makeSettings({ version: 1, account: 'somebody' });
    const stop = new AbortController();
    let out = '';
    await run(
      ['emulate', 'share'],
      { EGVKIT_SETTINGS: path },
      {
        signal: stop.signal,
        write: (text) => {
          out += text;
          stop.abort();
        },
      },
    );
    expect(out).toMatch(/http:/);
    expect(out).not.toContain('somebody');
  });
});

describe('a variable', () => {
  it('that has a wrong value is named', async () => {
    const { egvkit } = await makeSettings();
    const { err, exitCode } = await egvkit('share login', { DEXCOM_REGION: 'mars' });
    expect(err).toBe(
      'egvkit: Invalid --region "mars": use us, ous or jp.\n  It is set in DEXCOM_REGION.\n',
    );
    expect(exitCode).toBe(2);
  });
});

describe('the folder of settings', () => {
  const HOME = join('/', 'there');
  it.each([
    ['linux', {}, join(HOME, '.config', 'egvkit')],
    ['linux', { XDG_CONFIG_HOME: '/x' }, join('/x', 'egvkit')],
    ['darwin', {}, join(HOME, 'Library', 'Application Support', 'egvkit')],
    ['darwin', { XDG_CONFIG_HOME: '/x' }, join('/x', 'egvkit')],
    ['win32', { APPDATA: '/roaming' }, join('/roaming', 'egvkit')],
    ['linux', { CONFIGURATION_DIRECTORY: '/etc/egvkit', XDG_CONFIG_HOME: '/x' }, '/etc/egvkit'],
    [
      'linux',
      { CONFIGURATION_DIRECTORY: '', XDG_CONFIG_HOME: '' },
      join(HOME, '.config', 'egvkit'),
    ],
  ] as const)('on %s with %j is the one of the platform', (platform, env, folder) => {
    expect(configFolder(env, platform, HOME)).toBe(folder);
  });

  it('is left for a file that EGVKIT_SETTINGS names', () => {
    const env = { EGVKIT_SETTINGS: '/a.json', XDG_CONFIG_HOME: '/x' };
    expect(settingsPath(env)).toBe('/a.json');
    expect(settingsPath({ ...env, EGVKIT_SETTINGS: '' })).toBe(
      join('/x', 'egvkit', 'settings.json'),
    );
  });
});
