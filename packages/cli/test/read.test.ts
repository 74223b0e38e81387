import { encodePacket, PAGE_SIZE } from '@egvkit/protocol/receiver/wire';
import { describe, expect, it } from 'vitest';
import { EMULATED_SERIAL_NUMBER, makeWorld, run, type World } from './support/world.ts';

async function read(world: World, ...words: readonly string[]) {
  const ran = await run(['read', ...words, '--port', world.portPath, '--json']);
  const lines = ran.out.split('\n').filter(Boolean);
  return { ...ran, records: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

/** The records of the emulated receiver as JSON has them. */
function stored(world: World, recordType: number): unknown[] {
  return world.receiver.database
    .records(recordType)
    .map((record) =>
      JSON.parse(
        JSON.stringify(record, (_, value: unknown) =>
          value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
        ),
      ),
    );
}

describe('egvkit read', () => {
  it('gives every record with all its fields and times, oldest first', async () => {
    await using world = await makeWorld();
    for (const { recordType } of world.receiver.database.partitions()) {
      const { records, exitCode, err } = await read(world, String(recordType));
      expect(err).toBe('');
      expect(exitCode).toBe(0);
      const times = records.map(({ utc, displayTime }) => [utc, displayTime]);
      expect(records).toMatchObject(stored(world, recordType) as object[]);
      for (const [utc, displayTime] of times) {
        expect(utc).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
        expect(displayTime).toMatch(/^\d{4}-\d\d-\d\dT[\d:]+$/);
      }
    }
  });

  it.each(['manufacturing', 'ManufacturingData', '0'])('knows a type as %s', async (name) => {
    await using world = await makeWorld();
    const { records } = await read(world, name);
    expect(records).toMatchObject([
      { kind: 'xml', element: { attributes: { SerialNumber: EMULATED_SERIAL_NUMBER } } },
    ]);
  });

  it('gives only what is since then', async () => {
    await using world = await makeWorld();
    const { records } = await read(world, 'egv', '--since', '2h');
    expect(records.length).toBeGreaterThan(15);
    expect(records.length).toBeLessThan(30);
    const from = Date.now() - 2 * 3_600_000 - 5000;
    for (const { utc } of records) expect(Date.parse(String(utc))).toBeGreaterThan(from);
    expect((await read(world, 'egv', '--since', '2100-01-01')).records).toEqual([]);
  });

  it('tells a person in lines', async () => {
    await using world = await makeWorld();
    const args = ['read', 'egv', '--since', '1h', '--port', world.portPath];
    const { out, exitCode } = await run(args);
    const time =
      /^ +\d+ {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d {2} *(?:\d+|LOW|HIGH) mg\/dL /m;
    expect(out).toMatch(time);
    expect(exitCode).toBe(0);
    const units = await run([...args, '--units', 'mmol/L']);
    expect(units.out).toMatch(/(?:\d+\.\d|LOW|HIGH) mmol\/L /);
    const none = await run(['read', '99', '--port', world.portPath]);
    expect(none.out).toBe('No records.\n');
  });

  it('shows the time by the clock that is asked for, and names it', async () => {
    await using world = await makeWorld();
    const { records } = await read(world, 'egv', '--since', '1h');
    const args = ['read', 'egv', '--since', '1h', '--port', world.portPath, '--time'];
    for (const [clock, zone, field] of [
      ['utc', / UTC$/, 'utc'],
      ['local', / [+-]\d\d:\d\d$/, 'utc'],
      ['display', / display$/, 'displayTime'],
    ] as const) {
      const { out } = await run([...args, clock]);
      const times = out
        .trimEnd()
        .split('\n')
        .map((line) => line.slice(9, 36).trimEnd());
      for (const [i, time] of times.entries()) {
        expect(time).toMatch(zone);
        // The receiver's clock is read anew each time, and it goes by seconds.
        const shownMs = Date.parse(time.replace(/ (?=[+-])| display$/, ''));
        const storedMs = Date.parse(String(records[i]?.[field]));
        expect(Math.abs(shownMs - storedMs)).toBeLessThan(2000);
      }
      expect(times).toHaveLength(records.length);
    }
  });

  it('tells of damage where it is, gives the rest, and ends with the code for damage', async () => {
    const deliver = ({ command, bytes }: { command: string | undefined; bytes: Uint8Array }) => {
      if (command !== 'readDatabasePages') return undefined;
      const payload = bytes.slice(4, -2);
      for (let at = 0; at < payload.length; at += PAGE_SIZE) payload[at + 30] = 0xee;
      return [encodePacket(1, payload)];
    };
    await using world = await makeWorld({ deliver });
    const { records, exitCode } = await read(world, 'egv');
    const damages = records.filter(({ kind }) => kind === 'damage');
    const pages = Math.ceil(world.receiver.database.records(4).length / 38);
    expect(damages).toHaveLength(pages);
    expect(damages[0]).toMatchObject({
      recordType: 4,
      page: expect.any(Number),
      reason: expect.stringContaining('has CRC'),
      problem: { kind: 'recordCrc', index: expect.any(Number) },
    });
    expect(records.length - pages).toBe(world.receiver.database.records(4).length - pages);
    expect(exitCode).toBe(6);
    const human = await run(['read', 'egv', '--port', world.portPath]);
    expect(human.err).toMatch(/^Page \d+ is not whole: record \d+ has CRC/);
  });

  it.each([
    [['read', '--port', 'x'], /^egvkit: The record type is missing\.\n {2}Use egv, .*\.\n/],
    [['read', 'gluten', '--port', 'x'], /^egvkit: Invalid record type "gluten": use /],
    [
      ['read', '256', '--port', 'x'],
      /^egvkit: Invalid record type "256": .* a number up to 255\.\n$/,
    ],
    [['read', 'egv', 'log', '--port', 'x'], /^egvkit: Unexpected argument "log"\./],
    [
      ['read', 'egv', '--port', 'x', '--since', 'noon'],
      /^egvkit: Invalid --since "noon": use 30m, /,
    ],
    [
      ['read', 'egv', '--port', 'x', '--since', '2026-13-45'],
      /^egvkit: Invalid --since "2026-13-45"/,
    ],
  ])('says in one sentence what is wrong: %j', async (args, message) => {
    const { exitCode, err, out } = await run(args);
    expect(err).toMatch(message);
    expect(out).toBe('');
    expect(exitCode).toBe(2);
  });
});

describe('an interruption', () => {
  it('is told as one, with nothing about uploads', async () => {
    await using world = await makeWorld();
    const abort = new AbortController();
    abort.abort(new Error('interrupted'));
    const args = ['read', 'egv', '--port', world.portPath];
    const { exitCode, err } = await run(args, {}, { signal: abort.signal });
    expect(err).toBe('egvkit: Interrupted.\n');
    expect(exitCode).toBe(130);
  });
});

describe('egvkit info', () => {
  it('tells a program everything the receiver says of itself', async () => {
    await using world = await makeWorld();
    const { exitCode, out, err } = await run(['info', '--port', world.portPath, '--json']);
    expect(err).toBe('');
    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      port: world.portPath,
      firmware: { productId: 'G4Receiver', productName: 'Dexcom G4 Receiver' },
      serialNumber: EMULATED_SERIAL_NUMBER,
      transmitterId: '6ABCD',
      clock: { systemSeconds: expect.any(Number), displayOffsetSeconds: expect.any(Number) },
      hardwareClock: { rtcSeconds: expect.any(Number), systemOffsetSeconds: expect.any(Number) },
      battery: { percent: 84, state: { name: 'charging' } },
      display: { unit: { name: 'mg/dL' }, clockMode: { name: '24-hour' } },
      mode: { blinded: { blinded: false }, deviceMode: 0 },
      firmwareSettings: { firmwareImageId: '' },
    });
    const { holdings } = JSON.parse(out) as { holdings: { type: string; pages: unknown }[] };
    const { database } = world.receiver;
    expect(holdings).toEqual(
      database.partitions().map(({ recordType, name, recordRevision, recordLength }) => ({
        recordType,
        type: expect.any(String),
        partition: name,
        recordRevision,
        recordLength,
        pages: database.pageRange(recordType) ?? null,
      })),
    );
  });

  it('tells a person in lines', async () => {
    await using world = await makeWorld();
    const { out } = await run(['info', '--port', world.portPath]);
    expect(out).toContain(`Receiver   Dexcom G4 Receiver on ${world.portPath}\n`);
    expect(out).toContain(`serial ${EMULATED_SERIAL_NUMBER} · transmitter 6ABCD`);
    expect(out).toContain('Battery    84 % · charging');
    expect(out).toMatch(/\n {11}egv +\d+ pages \(\d+ to \d+\)\n/);
  });
});
