import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXIT_CODES } from '../src/output/exit-codes.ts';
import { servicePlan } from '../src/service/manager.ts';
import type { ServiceSetting } from '../src/service/plan.ts';
import { wellFormed } from './support/well-formed.ts';
import { makeFolder } from './support/world.ts';

/** Names that would break every format that does not quote them. */
const SETTING: ServiceSetting = {
  scope: 'user',
  node: '/opt/my node/bin/node',
  egvkit: '/opt/<a> & "b" 100% $HOME\\c/egvkit.js',
  home: '/nowhere',
  settings: '/etc/egvkit/settings.json',
  configFolder: '/etc/egvkit',
  inputs: [
    { name: 'settings.json', path: '/etc/egvkit/settings.json' },
    { name: 'dexcom-password', path: '/etc/egvkit/dexcom-password' },
    { name: 'authorities', path: '/etc/<x>/ca.pem', variable: 'NODE_EXTRA_CA_CERTS' },
  ],
  environment: { HTTPS_PROXY: 'http://proxy.example:3128/?a=1&b="2"' },
  portGroup: 'dialout',
  userId: 501,
};

const textFor = (platform: NodeJS.Platform, setting: Partial<ServiceSetting> = {}) =>
  servicePlan({ ...SETTING, ...setting }, platform).definition.content;

describe('the systemd unit', () => {
  const unit = textFor('linux', { scope: 'system' });

  it('starts again by exit code: never where only a person can help', () => {
    const [, never = ''] = /^RestartPreventExitStatus=(.*)$/m.exec(unit) ?? [];
    expect(never.split(' ').map(Number)).toEqual([
      EXIT_CODES.usage.code,
      EXIT_CODES.needsPerson.code,
    ]);
    // With 0 it also ends when the journal is gone and its next line cannot be written.
    expect(unit).toContain('\nRestart=always\n');
    expect(unit).toContain('\nRestartSec=60\n');
    expect(unit).toContain('\nStartLimitIntervalSec=0\n');
  });

  it('quotes paths', () => {
    expect(unit).toContain(
      'ExecStart="/opt/my node/bin/node" "/opt/<a> & \\"b\\" 100%% $$HOME\\\\c/egvkit.js" upload --watch\n',
    );
  });

  it('gives settings, passwords and authorities to a service that may read nothing else', () => {
    expect(unit).toContain('\nLoadCredential=settings.json:/etc/egvkit/settings.json\n');
    expect(unit).toContain('\nEnvironment="CONFIGURATION_DIRECTORY=%d"\n');
    expect(unit).toContain('\nEnvironment="NODE_EXTRA_CA_CERTS=%d/authorities"\n');
    expect(unit).toContain('\nStateDirectory=egvkit\n');
  });

  it('of a user has nothing that only root may do', () => {
    const own = textFor('linux');
    expect(own).not.toMatch(
      /DynamicUser|Device|Protect|Private|StateDirectory|SupplementaryGroups/,
    );
    expect(own).toContain('\nWantedBy=default.target\n');
  });

  const hasAnalyze = spawnSync('systemd-analyze', ['--version']).error === undefined;
  describe.skipIf(!hasAnalyze)('for systemd-analyze', () => {
    it.each(['system', 'user'] as const)('has no fault (%s)', async (scope) => {
      await using folder = await makeFolder();
      const path = join(folder.path, 'egvkit.service');
      const program = { node: '/bin/true', egvkit: '/usr/lib/egvkit.js' };
      await writeFile(path, textFor('linux', { scope, ...program }));
      const args = ['verify', ...(scope === 'user' ? ['--user'] : []), path];
      const { stdout, stderr } = spawnSync('systemd-analyze', args, {
        encoding: 'utf8',
        env: { ...process.env, XDG_RUNTIME_DIR: folder.path },
      });
      const about = `${stdout}${stderr}`
        .split('\n')
        .filter((line) => line.includes('egvkit.service'));
      expect(about).toEqual([]);
    });

    it('is exposed as little as a program can be that needs the network and a device', async () => {
      await using folder = await makeFolder();
      const path = join(folder.path, 'egvkit.service');
      await writeFile(path, unit);
      const args = ['security', '--offline=yes', '--no-pager', path];
      const { stdout } = spawnSync('systemd-analyze', args, { encoding: 'utf8' });
      const exposure = /exposure level for egvkit\.service: ([\d.]+) OK/.exec(stdout)?.[1];
      console.info(`systemd-analyze security: ${exposure}`);
      expect(Number(exposure)).toBeLessThan(2);
    });
  });
});

describe('the launchd agent', () => {
  const plist = textFor('darwin');

  it('is well-formed, whatever the paths have in them', () => {
    expect(wellFormed(plist)).toBe('');
    expect(plist).toContain(
      '<string>/opt/&lt;a&gt; &amp; &quot;b&quot; 100% $HOME\\c/egvkit.js</string>',
    );
  });

  it('has keys and values in pairs', () => {
    const [, dict = ''] =
      /<plist version="1.0">\s*<dict>([\s\S]*)<\/dict>\s*<\/plist>/.exec(plist) ?? [];
    const flat = dict.replace(/<(array|dict)>[\s\S]*?<\/\1>/g, '<$1/>');
    const names = [...flat.matchAll(/<(\w+)/g)].map(([, name]) => name);
    expect(names.filter((_, index) => index % 2 === 0)).toEqual(
      Array.from({ length: names.length / 2 }, () => 'key'),
    );
  });

  it('runs what starts the upload again by exit code, and starts that again if it fails', () => {
    expect(plist).toMatch(/<string>service<\/string>\s*<string>run<\/string>/);
    expect(plist).toMatch(/<key>SuccessfulExit<\/key><false\/>/);
    expect(plist).toContain('<key>NODE_EXTRA_CA_CERTS</key><string>/etc/&lt;x&gt;/ca.pem</string>');
  });
});

describe('the scheduled task', () => {
  const windows = { egvkit: 'C:\\My & Co\\egvkit.js', node: 'C:\\Program Files\\nodejs\\node.exe' };
  const task = textFor('win32', { ...windows, configFolder: 'C:\\Users\\ann\\egvkit' });

  it('is well-formed, in the encoding that it names', () => {
    expect(task.startsWith('\uFEFF<?xml version="1.0" encoding="UTF-16"?>')).toBe(true);
    expect(servicePlan(SETTING, 'win32').definition.encoding).toBe('utf16le');
    expect(wellFormed(task)).toBe('');
  });

  it('runs for ever, on batteries too, and quotes paths', () => {
    expect(task).toContain('<ExecutionTimeLimit>PT0S</ExecutionTimeLimit>');
    expect(task).toContain('<StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>');
    expect(task).toContain(
      '&quot;C:\\Program Files\\nodejs\\node.exe&quot; &quot;C:\\My &amp; Co\\egvkit.js&quot; service run',
    );
  });
});

it.each(['darwin', 'win32'] as const)(
  'no service of the whole computer is made on %s',
  (platform) => {
    expect(() => servicePlan({ ...SETTING, scope: 'system' }, platform)).toThrow(
      /^A service of the whole computer is not made for /,
    );
  },
);
