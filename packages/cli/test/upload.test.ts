import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EgvRecord } from '@egvkit/protocol/receiver';
import { openSerial } from '@egvkit/receiver-serial';
import { describe, expect, it } from 'vitest';
import {
  ACCOUNT,
  EMULATED_SERIAL_NUMBER,
  expectedValues,
  makeWorld,
  run,
  storedValues,
} from './support/world.ts';

describe('egvkit upload', () => {
  it('brings every reading of the last day to the service, and proves it', async () => {
    await using world = await makeWorld();
    const { exitCode, out, err } = await run([...world.uploadArgs, '--json'], world.env);
    expect(err).toBe('');
    const expected = expectedValues(world);
    const report = JSON.parse(out) as Record<string, unknown>;
    expect(report).toMatchObject({
      ok: true,
      receiver: {
        port: world.portPath,
        product: 'Dexcom G4 Receiver',
        serialNumber: EMULATED_SERIAL_NUMBER,
        transmitterId: '6ABCD',
        batteryPercent: 84,
      },
      service: world.origin,
      uploaded: expected.length,
      thereBefore: 0,
      checked: { missing: 0, different: 0 },
    });
    expect(exitCode).toBe(0);
    expect(storedValues(world)).toEqual(expected);
  });

  it('uploads nothing the second time', async () => {
    await using world = await makeWorld();
    await run(world.uploadArgs, world.env);
    const before = storedValues(world);
    const { exitCode, out } = await run([...world.uploadArgs, '--json'], world.env);
    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ uploaded: 0, thereBefore: before.length });
    expect(storedValues(world)).toEqual(before);
  });

  it('tells a person in plain lines, with a plot, in either unit', async () => {
    await using world = await makeWorld();
    const { out } = await run([...world.uploadArgs, '--units', 'mmol/L'], world.env);
    expect(out).toContain(`Dexcom G4 Receiver on ${world.portPath}`);
    expect(out).toContain(`serial ${EMULATED_SERIAL_NUMBER}`);
    expect(out).toMatch(/readings came back with the same value, time and trend/);
    expect(out).toMatch(
      /mmol\/L, the last 24 h, times [+-]\d\d:\d\d\n {2}newest \d+\.\d \S* ?at \d{4}-/,
    );
    expect(out).toMatch(/10\.0 ·/); // 180 mg/dL
    expect(out).not.toContain('\x1b');
  });

  it('draws a bar that moves on a terminal', async () => {
    await using world = await makeWorld();
    const { out } = await run(world.uploadArgs, world.env, { isTerminal: true });
    const redraws = out.split('\r\x1b[2K');
    expect(redraws.find((line) => /^Uploading {2}█+░+ 51 of \d+$/.test(line))).toBeDefined();
    expect(redraws.find((line) => /^Uploading {2}█{24} (\d+) of \1\n/.test(line))).toBeDefined();
  });

  it('shows what it would upload and asks the service nothing with --dry-run', async () => {
    await using world = await makeWorld();
    let asked = 0;
    world.service.onRequest(() => void asked++);
    const args = ['upload', '--port', world.portPath, '--dry-run'];
    const { exitCode, out } = await run([...args, '--json'], world.env);
    expect(exitCode).toBe(0);
    const { wouldUpload } = JSON.parse(out) as { wouldUpload: { mgDl: number }[] };
    expect(wouldUpload.map(({ mgDl }) => mgDl)).toEqual(expectedValues(world));
    const human = await run(args, world.env);
    expect(human.out).toContain(`Dry run: ${wouldUpload.length} readings would be uploaded.`);
    expect(asked).toBe(0);
    expect(await readdir(world.folder)).toEqual([]);
  });

  it('knows in a dry run what was uploaded before', async () => {
    await using world = await makeWorld();
    await run(world.uploadArgs, world.env);
    const { out } = await run([...world.uploadArgs, '--dry-run', '--json'], world.env);
    expect(JSON.parse(out)).toMatchObject({ wouldUpload: [] });
  });

  it('fails when a reading does not come back as it is', async () => {
    await using world = await makeWorld({ assigned: EMULATED_SERIAL_NUMBER });
    await run(world.uploadArgs, world.env);
    let reads = 0;
    world.service.onRequest(({ endpoint, phase }) => {
      if (endpoint !== 'ReadPublisherLatestGlucoseValues' || phase !== 'received') return;
      reads++;
      if (reads === 2) world.service.failNext({ kind: 'body', status: 200, body: '[]' });
    });
    const { exitCode, out } = await run([...world.uploadArgs, '--json'], world.env);
    expect(exitCode).toBe(6);
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      checked: { same: 0, missing: storedValues(world).length },
    });
  });

  it('keeps passwords, sessions and account ids out of journal and output', async () => {
    await using world = await makeWorld();
    const { out, err } = await run([...world.uploadArgs, '--verbose'], world.env);
    const names = await readdir(join(world.folder, 'egvkit'));
    const name = names.find((one) => one.endsWith('.ndjson')) ?? '';
    const journal = await readFile(join(world.folder, 'egvkit', name), 'utf8');
    const { id } = world.service.account(ACCOUNT.name) ?? { id: 'missing' };
    for (const text of [out, err, journal]) {
      expect(text).not.toContain(ACCOUNT.password);
      expect(text).not.toContain(id);
    }
    expect(journal).toContain(EMULATED_SERIAL_NUMBER);
  });
});

describe('what bad input gets', () => {
  /** One sentence, and a line of help at the most; nothing uploaded; the exit code says so. */
  async function expectFailure(
    ran: Promise<{ exitCode: number; out: string; err: string }>,
    sentence: RegExp,
    exitCode: number,
  ): Promise<{ readonly err: string }> {
    const { err, ...rest } = await ran;
    // The sentence, what the service says, and what to do.
    expect(err.split('\n').length).toBeLessThanOrEqual(4);
    expect(err).toMatch(/^egvkit: [^\n]*\.\n/);
    expect(err).toMatch(sentence);
    expect(rest.exitCode).toBe(exitCode);
    return { err };
  }

  it('a wrong password', async () => {
    await using world = await makeWorld();
    const env = { ...world.env, DEXCOM_PASSWORD: 'wrong' };
    const logins: string[] = [];
    world.service.onRequest(({ endpoint, phase }) => {
      if (phase === 'received') logins.push(endpoint);
    });
    await expectFailure(run(world.uploadArgs, env), /refused this account name and password/, 5);
    expect(logins).toEqual(['SystemUtcTime', 'AuthenticatePublisherAccount']);
  });

  it('an unknown region', async () => {
    const args = ['upload', '--port', 'auto', '--region', 'mars'];
    await expectFailure(run(args), /Invalid --region "mars": use us, ous or jp/, 2);
  });

  it('no account, no password and nobody to ask, no port, no service', async () => {
    const port = ['upload', '--port', '/dev/null'];
    await expectFailure(
      run([...port, '--region', 'us']),
      /Add --account NAME, or set DEXCOM_USERNAME/,
      2,
    );
    await expectFailure(run(['upload']), /The region of the account is missing/, 2);
    await expectFailure(run(port), /--region us, ous or jp/, 2);
    await expectFailure(run([...port, '--shout']), /Unknown option --shout\./, 2);
    await expectFailure(run(['dance']), /Unknown command "dance"\./, 2);
  });

  it('a receiver that is not the account’s, unless it is said twice to assign it', async () => {
    await using world = await makeWorld({ assigned: 'SM99999999' });
    const args = world.uploadArgs.filter((word) => word !== '--assign-receiver');
    await expectFailure(
      run(args, world.env),
      /does not take readings from this receiver[\s\S]*\n {2}Run the same command again with --assign-receiver:/,
      5,
    );
    const once = world.uploadArgs.filter((word) => word !== '--yes');
    await expectFailure(run(once, world.env), /Add --yes/, 2);
    expect(world.service.account(ACCOUNT.name)?.receiver).toBe('SM99999999');
  });

  it('an account that stops sharing again and again', async () => {
    await using world = await makeWorld();
    const endpoint = 'PostReceiverEgvRecords';
    world.service.failNext({
      kind: 'fault',
      code: 'MonitoringSessionNotActive',
      endpoint,
      times: 9,
    });
    await expectFailure(
      run(world.uploadArgs, world.env),
      /: egvkit share monitoring start SERIAL\./,
      5,
    );
  });

  it('a service that is down', async () => {
    await using world = await makeWorld();
    const args = world.uploadArgs.with(4, 'http://127.0.0.1:2');
    await expectFailure(run(args, world.env), /127\.0\.0\.1:2/, 4);
  });

  it('a service that is not encrypted', async () => {
    await using world = await makeWorld();
    const args = world.uploadArgs.with(4, 'http://share.example');
    await expectFailure(run(args, world.env), /https/i, 2);
  });

  it('a port that does not exist', async () => {
    await using world = await makeWorld();
    const args = world.uploadArgs.with(2, '/dev/ttyACM-none');
    await expectFailure(run(args, world.env), /no port \/dev\/ttyACM-none/, 3);
  });

  it('a port that another program holds, after some tries', async () => {
    await using world = await makeWorld();
    await using _other = await openSerial(world.portPath);
    const { exitCode, err } = await run(world.uploadArgs, world.env);
    expect(exitCode).toBe(4);
    expect(err).toMatch(/Trying again in 2 s \(1 of 7\)/);
    expect(err).toMatch(/\negvkit: [^\n]* is held by another program\.\n/);
  });

  it('a receiver that is unplugged while it is read: nothing is uploaded', async () => {
    const deliver = ({ command }: { command: string | undefined }) =>
      command === 'readDatabasePages' && pages++ > 2 ? ('unplug' as const) : undefined;
    let pages = 0;
    await using world = await makeWorld({ deliver });
    await expectFailure(
      run(world.uploadArgs, world.env),
      /connection to the receiver .* was lost/,
      3,
    );
    expect(storedValues(world)).toEqual([]);
  });

  // Each damaged reply is waited out, so this takes 8 to 27 s.
  const SLOW = { timeout: 120_000 };
  it('a corrupt byte now and then: read again, and everything arrives', SLOW, async () => {
    await using world = await makeWorld({
      deliver: ({ number, bytes }) => (number % 7 === 3 ? [damaged(bytes)] : undefined),
    });
    const { exitCode } = await run(world.uploadArgs, world.env);
    expect(exitCode).toBe(0);
    expect(storedValues(world)).toEqual(expectedValues(world));
  });

  it('a line that damages everything', async () => {
    await using world = await makeWorld({
      deliver: ({ command, bytes }) => (command === 'ping' ? undefined : [damaged(bytes)]),
    });
    await expectFailure(run(world.uploadArgs, world.env), /answer to \w+ was damaged/, 6);
    expect(storedValues(world)).toEqual([]);
  });

  it('a receiver without readings', async () => {
    await using world = await makeWorld({ hasReading: () => false });
    const said = /no readings of the last 24 hours.*sensor session is running/s;
    await expectFailure(run(world.uploadArgs, world.env), said, 3);
  });

  it('a receiver with nothing that may be uploaded: the reason that was found most often', async () => {
    const isSpecial = ({ glucose }: EgvRecord): boolean => glucose.value < 20;
    const hasReading = (one: EgvRecord): boolean => isSpecial(one) || one.glucose.displayOnly;
    await using world = await makeWorld({ hasReading });
    const records = world.receiver.database.records(4) as readonly EgvRecord[];
    const special = records.filter(isSpecial).length;
    const counts = [`${special} special codes`, `${records.length - special} display-only`];
    const [most, least] = special * 2 > records.length ? counts : counts.toReversed();
    expect(special).not.toBe(records.length - special);
    const said = new RegExp(`of its ${records.length} records, ${most}\\.`);
    const { err } = await expectFailure(run(world.uploadArgs, world.env), said, 3);
    expect(err).not.toContain(least);
    expect(err).not.toContain('sensor session');
  });

  it('a journal that cannot be written: nothing is uploaded', async () => {
    await using world = await makeWorld();
    const args = [...world.uploadArgs, '--journal', '/dev/null/journal'];
    await expectFailure(run(args, world.env), /journal .* cannot be used/, 5);
    expect(storedValues(world)).toEqual([]);
  });

  it('is told to programs as JSON, and in full with --verbose', async () => {
    const { exitCode, out, err } = await run(['upload', '--json', '--verbose']);
    expect(exitCode).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ ok: false, error: { code: 'usage' } });
    expect(err).toContain('UsageError');
  });
});

function damaged(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  copy[copy.length - 3] = (copy[copy.length - 3] ?? 0) ^ 0x10;
  return copy;
}
