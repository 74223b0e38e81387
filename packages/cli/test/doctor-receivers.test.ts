import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { proxyCheck } from '../src/commands/doctor/network-checks.ts';
import {
  modemManagerCheck,
  permissionCheck,
  receiverCheck,
  ruleChecks,
} from '../src/commands/doctor/receiver-checks.ts';
import { usbDevices } from '../src/commands/doctor/usb-devices.ts';
import { makeFolder } from './support/world.ts';

const NONE = { receivers: [], unsupported: [], unidentified: [], portsSeen: 0 };
const receivers = (...paths: readonly string[]) => ({
  ...NONE,
  receivers: paths.map((path) => ({ path })),
});
const usb = (...dexcom: readonly { name: string; hasPort: boolean }[]) => ({ count: 3, dexcom });

describe('receivers that are plugged in', () => {
  it.each([
    [
      'one',
      receivers('/dev/ttyACM0'),
      undefined,
      'ok',
      /^One receiver, on \/dev\/ttyACM0\.$/,
      /^$/,
    ],
    [
      'two',
      receivers('/dev/ttyACM0', '/dev/ttyACM1'),
      undefined,
      'warn',
      /^2 receivers/,
      /--serial/,
    ],
    [
      'none at all',
      NONE,
      usb(),
      'fail',
      /sees no receiver. It sees 3 USB/,
      /cable that carries data/,
    ],
    [
      'none, kernel silent',
      NONE,
      undefined,
      'fail',
      /sees no receiver\.$/,
      /cable that carries data/,
    ],
    [
      'one without a port',
      NONE,
      usb({ name: '1-2', hasPort: false }),
      'fail',
      /on USB \(1-2\), but has no serial port/,
      /unplug.*modprobe cdc_acm/i,
    ],
    [
      'one of another kind',
      { ...NONE, unsupported: [{ path: '/dev/ttyACM0', product: 'G7 receiver' }] },
      usb(),
      'fail',
      /is a G7 receiver/,
      /G4, G5 and G6/,
    ],
    [
      'one that is not told of',
      { ...NONE, unidentified: ['/dev/ttyACM0'] },
      undefined,
      'warn',
      /does not know the device on \/dev\/ttyACM0/,
      /--port \/dev\/ttyACM0/,
    ],
  ] as const)('%s', (_name, found, devices, state, words, fix) => {
    const result = receiverCheck(found, devices);
    expect(result).toMatchObject({ state, found: expect.stringMatching(words) });
    expect(result.fix ?? '').toMatch(fix);
  });

  it('are told from other USB devices by what the kernel says', async () => {
    await using folder = await makeFolder();
    const device = async (name: string, vendor: string, ...below: readonly string[]) => {
      await mkdir(join(folder.path, name));
      await writeFile(join(folder.path, name, 'idVendor'), `${vendor}\n`);
      for (const path of below) await mkdir(join(folder.path, path), { recursive: true });
    };
    await device('usb1', '1d6b');
    await device('1-1', '22a3', '1-1:1.0/tty/ttyACM0', '1-1:1.1');
    await device('1-2.4', '22a3', '1-2.4:1.0');
    await device('2-1', '046d', '2-1:1.0');
    const { count, dexcom = [] } = (await usbDevices(folder.path)) ?? {};
    expect(count).toBe(3);
    expect([...dexcom].sort((a, b) => a.name.localeCompare(b.name))).toEqual([
      { name: '1-1', hasPort: true },
      { name: '1-2.4', hasPort: false },
    ]);
    expect(await usbDevices(join(folder.path, 'none'))).toBe(undefined);
  });
});

describe('ModemManager', () => {
  const running = new Set(['systemd', 'ModemManager']);
  it('is in order if it does not run, or is kept off by the rule', () => {
    expect(modemManagerCheck('missing', new Set(['systemd'])).state).toBe('ok');
    expect(modemManagerCheck('right', running).state).toBe('ok');
  });

  it('is to be looked at if nothing keeps it off', () => {
    for (const rule of ['missing', 'different'] as const) {
      const { state, fix } = modemManagerCheck(rule, running);
      expect(state).toBe('warn');
      expect(fix).toContain('udev rule');
    }
  });
});

describe('the port that is named', () => {
  it('is in order if it is a device that may be opened', async () => {
    expect(await permissionCheck('/dev/null', 'linux')).toMatchObject({ state: 'ok' });
  });

  it('is wrong if there is none, and if it is a file or a folder', async () => {
    await using folder = await makeFolder();
    const none = await permissionCheck(join(folder.path, 'none'), 'linux');
    expect(none).toMatchObject({ state: 'fail', exit: 'nothingThere' });
    const file = join(folder.path, 'file');
    await writeFile(file, '');
    for (const path of [folder.path, file]) {
      expect(await permissionCheck(path, 'linux')).toMatchObject({
        ...{ state: 'fail', exit: 'nothingThere' },
        found: `${path} is not a serial port.`,
      });
    }
  });
});

it('says which checks are for Linux only', async () => {
  expect(await permissionCheck('COM3', 'win32')).toMatchObject({ state: 'skipped' });
  expect(await ruleChecks('darwin')).toMatchObject({
    udev: { state: 'skipped' },
    modemManager: { state: 'skipped' },
  });
});

it('says that a Node.js cannot use the proxy, and never its password', () => {
  const env = { HTTPS_PROXY: 'http://ann:secret@proxy.example:3128' };
  const states = (['now', 'atStart', 'none'] as const).map((support) => proxyCheck(env, support));
  expect(states.map(({ state }) => state)).toEqual(['ok', 'ok', 'fail']);
  expect(JSON.stringify(states)).not.toContain('secret');
  expect(proxyCheck({}).state).toBe('ok');
});
