import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { API_SECRET, makeSetup, OTHER_SERIAL, SERIAL } from './support/setup.ts';
import { json } from './support/share.ts';
import { ctrl, MAIN, startOnTerminal, type Terminal } from './support/terminal.ts';
import { ACCOUNT, run } from './support/world.ts';

type Setup = Awaited<ReturnType<typeof makeSetup>>;
/** A question, and the keys that answer it. */
type Answer = readonly [question: RegExp, keys: string];

const YES = 'yes';
const ENTER = '';

/** The whole of it, without a mistake. */
const answersFor = ({ share, nightscout, token }: Setup): readonly Answer[] => [
  [/^Where readings go/, 'share, nightscout'],
  [/^Region of the account/, share.origin],
  [/^Wearer's account/, ACCOUNT.name],
  [/^Password of the Share account/, ACCOUNT.password],
  [/^Address of the Nightscout site/, nightscout.origin],
  [/^Token of the site/, token],
  [/^Show glucose in/, 'mmol/l'],
  [/^Serial number of the receiver/, SERIAL.toLowerCase()],
  [/^Take readings of SM11111111 in place of/, YES],
  [/^Write it there/, YES],
  [/^Install the service/, ENTER],
];

const filesBelow = (folder: string) => readdir(folder).catch(() => [] as string[]);

/** A question at the end of what a terminal shows, with or without the cursor's place behind it. */
const last = ({ source }: RegExp): RegExp =>
  new RegExp(`${source.replace('^', '')}[^\\n]*: (?:${ctrl('[')}\\[\\d+G)?$`);

/** Waits for each question, and types its answer. */
async function answer(terminal: Terminal, answers: readonly Answer[]): Promise<void> {
  for (const [question, keys] of answers) {
    await terminal.see(last(question));
    terminal.type(`${keys}\r`);
  }
}

describe.skipIf(process.platform !== 'linux')('egvkit setup', { timeout: 120_000 }, () => {
  const start = ({ env }: Setup): Terminal =>
    startOnTerminal(process.execPath, [MAIN, 'setup', '--user'], env);

  it('asks, tries each answer, keeps the settings and starts the service', async () => {
    const setup = await makeSetup();
    const terminal = start(setup);
    await answer(terminal, answersFor(setup));
    expect(await terminal.ended).toBe(0);
    const shown = terminal.shown();
    for (const secret of [ACCOUNT.password, setup.token]) expect(shown).not.toContain(secret);
    expect(shown).toMatch(/is installed, and runs\./);
    expect(setup.logins()).toBe(1);

    const { config, share, nightscout, systemd, env } = setup;
    const settings = await readFile(join(config, 'settings.json'), 'utf8');
    expect(JSON.parse(settings)).toEqual({
      version: 1,
      shareUrl: share.origin,
      account: ACCOUNT.name,
      units: 'mmol/L',
      serial: SERIAL,
      destinations: ['share', 'nightscout'],
      nightscoutUrl: nightscout.origin,
    });
    for (const [name, secret] of [
      ['dexcom-password', ACCOUNT.password],
      ['nightscout-token', setup.token],
    ] as const) {
      expect(await readFile(join(config, name), 'utf8')).toBe(`${secret}\n`);
      expect((await stat(join(config, name))).mode & 0o777).toBe(0o600);
    }
    expect((await filesBelow(config)).sort()).toEqual([
      'dexcom-password',
      'nightscout-token',
      'settings.json',
    ]);
    const unit = await readFile(systemd.unit, 'utf8');
    expect(unit).toContain(`LoadCredential=dexcom-password:${config}/dexcom-password\n`);
    expect(await systemd.told()).toContain('systemctl --user start egvkit.service');

    // What was kept is all that other commands need.
    const check = await run(['share', 'receiver', 'check', SERIAL, '--json'], env);
    expect(json(check)).toMatchObject({ ok: true, assigned: true });
  });

  it('offers the answers of the last time', async () => {
    const setup = await makeSetup();
    await setup.answering(answersFor(setup)).ran;
    const before = await readFile(join(setup.config, 'settings.json'), 'utf8');
    const again = setup.answering([
      [/^Where readings go.* \[share,nightscout\]$/, ENTER],
      [/^Region of the account.* \[http:.*\]$/, ENTER],
      [/^Wearer's account.* \[wearer\]$/, ENTER],
      [/^Use the password in .*dexcom-password\? \[yes\]$/, ENTER],
      [/^Address of the Nightscout site \[http:.*\]$/, ENTER],
      [/^Use the secret in .*nightscout-token\? \[yes\]$/, ENTER],
      [/^Show glucose in .* \[mmol\/L\]$/, ENTER],
      [/^Serial number of the receiver to use \[SM11111111\]$/, ENTER],
      [/^Install the service/, 'no'],
    ]);
    const { exitCode, err } = await again.ran;
    expect(exitCode).toBe(0);
    expect(again.left).toEqual([]);
    expect(err).toContain('The account takes readings of SM11111111.');
    expect(await readFile(join(setup.config, 'settings.json'), 'utf8')).toBe(before);
  });

  it('sends a refused password once, and asks for region, name and password again', async () => {
    const setup = await makeSetup();
    const [where, ...rest] = answersFor(setup);
    const account = rest.slice(0, 2);
    const { ran, asked, left } = setup.answering([
      [/^Where readings go/, 'share'],
      ...[...account, [/^Password/, 'wrong'] as const],
      ...[...account, [/^Password/, 'wrong'] as const],
      ...[...account, [/^Password/, ACCOUNT.password] as const],
      ...rest.filter(([question]) => !/Nightscout|Token/.test(question.source)).slice(3),
    ]);
    const { exitCode, err } = await ran;
    expect([exitCode, left]).toEqual([0, []]);
    expect(where).toBeDefined();
    expect(err).toMatch(
      /refused this account name and password\.\n[\s\S]*before, so they were not/,
    );
    expect(setup.logins()).toBe(2);
    expect(asked.filter((question) => question.startsWith('Password')).length).toBe(3);
    expect(await filesBelow(setup.config)).not.toContain('nightscout-token');
  });

  it('ends at a locked account, and keeps nothing', async () => {
    const setup = await makeSetup();
    setup.service.failNext({
      kind: 'fault',
      code: 'SSO_AuthenticateMaxAttemptsExceeed',
      endpoint: 'AuthenticatePublisherAccount',
    });
    const { ran } = setup.answering(answersFor(setup));
    const { exitCode, err } = await ran;
    expect(exitCode).toBe(5);
    expect(err).toMatch(/egvkit: The Share service .* has locked this account/);
    expect([setup.logins(), await filesBelow(setup.config)]).toEqual([1, []]);
  });

  it('asks whether to try again where the service cannot be reached', async () => {
    const setup = await makeSetup();
    setup.service.failNext({
      kind: 'html',
      status: 503,
      endpoint: 'AuthenticatePublisherAccount',
    });
    const { ran, left } = setup.answering([...answersFor(setup), [/^Try again\?/, YES]]);
    const { exitCode, err } = await ran;
    expect([exitCode, left]).toEqual([0, []]);
    expect(err).toMatch(/is not working: it answered AuthenticatePublisherAccount with HTTP 503/);
  });

  it('tries a secret of Nightscout once, be it a token or the API secret', async () => {
    const setup = await makeSetup();
    const wrong = 'egvkit-0123456789abcdef';
    let refused = 0;
    setup.site.onRequest(({ status }) => void (status === 401 && refused++));
    const { ran, left } = setup.answering([
      [/^Where readings go/, 'nightscout'],
      [/^Address of the Nightscout site/, 'not an address'],
      [/^Address of the Nightscout site/, setup.nightscout.origin],
      [/^Token of the site/, wrong],
      [/^Address of the Nightscout site/, ENTER],
      [/^Token of the site/, API_SECRET],
      [/^Show glucose in/, ENTER],
      [/^Serial number of the receiver/, OTHER_SERIAL],
      [/^Write it there/, YES],
      [/^Install the service/, 'no'],
    ]);
    const { exitCode, err } = await ran;
    expect([exitCode, left]).toEqual([0, []]);
    expect(err).toMatch(/Invalid --nightscout-url "not an address"/);
    expect(err).toMatch(/refused this token/);
    expect(err).not.toContain(wrong);
    expect(refused).toBe(1);
    expect(await readFile(join(setup.config, 'nightscout-api-secret'), 'utf8')).toBe(
      `${API_SECRET}\n`,
    );
    // Nothing goes to Share, so it was asked nothing.
    expect(setup.calls).toEqual([]);
  });

  it('asks to remove the token that the service would use in place of an API secret', async () => {
    const setup = await makeSetup([SERIAL]);
    const files = async () => (await filesBelow(setup.config)).sort();
    const before = [
      [/^Where readings go/, 'nightscout'],
      [/^Address of the Nightscout site/, setup.nightscout.origin],
      [/^Show glucose in/, ENTER],
      [/^Use the receiver/, YES],
      [/^Write it there/, YES],
    ] as const;
    const token = [/^Token of the site/, setup.token] as const;
    await setup.answering([...before, token, [/^Install the service/, 'no']]).ran;
    expect(await files()).toEqual(['nightscout-token', 'settings.json']);
    const apiSecret = [
      ...before,
      [/^Use the secret in .*nightscout-token/, 'no'],
      [/^Token of the site/, API_SECRET],
    ] as const;

    const kept = await setup.answering([...apiSecret, [/^Remove that file/, 'no']]).ran;
    expect(kept.err).toMatch(/would go on with the token in .*nightscout-token\.\n/);
    expect(kept.err).toContain('No service was installed');
    expect(await files()).toEqual(['nightscout-token', 'settings.json']);

    const removed = setup.answering([
      ...apiSecret,
      ...([
        [/^Remove that file/, ENTER],
        [/^Install the service/, 'no'],
      ] as const),
    ]);
    expect([(await removed.ran).exitCode, removed.left]).toEqual([0, []]);
    expect(await files()).toEqual(['nightscout-api-secret', 'settings.json']);
  });

  it('asks for a secret whose file cannot be used, and writes it anew', async () => {
    const setup = await makeSetup([SERIAL]);
    await mkdir(setup.config, { recursive: true });
    const file = join(setup.config, 'nightscout-token');
    await writeFile(file, '\n', { mode: 0o600 });
    const { ran, left } = setup.answering([
      [/^Where readings go/, 'nightscout'],
      [/^Address of the Nightscout site/, setup.nightscout.origin],
      [/^Token of the site/, setup.token],
      [/^Show glucose in/, ENTER],
      [/^Use the receiver/, YES],
      [/^Write it there/, YES],
      [/^Install the service/, 'no'],
    ]);
    expect([(await ran).exitCode, left]).toEqual([0, []]);
    expect(await readFile(file, 'utf8')).toBe(`${setup.token}\n`);
  });

  it('waits for a receiver to be plugged in, and can do without', async () => {
    const setup = await makeSetup([SERIAL]);
    const shared = answersFor(setup).slice(0, 7);
    await setup.replug([]);
    const skipped = setup.answering([
      ...shared,
      [/^Plug it in .* or type skip to leave it out$/, ENTER],
      [/^Plug it in/, 'skip'],
      [/^Write it there/, 'no'],
    ]);
    const without = await skipped.ran;
    expect([without.exitCode, skipped.left]).toEqual([0, []]);
    expect(without.err.match(/No receiver is plugged in\./g)).toHaveLength(2);
    expect(without.err).toContain('"egvkit service install" does that at any time.');
    expect(await filesBelow(setup.config)).toEqual(['settings.json']);

    await setup.replug(setup.receivers);
    const found = setup.answering([
      ...shared,
      [/^Use the receiver SM11111111\? \[yes\]$/, ENTER],
      [/^Take readings of SM11111111/, 'no'],
      [/^Write it there/, YES],
      [/^Install the service/, 'no'],
    ]);
    expect((await found.ran).err).toContain('nothing can be uploaded to Share until it does');
    expect(found.left).toEqual([]);
    expect(setup.calls).not.toContain('ReplacePublisherAccountMonitoredReceiver');
  });

  it('asks again for what it cannot understand', async () => {
    const setup = await makeSetup();
    const { ran, left } = setup.answering([
      [/^Where readings go/, 'tidepool'],
      [/^Region of the account/, ''],
      [/^Region of the account/, 'mars'],
      [/^Wearer's account/, ' '],
      [/^Password/, ' '],
      [/^Show glucose in/, 'stone'],
      [/^Serial number of the receiver/, 'SM99999999'],
      [/^Install the service/, 'perhaps'],
      ...answersFor(setup),
    ]);
    const { exitCode, err } = await ran;
    expect([exitCode, left]).toEqual([0, []]);
    for (const word of ['tidepool', 'mars', 'stone', 'SM99999999', 'perhaps']) {
      expect(err).toMatch(new RegExp(`Invalid .*"${word}"`, 'i'));
    }
    expect(setup.logins()).toBe(1);
  });

  it('leaves nothing at Ctrl-C, whatever it asks', async () => {
    const setup = await makeSetup();
    const answers = answersFor(setup);
    for (let given = 0; given < answers.length; given++) {
      const terminal = start(setup);
      await answer(terminal, answers.slice(0, given));
      const [question] = answers[given] as Answer;
      await terminal.see(last(question));
      terminal.type(`half${ctrl('c')}`);
      expect(await terminal.ended).toBe(130);
      expect(terminal.shown()).toMatch(/egvkit: Interrupted\.\r\n$/);
      expect(await filesBelow(setup.config)).toEqual([]);
    }
    expect(setup.calls).not.toContain('ReplacePublisherAccountMonitoredReceiver');
    expect(await setup.systemd.told()).toEqual([]);
  });

  it('keeps no password if the settings cannot be kept', async () => {
    const setup = await makeSetup();
    await mkdir(setup.config);
    await symlink(join(setup.config, 'nowhere', 'file'), join(setup.config, 'settings.json'));
    const { exitCode, err } = await setup.answering(answersFor(setup)).ran;
    expect(err).toMatch(/egvkit: The settings in .* cannot be read or written: /);
    expect([exitCode, await filesBelow(setup.config)]).toEqual([5, ['settings.json']]);
    expect(await setup.systemd.told()).toEqual([]);
  });

  it('ends at Ctrl-C while the service does not answer, and leaves nothing', async () => {
    const setup = await makeSetup();
    const asked = new Promise<void>((resolve) => setup.service.onRequest(() => resolve()));
    const endpoint = 'AuthenticatePublisherAccount';
    setup.service.failNext({ kind: 'hang', when: 'before', endpoint });
    const terminal = start(setup);
    await answer(terminal, answersFor(setup).slice(0, 4));
    await asked;
    terminal.type(ctrl('c'));
    expect(await terminal.ended).toBe(130);
    expect(await filesBelow(setup.config)).toEqual([]);
  });

  it('needs somebody to ask', async () => {
    const { exitCode, err } = await run(['setup']);
    expect(exitCode).toBe(2);
    expect(err).toMatch(
      /^egvkit: egvkit setup asks questions, and there is no terminal to ask on\.\n/,
    );
    const setup = await makeSetup([]);
    const piped = startOnTerminal(
      '/bin/bash',
      ['-c', '"$0" "$@" < /dev/null', process.execPath, MAIN, 'setup'],
      setup.env,
    );
    expect(await piped.ended).toBe(2);
    expect(piped.shown()).toContain('there is no terminal to ask on');
  });
});
