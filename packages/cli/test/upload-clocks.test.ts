import { describe, expect, it, vi } from 'vitest';
import { ACCOUNT, expectedValues, makeWorld, run, storedValues } from './support/world.ts';

const HOUR_MS = 3_600_000;

describe("upload while this computer's clock is wrong", () => {
  it.each([
    ['3 h behind', 3 * HOUR_MS, '3.0 h behind'],
    ['2 h ahead', -2 * HOUR_MS, '2.0 h ahead of'],
    ['121 s ahead', -125_000, '125 s ahead of'],
  ])('sends nothing when it is %s, and says whose clock it is', async (_, trueAheadMs, words) => {
    await using world = await makeWorld({ trueAheadMs });
    const { exitCode, out, err } = await run(world.uploadArgs, world.env);
    expect(exitCode).not.toBe(0);
    expect(err).toContain("This computer's clock");
    expect(err).toContain(words);
    expect(out).not.toContain('behind UTC');
    expect(storedValues(world)).toEqual([]);
    const json = await run([...world.uploadArgs, '--json'], world.env);
    expect(JSON.parse(json.out)).toMatchObject({ ok: false, error: { code: 'hostClockWrong' } });
  });

  it('sends nothing in 1970, and everything by the same journal once the clock is right', async () => {
    await using world = await makeWorld();
    vi.spyOn(Date, 'now').mockReturnValue(3_600_000);
    try {
      const wrong = await run([...world.uploadArgs, '--json'], world.env);
      expect(JSON.parse(wrong.out)).toMatchObject({ ok: false, error: { code: 'hostClockWrong' } });
    } finally {
      vi.restoreAllMocks();
    }
    const right = await run(world.uploadArgs, world.env);
    expect(right.err).toBe('');
    expect(right.exitCode).toBe(0);
    expect(storedValues(world)).toEqual(expectedValues(world));
  });

  it('goes by the time of the service when the two are 90 s apart', async () => {
    await using world = await makeWorld({ trueAheadMs: 90_000 });
    const { exitCode, out, err } = await run(world.uploadArgs, world.env);
    expect(err).toBe('');
    expect(exitCode).toBe(0);
    expect(out).toContain('clock right');
    const newest = world.service.readings(ACCOUNT.name).at(-1);
    const { records } = world.receiver.database;
    const system = records.call(world.receiver.database, 4).at(-1)?.systemSeconds ?? 0;
    const trueMs = (1_230_768_000 + system) * 1000;
    expect(Math.abs((newest?.wtMs ?? 0) - trueMs)).toBeLessThanOrEqual(1000);
  });
});

describe('a clock that nothing but the receiver can be compared with', () => {
  it.each([
    ['3.0 h ahead of', 3 * HOUR_MS],
    ['2.0 h behind', -2 * HOUR_MS],
    ['the same as', 0],
  ])('is not said to be right: the receiver is %s it', async (words, trueAheadMs) => {
    await using world = await makeWorld({ trueAheadMs });
    for (const args of [['info'], ['upload', '--dry-run']]) {
      const { out } = await run([...args, '--port', world.portPath], world.env);
      expect(out).toContain(`${words} this computer's`);
      expect(out).not.toContain('UTC ');
    }
  });
});
