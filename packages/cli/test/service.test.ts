import { access, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { installService, previewService } from '../src/service/install.ts';
import { ENDED, makeServiceWorld, RUNNING, type ServiceWorld } from './support/systemctl.ts';
import { run } from './support/world.ts';

const service = (world: ServiceWorld, ...words: readonly string[]) =>
  run(['service', ...words, '--user'], world.env);
/** Place that npm gives it for all users; the one of this test may be below a home folder. */
const INSTALLED = { node: '/usr/bin/node', egvkit: '/usr/lib/node_modules/egvkit/bin/egvkit.js' };
const ioOf = ({ env }: ServiceWorld) => ({
  env,
  signal: new AbortController().signal,
  sleep: async () => {},
});
const inode = async (path: string) => (await stat(path)).ino;
const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000);

afterEach(() => {
  vi.restoreAllMocks();
});

describe.skipIf(process.platform !== 'linux')('egvkit service install', () => {
  it('writes a unit that all may read, lets it start by itself, and starts it', async () => {
    await using world = await makeServiceWorld();
    const { out, err, exitCode } = await service(world, 'install');
    expect([err, exitCode]).toEqual(['', 0]);
    expect(await world.told()).toEqual([
      'systemctl --user daemon-reload',
      'systemctl --user enable egvkit.service',
      'systemctl --user start egvkit.service',
    ]);
    expect(out).toContain(`${world.unit}: written\n`);
    expect(out).toContain('is installed, and runs.\n');
    expect((await stat(world.unit)).mode & 0o777).toBe(0o644);
    const unit = await readFile(world.unit, 'utf8');
    expect(unit).toContain(`ExecStart="${process.execPath}`);
    expect(unit).toMatch(/bin\/egvkit\.js" upload --watch\n/);
    expect(unit).toContain(`\nLoadCredential=dexcom-password:${world.config}/dexcom-password\n`);
    expect(unit + out).not.toContain('correct horse');
  });

  it('changes nothing the second time', async () => {
    await using world = await makeServiceWorld();
    await service(world, 'install');
    await world.told();
    const before = await inode(world.unit);
    for (const file of ['settings.json', 'dexcom-password']) {
      await utimes(join(world.config, file), inSeconds(-60), inSeconds(-60));
    }
    const { out, exitCode } = await service(world, 'install');
    expect(exitCode).toBe(0);
    expect(out).toContain(`${world.unit}: unchanged\n`);
    expect([await world.told(), await inode(world.unit)]).toEqual([[], before]);
  });

  it.each(['settings.json', 'dexcom-password'])(
    'starts a service again that began before %s was written',
    async (file) => {
      await using world = await makeServiceWorld();
      await service(world, 'install');
      await world.told();
      await utimes(join(world.config, file), inSeconds(60), inSeconds(60));
      expect((await service(world, 'install')).out).toContain(`${world.unit}: unchanged\n`);
      expect(await world.told()).toEqual(['systemctl --user restart egvkit.service']);
    },
  );

  it('starts a service again that began before egvkit was updated', async () => {
    await using world = await makeServiceWorld();
    await service(world, 'install');
    await world.told();
    for (const file of ['settings.json', 'dexcom-password']) {
      await utimes(join(world.config, file), 0, 0);
    }
    await world.be(`${RUNNING}\nActiveEnterTimestamp=@1000000000`);
    await service(world, 'install');
    expect(await world.told()).toEqual(['systemctl --user restart egvkit.service']);
  });

  it('replaces an older unit of its own, and lets systemd read it', async () => {
    await using world = await makeServiceWorld();
    await service(world, 'install');
    await world.told();
    await writeFile(world.unit, `${await readFile(world.unit, 'utf8')}# older\n`);
    expect((await service(world, 'install')).out).toContain(`${world.unit}: replaced\n`);
    expect(await world.told()).toEqual([
      'systemctl --user daemon-reload',
      'systemctl --user enable egvkit.service',
      'systemctl --user restart egvkit.service',
    ]);
  });

  it('gives the service every secret that has a file, and those that a variable names', async () => {
    await using world = await makeServiceWorld();
    await writeFile(join(world.config, 'nightscout-token'), 'token');
    const elsewhere = join(world.config, 'my api secret 100%');
    await writeFile(elsewhere, 'secret');
    const env = { ...world.env, NIGHTSCOUT_API_SECRET_FILE: elsewhere };
    await run(['service', 'install', '--user'], env);
    const unit = await readFile(world.unit, 'utf8');
    expect(unit.match(/^LoadCredential=.*$/gm)).toEqual([
      `LoadCredential=dexcom-password:${world.config}/dexcom-password`,
      `LoadCredential=nightscout-token:${world.config}/nightscout-token`,
      `LoadCredential=nightscout-api-secret:${elsewhere}%`,
    ]);
  });

  it('gives the service the proxy, unless that has a password', async () => {
    await using world = await makeServiceWorld();
    const secret = 'http://ann:geheim@proxy.example:3128';
    const env = { ...world.env, HTTPS_PROXY: secret, https_proxy: 'http://proxy.example:3128' };
    const { out } = await run(['service', 'install', '--user'], env);
    const unit = await readFile(world.unit, 'utf8');
    expect(unit).toContain('Environment="https_proxy=http://proxy.example:3128"');
    expect(out).toContain('HTTPS_PROXY has a password in it');
    expect(out + unit).not.toContain('geheim');
  });

  it('says that a service which ends at once does not run, and why', async () => {
    await using world = await makeServiceWorld();
    const io = { sleep: () => world.be(ENDED(5)) };
    const { out, exitCode } = await run(['service', 'install', '--user'], world.env, io);
    expect(exitCode).toBe(5);
    expect(out).toContain('is installed, and does not run.\n');
    expect(out).toContain('exit code 5: a person has to act: login refused');
  });

  it('says what is missing for a service that is to run for months', async () => {
    await using world = await makeServiceWorld();
    await writeFile(join(world.env.PATH!.split(':')[0]!, 'loginctl'), '#!/bin/sh\necho no\n');
    await import('node:fs/promises').then(({ rm }) => rm(join(world.config, 'dexcom-password')));
    const { out } = await service(world, 'install');
    expect(out).toMatch(
      /There is no file with a password: put .*\/dexcom-password, readable by you/,
    );
    expect(out).toMatch(/sudo loginctl enable-linger \S+\n/);
  });

  it('leaves a unit of somebody else as it is', async () => {
    await using world = await makeServiceWorld();
    await service(world, 'install');
    await writeFile(world.unit, '[Service]\nExecStart=/bin/true\n');
    await world.told();
    for (const words of ['install', 'uninstall']) {
      const { err, exitCode } = await service(world, words);
      expect(err).toContain(`${world.unit} is there and was not written by egvkit`);
      expect(exitCode).toBe(5);
    }
    expect(await readFile(world.unit, 'utf8')).toBe('[Service]\nExecStart=/bin/true\n');
    expect(await world.told()).toEqual([]);
  });

  it.each([
    ['systemctl is not there', () => ({ PATH: '/nowhere' }), /no systemd .*: it is not installed/],
    ['systemd does not run', () => ({}), /no systemd .*: it says "offline"/],
  ])('says that there is no systemd where %s', async (_name, env, message) => {
    await using world = await makeServiceWorld();
    await world.first('echo offline; exit 1');
    const { err, exitCode } = await run(['service', 'install', '--user'], {
      ...world.env,
      ...env(),
    });
    expect(err).toMatch(message);
    expect(exitCode).toBe(5);
    expect(await exists(world.unit)).toBe(false);
  });

  it('repeats the words of a systemctl that fails', async () => {
    await using world = await makeServiceWorld();
    await world.first('case "$*" in *enable*) echo "Read-only file system" >&2; exit 1 ;; esac');
    const { err, exitCode } = await service(world, 'install');
    expect(err).toContain(
      '"systemctl --user enable egvkit.service" failed (exit code 1): Read-only file system\n',
    );
    expect(exitCode).toBe(5);
  });

  it('wants settings first', async () => {
    await using world = await makeServiceWorld();
    const env = { ...world.env, EGVKIT_SETTINGS: join(world.config, 'none.json') };
    const { err, exitCode } = await run(['service', 'install', '--user'], env);
    expect(err).toMatch(/no settings .*none\.json\.\n {2}Run "egvkit setup" first/);
    expect([exitCode, await exists(world.unit)]).toEqual([5, false]);
  });

  it('of the whole computer is for root, who is told what to type', async () => {
    await using world = await makeServiceWorld();
    vi.spyOn(process, 'getuid').mockReturnValue(1000);
    const choice = { scope: 'system', program: INSTALLED } as const;
    const failure = await installService(choice, ioOf(world)).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'needsRoot',
      help: `Run it as root: sudo env EGVKIT_SETTINGS=${world.config}/settings.json /usr/bin/node ${INSTALLED.egvkit} service install --system`,
    });
  });

  it('refuses programs that are gone one day, and those that a service cannot see', async () => {
    await using world = await makeServiceWorld();
    const home = `/${'home'}/ann`;
    for (const [egvkit, scope, code] of [
      [`${home}/.npm/_npx/5a1b/node_modules/egvkit/bin/egvkit.js`, 'user', 'temporaryProgram'],
      [`${home}/.cache/pnpm/dlx/5a1b/egvkit/bin/egvkit.js`, 'user', 'temporaryProgram'],
      [`${home}/.nvm/lib/node_modules/egvkit/bin/egvkit.js`, 'system', 'hiddenProgram'],
    ] as const) {
      const program = { node: '/usr/bin/node', egvkit };
      await expect(installService({ scope, program }, ioOf(world))).rejects.toMatchObject({ code });
    }
    expect(await exists(world.unit)).toBe(false);
  });

  it('takes one of --user and --system', async () => {
    const { err, exitCode } = await run(['service', 'install', '--user', '--system']);
    expect([err, exitCode]).toEqual(['egvkit: Give either --user or --system, not both.\n', 2]);
  });
});

describe.skipIf(process.platform !== 'linux')('egvkit service install --print', () => {
  it('shows every file and command, and does nothing', async () => {
    await using world = await makeServiceWorld();
    const { out, exitCode } = await service(world, 'install', '--print');
    expect(exitCode).toBe(0);
    expect([await world.told(), await exists(world.unit)]).toEqual([[], false]);
    const json = JSON.parse((await service(world, 'install', '--print', '--json')).out);
    await service(world, 'install');
    const unit = await readFile(world.unit, 'utf8');
    expect(out).toContain(`# The file ${world.unit}:\n\n${unit}`);
    expect(json).toMatchObject({ ok: true, files: [{ path: world.unit, content: unit }] });
    for (const command of await world.told()) {
      if (!command.includes(' start ')) expect(out).toContain(`\n${command}\n`);
    }
  });

  it('shows the udev rule with a service of the whole computer', async () => {
    await using world = await makeServiceWorld();
    const choice = { scope: 'system', program: INSTALLED } as const;
    const { files, commands } = await previewService(choice, ioOf(world));
    expect(files.map(({ path }) => path)).toEqual([
      '/etc/systemd/system/egvkit.service',
      '/etc/udev/rules.d/70-dexcom-receiver.rules',
    ]);
    expect(files[1]?.content).toContain('ATTRS{idVendor}=="22a3", ATTRS{idProduct}=="0047"');
    expect(commands).toContain('udevadm control --reload');
  });
});

describe.skipIf(process.platform !== 'linux')('egvkit service uninstall', () => {
  it('removes what was written and says so; settings and passwords stay', async () => {
    await using world = await makeServiceWorld();
    await service(world, 'install');
    await world.told();
    const { out, exitCode } = await service(world, 'uninstall');
    expect(exitCode).toBe(0);
    expect(out).toContain(`${world.unit}: removed\n`);
    expect(out).toContain(`${world.config}: kept\n`);
    expect(await world.told()).toEqual([
      'systemctl --user disable --now egvkit.service',
      'systemctl --user daemon-reload',
    ]);
    expect(await exists(world.unit)).toBe(false);
    expect(await readFile(join(world.config, 'dexcom-password'), 'utf8')).toBe('correct horse\n');
    const again = await service(world, 'uninstall');
    expect(again.err).toContain('No user service of egvkit is installed');
    expect(again.exitCode).toBe(3);
  });
});

describe.skipIf(process.platform !== 'linux')('egvkit service status', () => {
  it.each([
    ['runs', `${RUNNING}\nActiveEnterTimestamp=@1767225600`, 0, /runs since 2026-01-01 /],
    ['waits', 'ActiveState=activating\nSubState=auto-restart', 4, /is about to start again/],
    ['was refused', ENDED(5), 5, /does not run.*\nIt ended with exit code 5: a person has to act/],
    ['was stopped', 'ActiveState=inactive\nUnitFileState=disabled', 5, /does not start by itself/],
  ])('of one that %s', async (_name, state, expected, words) => {
    await using world = await makeServiceWorld();
    await service(world, 'install');
    await world.be(state);
    const { out, exitCode } = await service(world, 'status');
    expect(exitCode).toBe(expected);
    expect(out).toMatch(words);
    expect(out).toContain('What it uploads: egvkit status\n');
    const json = JSON.parse((await service(world, 'status', '--json')).out);
    expect(json).toMatchObject({ ok: expected === 0, scope: 'user', path: world.unit });
  });

  it('of none', async () => {
    await using world = await makeServiceWorld();
    const { err, exitCode } = await service(world, 'status');
    expect(err).toMatch(
      /^egvkit: No user service of egvkit is installed: no .*egvkit\.service\.\n/,
    );
    expect(exitCode).toBe(3);
  });
});
