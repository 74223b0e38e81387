import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  readlinkSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Receiver } from '@egvkit/receiver';
import { openSerial } from '@egvkit/receiver-serial';
import { describe, expect, it } from 'vitest';
import { run } from './support/world.ts';

const MAIN = new URL('../dist/main.js', import.meta.url).pathname;

/** `egvkit emulate receiver` in this process, until the test ends it. */
function emulate(...args: string[]) {
  const abort = new AbortController();
  const said = Promise.withResolvers<string>();
  let out = '';
  const write = (text: string) => {
    out += text;
    said.resolve(out);
  };
  const ended = run(['emulate', 'receiver', ...args], {}, { signal: abort.signal, write });
  return {
    said: Promise.race([said.promise, ended.then(({ err }) => Promise.reject(new Error(err)))]),
    async end() {
      abort.abort(new Error('interrupted'));
      return await ended;
    },
  };
}

function folder(): { path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'egvkit-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

describe.skipIf(process.platform === 'win32')(
  'egvkit emulate receiver',
  { timeout: 20_000 },
  () => {
    it.each([
      ['g4', 'G4Receiver', '6ABCD'],
      ['g4-share', 'G4Receiver', '6EFGH'],
      ['g5', 'G5MobileReceiver', '4ABCDE'],
      ['g5-touch', 'ScoutReceiver', '4FGHJK'],
      ['g6', 'OrionReceiver', '8GHJK2'],
    ])('says one line, the path of a port on which a %s answers', async (profile, product, id) => {
      const emulated = emulate('--profile', profile, '--days', '1', '--seed', '4');
      const path = await emulated.said;
      expect(path).toMatch(/^\/dev\/\S+\n$/);
      await using receiver = await Receiver.open(await openSerial(path.trim()));
      expect(await receiver.identify()).toMatchObject({
        firmware: { productId: product },
        serialNumber: 'SM00000001',
        transmitterId: id,
      });
      await receiver.close();
      expect(await emulated.end()).toMatchObject({ exitCode: 0, err: '' });
      expect(existsSync(path.trim())).toBe(false);
    });

    it('says in JSON what it has started, and makes a link that goes with it', async () => {
      using at = folder();
      const link = join(at.path, 'receiver');
      const emulated = emulate('--json', '--link', link, '--days', '2', '--seed', '9', '--timing');
      const told = JSON.parse(await emulated.said);
      expect(told).toEqual({
        ok: true,
        path: readlinkSync(link),
        link,
        profile: 'g4',
        serialNumber: 'SM00000001',
        days: 2,
        seed: 9,
        timing: true,
      });
      const transport = await openSerial(link);
      const receiver = await Receiver.open(transport);
      const startMs = performance.now();
      await receiver.ask('readFirmwareSettings', undefined);
      expect(performance.now() - startMs).toBeGreaterThan(150);
      await receiver.close();
      await emulated.end();
      expect(existsSync(link)).toBe(false);
    });

    it('can have lost time, which a reader marks', async () => {
      const emulated = emulate('--days', '1', '--time-lost', 'stood:3h@2h');
      const path = (await emulated.said).trim();
      const { out } = await run(['read', 'egv', '--port', path]);
      expect(out).toMatch(/^.*\d\* .*$/m);
      expect(out.trimEnd().split('\n').at(-1)).toMatch(/^\* The true time is in doubt/);
      await emulated.end();
    });

    it.each([
      [
        'another profile',
        ['--profile', 'g7'],
        /Invalid --profile "g7": use g4, g4-share, g5, g5-touch or g6/,
      ],
      ['days that are none', ['--days', 'many'], /Invalid --days "many": use a whole number/],
      [
        'a loss of time that is none',
        ['--time-lost', 'x'],
        /Invalid --time-lost "x": use stood:3h@2h/,
      ],
      ['a seed that is none', ['--seed', '-1'], /seed/],
      ['a flag that is none', ['--speed', '2'], /--speed/],
      ['a link in no folder', ['--link', '/no/such/folder/x', '--days', '0'], /ENOENT/],
    ])('refuses %s in one sentence', async (_, args, sentence) => {
      const { exitCode, out, err } = await run(['emulate', 'receiver', ...args]);
      expect(exitCode).toBe(2);
      expect(out).toBe('');
      expect(err).toMatch(sentence);
      expect(err.trim().split('\n').length).toBeLessThanOrEqual(2);
    });

    it('leaves a file alone that stands where the link should be', async () => {
      const { exitCode, err } = await run(['emulate', 'receiver', '--days', '0', '--link', MAIN]);
      expect(exitCode).toBe(2);
      expect(err).toContain('exists and is not a link to a port');
      expect(existsSync(MAIN)).toBe(true);
    });

    it.each(['SIGINT', 'SIGTERM'] as const)('takes link and port along on %s', async (signal) => {
      using at = folder();
      const link = join(at.path, 'receiver');
      const child = spawn(
        process.execPath,
        [MAIN, 'emulate', 'receiver', '--days', '1', '--link', link],
        {
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      );
      const [line] = (await once(child.stdout, 'data')) as [Buffer];
      const path = line.toString().trim();
      expect(readlinkSync(link)).toBe(path);
      // As long as it is open here, no other test is given its number.
      const opened = openSync(path, constants.O_RDWR | constants.O_NOCTTY);
      child.kill(signal);
      expect(await once(child, 'exit')).toEqual([0, null]);
      for (let tries = 0; existsSync(path) && tries < 100; tries++) await sleep(10);
      expect([existsSync(link), existsSync(path)]).toEqual([false, false]);
      closeSync(opened);
    });
  },
);
