import { LOSS_SIGNS, type LostTime } from '@egvkit/receiver-emulator';
import { describe, expect, it, vi } from 'vitest';
import { parseTimeLoss } from '../src/commands/emulate/time-loss.ts';
import { makeWorld, run, type World } from './support/world.ts';

const HOUR_MS = 3_600_000;
const LEGEND = "* The true time is in doubt: the receiver's clock may have lost time";

interface Line {
  readonly index: number;
  readonly utc: string;
  readonly systemSeconds: number;
  readonly timeDoubt: string | null;
}

async function read(world: World, type: string): Promise<readonly Line[]> {
  const { out, err, exitCode } = await run(['read', type, '--port', world.portPath, '--json']);
  expect(err).toBe('');
  expect(exitCode).toBe(0);
  return out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
}

const lossOf = (how: LostTime['how'], signs = LOSS_SIGNS): LostTime => {
  const atMs = Date.now() - 5 * HOUR_MS;
  return how === 'restarted' ? { how, atMs, signs } : { how, atMs, signs, seconds: 3 * 3600 };
};

describe('egvkit read of a receiver that lost time', () => {
  it.each([
    { how: 'stoodStill', signs: LOSS_SIGNS },
    { how: 'ranBack', signs: LOSS_SIGNS },
    { how: 'ranBack', signs: [] },
    { how: 'restarted', signs: [] },
  ] as const)('marks the times from before: $how, $signs', async ({ how, signs }) => {
    const timeLoss = lossOf(how, signs);
    await using world = await makeWorld({ timeLoss });
    const lines = await read(world, 'egv');
    const doubts = lines.map(({ timeDoubt }) => timeDoubt);
    const firstRight = doubts.indexOf(null);
    expect(firstRight).toBeGreaterThan(100);
    expect(new Set(doubts.slice(0, firstRight))).toEqual(new Set(['timeLost']));
    expect(new Set(doubts.slice(firstRight))).toEqual(new Set([null]));
    for (const { utc, timeDoubt } of lines) {
      if (timeDoubt !== null) continue;
      expect(Date.parse(utc)).toBeGreaterThan(timeLoss.atMs - 1000);
      expect(Date.parse(utc)).toBeLessThan(Date.now());
    }
    // None from after it is doubted but those that a sign leaves open.
    expect(Date.parse(lines[firstRight]!.utc)).toBeLessThan(timeLoss.atMs + 16 * 60_000);
  });

  it.each(['meter', 'event', 'sensor', 'log'])(
    'marks a %s too, though no sign is left',
    async (type) => {
      await using world = await makeWorld({ timeLoss: lossOf('ranBack', []) });
      const lines = await read(world, type);
      const right = await makeWorld({}).then(async (normal) => {
        await using _ = normal;
        return await read(normal, type);
      });
      const doubtful = lines.filter(({ timeDoubt }) => timeDoubt === 'timeLost');
      expect(doubtful.length).toBeGreaterThan(0);
      expect(new Set(right.map(({ timeDoubt }) => timeDoubt))).toEqual(new Set([null]));
    },
  );

  it('tells a person by a mark and one line that explains it', async () => {
    await using world = await makeWorld({ timeLoss: lossOf('stoodStill') });
    const { out } = await run(['read', 'egv', '--port', world.portPath]);
    const lines = out.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^ +\d+ {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d\* /);
    expect(lines.at(-2)).toMatch(/^ +\d+ {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d {2}/);
    expect(lines.at(-1)).toContain(LEGEND);
  });

  it('marks nothing where no time was lost', async () => {
    await using world = await makeWorld();
    for (const type of ['egv', 'settings', 'insertion', 'manufacturing']) {
      const doubts = (await read(world, type)).map(({ timeDoubt }) => timeDoubt);
      // The settings of before the clock was set are of 2009.
      expect(new Set(doubts.slice(type === 'settings' ? 2 : 0))).toEqual(new Set([null]));
    }
    const { out } = await run(['read', 'egv', '--port', world.portPath]);
    expect(out).not.toContain(LEGEND);
    expect(out).not.toContain('*');
  });
});

describe("this computer's clock", () => {
  it.each([
    ['of 1970', 3_600_000, "This computer's clock says 1970-01-01T01:00:0"],
    [
      'nine days behind the receiver',
      Date.now() - 9 * 24 * HOUR_MS,
      "The receiver's clock is 9.0 days ahead of this computer's",
    ],
  ])('%s is warned of in one sentence, and read and info go on', async (_, hostMs, words) => {
    await using world = await makeWorld();
    const startMs = Date.now();
    const realNow = Date.now;
    vi.spyOn(Date, 'now').mockImplementation(() => hostMs + realNow() - startMs);
    try {
      for (const [command, ...more] of [['info'], ['read', 'egv']] as const) {
        for (const flags of [[], ['--json']]) {
          const args = [command, ...more, '--port', world.portPath, ...flags];
          const { out, err, exitCode } = await run(args);
          expect(err).toContain(words);
          expect(err.match(/\.\n/g)).toHaveLength(1);
          expect(out.length).toBeGreaterThan(100);
          expect(exitCode).toBe(0);
        }
      }
    } finally {
      vi.restoreAllMocks();
    }
  });
});

describe('--time-lost', () => {
  const nowMs = Date.UTC(2026, 4, 4);
  it.each([
    [
      'stood:3h@2h',
      { how: 'stoodStill', seconds: 10_800, atMs: nowMs - 2 * HOUR_MS, signs: LOSS_SIGNS },
    ],
    [
      'ran-back:45m@1d:flag,offset',
      {
        how: 'ranBack',
        seconds: 2700,
        atMs: nowMs - 24 * HOUR_MS,
        signs: ['settingsFlag', 'systemOffset'],
      },
    ],
    ['restarted@30m:none', { how: 'restarted', atMs: nowMs - HOUR_MS / 2, signs: [] }],
  ])('%s', (text, loss) => {
    expect(parseTimeLoss(text, nowMs)).toEqual(loss);
  });

  it.each(['stood', 'stood@2h', 'restarted:3h@2h', 'ran-back:3h@2h:all', 'stood:3h'])(
    'refuses %s',
    (text) => {
      expect(() => parseTimeLoss(text, nowMs)).toThrow(
        /^Invalid --time-lost ".*": use stood:3h@2h/,
      );
    },
  );
});
