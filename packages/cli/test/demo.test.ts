import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PtyError } from '@egvkit/receiver-emulator/pty';
import { describe, expect, it } from 'vitest';
import { startEmulation } from '../src/commands/demo/emulation.ts';
import { makeFolder, run } from './support/world.ts';

const EGVKIT = join(import.meta.dirname, '../bin/egvkit.js');

interface Ran {
  readonly exitCode: number | null;
  readonly out: string;
  readonly err: string;
}

async function start(...args: string[]): Promise<Ran> {
  const child = spawn(process.execPath, [EGVKIT, 'demo', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return { exitCode, out, err };
}

describe('egvkit demo', { timeout: 30_000 }, () => {
  const products = {
    g4: 'Dexcom G4 Receiver',
    g5: 'Dexcom G5 Mobile Receiver',
    g6: 'Dexcom G6 Touchscreen Receiver',
  };
  for (const [profile, product] of Object.entries(products)) {
    it(`brings a day of an emulated ${profile} to the service and proves it`, async () => {
      const { exitCode, out, err } = await start('--profile', profile, '--json');
      expect(err).toBe('');
      const report = JSON.parse(out) as { uploaded: number; checked: { same: number } };
      expect(report).toMatchObject({
        ok: true,
        receiver: { product, serialNumber: 'SM00000001', batteryPercent: 84 },
        thereBefore: 0,
        checked: { missing: 0, different: 0 },
        damage: [],
      });
      expect(report.uploaded).toBeGreaterThan(200);
      expect(exitCode).toBe(0);
    });
  }

  it('tells it to a person in plain lines where there is no terminal', async () => {
    const { exitCode, out } = await start();
    expect(out).toContain('not for treatment decisions');
    expect(out).toMatch(/Receiver +Dexcom G4 Receiver \(emulated\) on \/dev\//);
    expect(out).toMatch(/clock 9[789] s behind UTC/);
    expect(out).toMatch(/Uploading +(\d+) of \1\n/);
    expect(out).toMatch(/Checking +(\d+) readings came back with the same value, time and trend/);
    expect(out).toMatch(/mg\/dL, the last 24 h/);
    expect(out).toMatch(/Done in \d+\.\d s: \d+ uploaded, 0 there before\./);
    expect(out).not.toContain('\u001b');
    expect(exitCode).toBe(0);
  });

  it('shows other readings for another seed, and a dry run uploads none', async () => {
    const [one, other] = await Promise.all([
      start('--dry-run', '--json'),
      start('--dry-run', '--json', '--seed', '2', '--days', '2'),
    ]);
    const values = ({ out }: Ran): unknown =>
      (JSON.parse(out) as { wouldUpload: { mgDl: number }[] }).wouldUpload.map(({ mgDl }) => mgDl);
    expect(values(one)).not.toEqual(values(other));
  });

  it('says how it is used, and what is wrong with how it was used', async () => {
    expect((await start('--help')).out).toContain(
      'egvkit demo --port auto --region us --account NAME',
    );
    const wrong = {
      '--profile g7': /Invalid --profile "g7": use g4, g4-share, g5, g5-touch or g6\./,
      '--units stone': /Invalid --units "stone": use mg\/dL or mmol\/L\./,
      '--region us': /--region is for a real receiver\.\n {2}Add --port auto/,
      '--days 0': /Invalid --days "0": use a whole number from 1/,
      '--password secret': /Unknown option --password\./,
    };
    for (const [args, sentence] of Object.entries(wrong)) {
      const { exitCode, err } = await start(...args.split(' '));
      expect(err).toMatch(sentence);
      expect(exitCode).toBe(2);
    }
  });
});

it('egvkit demo goes by no account of the settings, and asks none of them', async () => {
  await using folder = await makeFolder();
  const path = join(folder.path, 'settings.json');
  await writeFile(path, JSON.stringify({ version: 1, region: 'us', units: 'mmol/L' }));
  const env = { EGVKIT_SETTINGS: path, DEXCOM_USERNAME: 'somebody' };
  const { exitCode, out, err } = await run(['demo', '--dry-run', '--days', '1'], env);
  expect([exitCode, err]).toEqual([0, '']);
  expect(out).toContain('mmol/L');
});

describe('where there are no pseudo-terminals', () => {
  it('the receiver is in memory, and it is said', async () => {
    const reason = 'this is a test';
    await using emulation = await startEmulation({
      profile: 'g4',
      seed: 1,
      days: 1,
      openPort: async () => {
        throw new PtyError('ptyUnavailable', { reason });
      },
    });
    expect(emulation.receiverNote).toContain('in memory');
    await using transport = await emulation.openTransport();
    await transport.write(new Uint8Array([0x01, 0x06, 0x00, 0x0a, 0x5e, 0x65]));
    const pong = new Uint8Array([0x01, 0x06, 0x00, 0x01, 0x35, 0xd4]);
    expect(await transport.read(1000)).toEqual(pong);
  });
});
