import type { EgvRecord } from '@egvkit/protocol/receiver';
import { openSerial } from '@egvkit/receiver-serial';
import { describe, expect, it, onTestFinished } from 'vitest';
import { G7_ID, makeReceiver, plugIn, RECEIVER_ID } from './support/plugged.ts';
import { json } from './support/share.ts';
import { makeFolder, makeWorld, run } from './support/world.ts';

const A = 'SM11111111';
const B = 'SM22222222';

async function stateFolder() {
  const { path, [Symbol.asyncDispose]: remove } = await makeFolder();
  onTestFinished(() => remove());
  return { XDG_STATE_HOME: path };
}

/** Two receivers that are plugged in. */
async function makeTwo() {
  const a = await makeReceiver(A);
  const b = await makeReceiver(B);
  const { replug } = await plugIn([a, b]);
  return { a, b, replug, env: await stateFolder() };
}

describe.skipIf(process.platform !== 'linux')('egvkit receivers', { timeout: 60_000 }, () => {
  it('shows port, product, serial number and newest reading of each', async () => {
    const { a, b, env } = await makeTwo();
    const { out, err, exitCode } = await run(['receivers'], env);
    expect([err, exitCode]).toEqual(['', 0]);
    const time = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d`;
    const value = String.raw`(?: *\d+ mg/dL \S+| LOW mg/dL \S+|HIGH mg/dL \S+|[a-zA-Z]+)`;
    const line = ({ path, serialNumber }: typeof a) =>
      `${path}  .*Receiver  ${serialNumber}  ${time}  ${value}\n`;
    expect(out).toMatch(new RegExp(`^${line(a)}${line(b)}$`));

    const { receivers } = json(await run(['receivers', '--json'], env)) as {
      receivers: { newestReading: { time: string } }[];
    };
    expect(receivers).toMatchObject([
      { path: a.path, serialNumber: A, manufacturer: 'DexCom', problem: null },
      { path: b.path, serialNumber: B, manufacturer: 'DexCom', problem: null },
    ]);
    for (const { newestReading } of receivers) {
      const ageMs = Date.now() - Date.parse(newestReading.time);
      expect(ageMs).toBeGreaterThan(-2000);
      expect(ageMs).toBeLessThan(10 * 60_000);
    }
  });

  it('shows one that cannot be asked as a line with its reason', async () => {
    const { a, b, replug, env } = await makeTwo();
    const gone = { path: '/dev/ttyACM-none', productId: RECEIVER_ID };
    await replug([a, gone, b, { path: '/dev/ttyACM9', productId: G7_ID }]);
    await using _held = await openSerial(a.path);
    const { out, err, exitCode } = await run(['receivers'], env);
    const lines = out.trimEnd().split('\n');
    expect(lines[0]).toBe(`${a.path}  ${a.path} is held by another program.`);
    expect(lines[1]).toBe(`${gone.path}  There is no port ${gone.path}.`);
    expect(lines[2]).toContain(`${b.path}  `);
    expect(lines[2]).toContain(B);
    expect(lines[3]).toBe('/dev/ttyACM9  G7 receiver: not supported');
    expect([err, exitCode]).toEqual(['', 0]);

    const { receivers } = json(await run(['receivers', '--json'], env));
    expect(receivers).toMatchObject([
      { serialNumber: null, newestReading: null, problem: { code: 'portBusy', retryable: true } },
      { serialNumber: null, problem: { code: 'portNotFound' } },
      { serialNumber: B, problem: null },
    ]);
  });

  it('shows no glucose where there is none', async () => {
    const special = ({ glucose }: EgvRecord): boolean => glucose.value < 20;
    const whole = (await makeReceiver(A)).records as readonly EgvRecord[];
    const at = whole.findIndex(special);
    expect(at).toBeGreaterThanOrEqual(0);
    const withSpecial = await makeReceiver(A, () => at + 1);
    const empty = await makeReceiver(B, () => 0);
    await plugIn([withSpecial, empty]);
    const env = await stateFolder();
    const newest = withSpecial.records[at] as EgvRecord;
    const { out } = await run(['receivers', '--units', 'mmol/L'], env);
    const [first = '', second = ''] = out.split('\n');
    expect(first).toMatch(/ {2}[a-zA-Z]+$/);
    expect(first).not.toMatch(/mmol/);
    expect(second).toMatch(/ {2}SM22222222 {2}no readings$/);
    expect(json(await run(['receivers', '--json'], env)).receivers).toMatchObject([
      { newestReading: { mgDl: null, mmolL: null, special: newest.glucose.special } },
      { newestReading: null },
    ]);
  });
});

describe.skipIf(process.platform !== 'linux')(
  'one of several receivers',
  { timeout: 60_000 },
  () => {
    it('has to be picked: the error lists them', async () => {
      const { a, b, env } = await makeTwo();
      const { err, exitCode } = await run(['info'], env);
      expect(err).toMatch(
        `egvkit: 2 receivers are connected: ${a.path}, ${b.path}.\n` +
          '  Name the one to use: receivers have no USB serial number to tell them apart by.\n' +
          `  On the command line: --port ${a.path}, for example; or --serial and a serial number, which "egvkit receivers" shows.\n`,
      );
      expect(exitCode).toBe(3);
    });

    it('is picked by its serial number, in small letters too', async () => {
      const { b, env } = await makeTwo();
      const info = json(await run(['info', '--serial', 'sm22222222', '--json'], env));
      expect(info).toMatchObject({ serialNumber: B, port: b.path });
      const read = await run(['read', 'manufacturing', '--serial', A, '--json'], env);
      expect(read.out).toContain(A);
      expect(read.out).not.toContain(B);
    });

    it('is picked by the settings, unless the command line picks another', async () => {
      const { a, b, env } = await makeTwo();
      const { path, [Symbol.asyncDispose]: remove } = await makeFolder();
      onTestFinished(() => remove());
      const withSettings = { ...env, EGVKIT_SETTINGS: `${path}/settings.json` };
      await run(['settings', 'set', 'serial', B], withSettings);
      const serialOf = async (...words: string[]) =>
        json(await run(['info', '--json', ...words], withSettings)).serialNumber;
      expect(await serialOf()).toBe(B);
      expect(await serialOf('--serial', A)).toBe(A);
      expect(await serialOf('--port', a.path)).toBe(A);
      expect(await serialOf('--port', b.path)).toBe(B);
    });

    it('is missed with the ones that are there, and nothing is read of those', async () => {
      const { a, b, env } = await makeTwo();
      await using _held = await openSerial(b.path);
      let waited = 0;
      const sleep = async () => {
        waited++;
      };
      const free = await run(['info', '--serial', 'SM99999999', '--port', a.path], env, { sleep });
      expect(free.err).toBe(
        `egvkit: The receiver SM99999999 is not connected: the one on ${a.path} is ${A}.\n` +
          '  Plug it in with a data cable. For another one give --serial, or "egvkit settings set serial".\n',
      );
      // A port that another program has may be given up: that is waited for, and told.
      const held = await run(['info', '--serial', 'SM99999999', '--json'], env, { sleep });
      expect(json(held).error).toMatchObject({
        code: 'serialNotFound',
        data: {
          serial: 'SM99999999',
          asked: [
            { path: a.path, serialNumber: A, problem: null },
            { path: b.path, serialNumber: null, problem: `${b.path} is held by another program.` },
          ],
        },
      });
      expect(held.err).toMatch(/Trying again in 2 s \(7 of 7\)\.\n$/);
      expect([free.exitCode, held.exitCode]).toEqual([3, 3]);
      expect(waited).toBeGreaterThan(0);
    });

    it('is told as any other if none is connected', async () => {
      await plugIn([]);
      const { err, exitCode } = await run(['info', '--serial', A], await stateFolder());
      expect(err).toMatch(/^egvkit: No receiver is connected: this computer has no serial ports\./);
      expect(exitCode).toBe(3);
    });

    it('is the one that is uploaded from', async () => {
      await using world = await makeWorld();
      const other = await makeReceiver(A);
      await plugIn([other, { path: world.portPath, productId: RECEIVER_ID }]);
      const { serialNumber } = json(await run(['info', '--port', world.portPath, '--json']));
      const [, , , ...rest] = world.uploadArgs;
      const args = ['upload', '--serial', String(serialNumber), ...rest, '--json'];
      const { exitCode, out } = await run(args, world.env);
      expect(exitCode).toBe(0);
      expect(JSON.parse(out).receiver.serialNumber).toBe(serialNumber);
    });
  },
);
