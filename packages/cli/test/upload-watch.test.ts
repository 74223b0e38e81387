import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import {
  ACCOUNT,
  EMULATED_SERIAL_NUMBER,
  expectedValues,
  makeWorld,
  run,
  storedValues,
  type World,
} from './support/world.ts';

/** The words of a watch that has everything it needs. */
function watchArgs({ portPath, origin }: World): readonly string[] {
  const service = ['--share-url', origin, '--account', ACCOUNT.name];
  return ['upload', '--watch', '--port', portPath, ...service];
}

/** A watch that runs until it is stopped, and what it has said so far. */
function startWatch(world: World, more: readonly string[] = []) {
  const abort = new AbortController();
  let out = '';
  const ended = run([...watchArgs(world), ...more], world.env, {
    signal: abort.signal,
    write: (text) => {
      out += text;
    },
  });
  return {
    said: () => out,
    see: (text: RegExp) => vi.waitFor(() => expect(out).toMatch(text), { timeout: 20_000 }),
    async stop(signal: string) {
      const from = performance.now();
      abort.abort(new Error('interrupted', { cause: signal }));
      return { ...(await ended), tookMs: performance.now() - from };
    },
  };
}

describe('egvkit upload --watch', () => {
  it('uploads, says so in a line with its time, and ends cleanly when it is told to', async () => {
    await using world = await makeWorld({ assigned: EMULATED_SERIAL_NUMBER });
    const watch = startWatch(world);
    await watch.see(/uploaded/);
    expect(storedValues(world)).toEqual(expectedValues(world));
    const { exitCode, err } = await watch.stop('SIGTERM');
    expect([exitCode, err]).toEqual([0, '']);
    const lines = watch.said().trimEnd().split('\n');
    expect(lines).toEqual([
      expect.stringMatching(
        new RegExp(
          `^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d [+-]\\d\\d:\\d\\d {2}receiver: ${EMULATED_SERIAL_NUMBER}, newest \\d+ mg/dL `,
        ),
      ),
      expect.stringMatching(/ {2}share: \d+ readings uploaded, newest \d+ mg\/dL \S+ of \d{4}-/),
    ]);
  });

  it('ends with 130 at Ctrl-C', async () => {
    await using world = await makeWorld({ assigned: EMULATED_SERIAL_NUMBER });
    const watch = startWatch(world);
    await watch.see(/receiver: SM/);
    expect((await watch.stop('SIGINT')).exitCode).toBe(130);
  });

  it('says nothing with --quiet while all is well', async () => {
    await using world = await makeWorld({ assigned: EMULATED_SERIAL_NUMBER });
    const watch = startWatch(world, ['--quiet']);
    await vi.waitFor(() => expect(storedValues(world)).toEqual(expectedValues(world)), 20_000);
    await watch.stop('SIGTERM');
    expect(watch.said()).toBe('');
  });

  it('prints events as JSON, and no password', async () => {
    await using world = await makeWorld({ assigned: EMULATED_SERIAL_NUMBER });
    const watch = startWatch(world, ['--json']);
    await watch.see(/"uploaded"/);
    await watch.stop('SIGTERM');
    const events = watch
      .said()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(events).toMatchObject([
      { kind: 'read', serialNumber: EMULATED_SERIAL_NUMBER },
      { kind: 'uploaded', destination: 'share', uploaded: expectedValues(world).length },
    ]);
    expect(watch.said()).not.toContain(ACCOUNT.password);
  });

  it('says once what a person must do, keeps trying, and shows it in the status', async () => {
    await using world = await makeWorld();
    const watch = startWatch(world);
    await watch.see(/share: .*Next try at/);
    await watch.stop('SIGTERM');
    expect(watch.said()).toMatch(/share: .*receiver.* Next try at \d{4}-/);
    const { out, exitCode } = await run(['status'], world.env);
    expect(exitCode).toBe(5);
    expect(out).toMatch(/^A person has to act:\n/);
    expect(out).toMatch(/share +never complete; \d+ readings still to come/);
  });

  it('runs once for a state folder', async () => {
    await using world = await makeWorld({ assigned: EMULATED_SERIAL_NUMBER });
    const watch = startWatch(world);
    await watch.see(/uploaded/);
    const second = await run(watchArgs(world), world.env);
    expect(second.exitCode).toBe(4);
    expect(second.err).toMatch(/Another "egvkit upload --watch" \(process \d+ on host .*\) keeps/);
    await watch.stop('SIGTERM');
  });

  it.each([
    [['--dry-run'], 'Give either --watch or --dry-run, not both.'],
    [['--assign-receiver', '--yes'], 'Give either --watch or --assign-receiver, not both.'],
    [['--backfill', '7'], 'Invalid --backfill "7": use 30m, 24h or 7d, up to 30d.'],
    [['--backfill', '31d'], 'Invalid --backfill "31d": use 30m, 24h or 7d, up to 30d.'],
  ])('refuses %j', async (words, message) => {
    const args = ['upload', '--watch', '--region', 'us', '--account', 'x', ...words];
    const { err, exitCode } = await run(args, { DEXCOM_PASSWORD: 'x' });
    expect(err).toContain(`egvkit: ${message}`);
    expect(exitCode).toBe(2);
  });
});

describe('a state folder that cannot be used', () => {
  it('is named with the reason, and may be better later', async () => {
    await using world = await makeWorld();
    const file = join(world.folder, 'file');
    await writeFile(file, '');
    const env = { ...world.env, XDG_STATE_HOME: file };
    const { err, exitCode } = await run(watchArgs(world), env);
    expect(err).toMatch(
      /^egvkit: The state folder .*egvkit cannot be used: part of its path is not a directory\.\n/,
    );
    expect(exitCode).toBe(4);
  });
});

describe('egvkit status', () => {
  it('tells a person and a monitor that all is well', async () => {
    await using world = await makeWorld({ assigned: EMULATED_SERIAL_NUMBER });
    const watch = startWatch(world);
    await watch.see(/uploaded/);
    await watch.stop('SIGTERM');
    const { out, exitCode } = await run(['status', '--max-age', '24h'], world.env);
    expect(out).toMatch(/^All is well\.\nReading +\d+ mg\/dL \S+ of .*, \d+ min ago\n/);
    expect(out).toMatch(/\nshare +last complete 0 min ago\n/);
    expect(exitCode).toBe(0);
    const json = await run(['status', '--max-age', '24h', '--json'], world.env);
    expect(JSON.parse(json.out)).toMatchObject({
      ok: true,
      condition: 'ok',
      pending: 0,
      person: null,
      receiver: { serialNumber: EMULATED_SERIAL_NUMBER },
      destinations: [{ name: 'share', pending: 0, lastError: null, otherPublisher: false }],
    });
  });

  it('goes on telling what was known when it is started again, until the receiver is read', async () => {
    await using world = await makeWorld({ assigned: EMULATED_SERIAL_NUMBER });
    const first = startWatch(world);
    await first.see(/uploaded/);
    await first.stop('SIGTERM');
    const again = startWatch({ ...world, portPath: join(world.folder, 'unplugged') });
    await again.see(/./);
    await expect
      .poll(async () =>
        JSON.parse((await run(['status', '--max-age', '24h', '--json'], world.env)).out),
      )
      .toMatchObject({
        receiver: { serialNumber: EMULATED_SERIAL_NUMBER, lastError: { code: expect.any(String) } },
        lastReading: { time: expect.any(String) },
        person: null,
      });
    await again.stop('SIGTERM');
  });

  it('says of another account only what it knows of it', async () => {
    await using world = await makeWorld({ assigned: EMULATED_SERIAL_NUMBER });
    const first = startWatch(world);
    await first.see(/uploaded/);
    await first.stop('SIGTERM');
    const unplugged = { ...world, portPath: join(world.folder, 'unplugged') };
    const shareSuccess = async () => {
      const { out } = await run(['status', '--max-age', '24h', '--json'], world.env);
      const { destinations, receiver } = JSON.parse(out);
      return { failed: receiver.lastError !== null, share: destinations[0].lastSuccess };
    };
    const same = startWatch(unplugged);
    await same.see(/./);
    await expect.poll(shareSuccess).toEqual({ failed: true, share: expect.any(String) });
    await same.stop('SIGTERM');
    const other = startWatch(unplugged, ['--account', 'somebody else']);
    await other.see(/./);
    await expect.poll(shareSuccess).toEqual({ failed: true, share: null });
    await other.stop('SIGTERM');
  });

  it.each(['', '{', '{"version":1}', '{"version":1,"destinations":{}}'])(
    'starts beside a status file that is %j, and replaces it',
    async (text) => {
      await using world = await makeWorld({ assigned: EMULATED_SERIAL_NUMBER });
      await mkdir(join(world.folder, 'egvkit'), { recursive: true });
      await writeFile(join(world.folder, 'egvkit', 'status.json'), text, { mode: 0o600 });
      const { err, exitCode } = await run(['status'], world.env);
      expect(err).toMatch(/^egvkit: .*status\.json is no status that this egvkit knows/);
      expect(exitCode).toBe(3);
      const watch = startWatch(world);
      await watch.see(/uploaded/);
      await watch.stop('SIGTERM');
      expect((await run(['status', '--max-age', '24h'], world.env)).exitCode).toBe(0);
    },
  );

  it('keeps no password in its file', async () => {
    await using world = await makeWorld({ assigned: EMULATED_SERIAL_NUMBER });
    const watch = startWatch(world);
    await watch.see(/uploaded/);
    await watch.stop('SIGTERM');
    const text = await readFile(join(world.folder, 'egvkit', 'status.json'), 'utf8');
    expect(text).not.toContain(ACCOUNT.password);
    expect(text).not.toContain(ACCOUNT.name);
  });

  it('says how to begin where nothing was ever uploaded', async () => {
    await using world = await makeWorld();
    const { err, exitCode } = await run(['status'], world.env);
    expect(err).toMatch(
      /^egvkit: No egvkit has uploaded unattended: there is no .*status\.json\.\n/,
    );
    expect(exitCode).toBe(3);
  });
});
