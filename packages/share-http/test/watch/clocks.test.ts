import { ShareError } from '@egvkit/protocol';
import { decodeReading, foldDuplicates } from '@egvkit/protocol/share';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ReadOptions, type WatchGap, watchReadings } from '../../src/index.ts';
import { NOW_MS } from '../harness.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const READING_MS = 5 * MINUTE_MS;

/** Hours after the beginning, by true time. */
interface Life {
  readonly hours: number;
  /** How much this machine's clock is ahead, and from when on by how much more. */
  readonly offsetHours?: number;
  readonly jumps?: readonly (readonly [atHour: number, byHours: number])[];
  /** No request gets through. */
  readonly outages?: readonly (readonly [fromHour: number, toHour: number])[];
  /** The machine, and its clock with it, stands still, and neither notices. */
  readonly paused?: readonly [fromHour: number, toHour: number];
  readonly silent?: readonly [fromHour: number, toHour: number];
  readonly devices?: number;
  readonly sinceHours?: number | undefined;
}

const within = (hour: number, span: readonly [number, number] | undefined): boolean =>
  span !== undefined && hour >= span[0] && hour < span[1];

const broken = () =>
  new ShareError('connectionLost', {
    host: 'h',
    endpoint: 'e',
    reason: 'r',
    outcomeUnknown: false,
  });

/** Watches a service that knows the true time with a clock that need not. */
async function live(life: Life) {
  const { hours, offsetHours = 0, jumps = [], outages = [], paused, silent, devices = 1 } = life;
  const time = { ms: NOW_MS };
  const hour = () => (time.ms - NOW_MS) / HOUR_MS;
  let stoodStillMs = 0;
  const measured: number[] = [];
  for (let at = NOW_MS - 30 * HOUR_MS + 1000; at < NOW_MS + hours * HOUR_MS; at += READING_MS) {
    if (!within((at - NOW_MS) / HOUR_MS, silent)) measured.push(at);
  }
  const records = measured
    .flatMap((utcMs) => {
      const Value = 80 + (Math.floor(utcMs / READING_MS) % 100);
      return Array.from({ length: devices }, (_, n) => ({
        WT: `Date(${utcMs + 9000 * n})`,
        Value,
      }));
    })
    .map((record) => decodeReading(record)!)
    .reverse();
  const count = { reads: 0, records: 0 };
  const readings = async ({ minutes = 1440, maxCount = 288 }: ReadOptions) => {
    if (hour() >= hours) throw new Error('the end');
    if (outages.some((outage) => within(hour(), outage))) throw broken();
    const fromMs = time.ms - minutes * MINUTE_MS;
    const there = records.filter(({ utcMs }) => utcMs >= fromMs && utcMs + 8000 <= time.ms);
    const shown = there.slice(0, maxCount);
    count.reads++;
    count.records += shown.length;
    return foldDuplicates(shown);
  };
  const platform = {
    random: () => 0.5,
    now: () => {
      const jumped = jumps.reduce((sum, [at, by]) => sum + (hour() >= at ? by : 0), 0);
      return time.ms - stoodStillMs + (offsetHours + jumped) * HOUR_MS;
    },
    sleep: async (ms: number) => {
      const before = hour();
      time.ms += ms;
      if (paused === undefined || before >= paused[0] || hour() < paused[0]) return;
      stoodStillMs = (paused[1] - paused[0]) * HOUR_MS;
      time.ms += stoodStillMs;
    },
  };
  const given: number[] = [];
  const gaps: WatchGap[] = [];
  const onGap = (gap: WatchGap) => void gaps.push(gap);
  const sinceMs = life.sinceHours === undefined ? undefined : NOW_MS + life.sinceHours * HOUR_MS;
  try {
    for await (const { utcMs } of watchReadings({ readings }, { sinceMs, onGap }, platform)) {
      // Cut off from its first, a copy is given in its place.
      given.push(utcMs - ((utcMs - measured[0]!) % READING_MS));
    }
  } catch (error) {
    expect(error).toMatchObject({ message: 'the end' });
  }
  const once = new Set(given);
  const firstMs = sinceMs ?? given[0]!;
  const lost = measured.filter((ms) => ms >= firstMs && ms <= Math.max(...given) && !once.has(ms));
  const untold = lost.filter((ms) => !gaps.some(({ fromMs, toMs }) => fromMs < ms && ms < toMs));
  const twice = given.length - once.size;
  return { given, lost: lost.length, untold: untold.length, twice, gaps, count };
}

const NOTHING_WRONG = { lost: 0, untold: 0, twice: 0, gaps: [] };

describe('watching with a clock that is wrong', () => {
  it.each<[string, Life]>([
    ['is right', { hours: 24 }],
    [
      'is two hours slow, and an outage of five',
      { hours: 24, offsetHours: -2, outages: [[10, 15]] },
    ],
    [
      'is two hours fast, and an outage of five',
      { hours: 24, offsetHours: 2, outages: [[10, 15]] },
    ],
    ['is years slow', { hours: 48, offsetHours: -99_999, outages: [[10, 30]] }],
    ['is years fast', { hours: 48, offsetHours: 99_999, outages: [[10, 30]] }],
    ['goes back in an outage', { hours: 24, jumps: [[12, -3]], outages: [[10, 15]] }],
    ['goes ahead in an outage', { hours: 24, jumps: [[12, 3]], outages: [[10, 15]] }],
    ['goes back', { hours: 24, jumps: [[10, -3]] }],
    ['stands still while the machine is paused', { hours: 24, paused: [10, 18] }],
    ['is slow when it is told where to begin', { hours: 12, offsetHours: -5, sinceHours: -20 }],
    [
      'is slow, and the sensor has been silent',
      { hours: 12, offsetHours: -5, sinceHours: -20, silent: [-6, 4] },
    ],
  ])('that %s loses nothing', async (_, life) => {
    expect(await live(life)).toMatchObject(NOTHING_WRONG);
  });

  it('loses nothing whatever the clock does, if no outage is longer than the service reads', async () => {
    const minutes = (least: number, most: number) =>
      fc.integer({ min: least * 60, max: most * 60 }).map((it) => it / 60);
    const life = fc.record({
      offsetHours: minutes(-30, 30),
      jumps: fc.array(fc.tuple(minutes(1, 40), minutes(-30, 30)), { maxLength: 3 }),
      outage: fc.tuple(minutes(1, 24), minutes(0, 23)),
      sinceHours: fc.option(minutes(-23, 0), { nil: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(life, async ({ outage: [at, length], ...rest }) => {
        const { given, ...found } = await live({
          hours: 60,
          outages: [[at, at + length]],
          ...rest,
        });
        expect(given.length).toBeGreaterThan(500);
        expect(found).toMatchObject({ lost: 0, untold: 0, twice: 0 });
      }),
      { numRuns: 30 },
    );
  }, 60_000);

  it('asks for little while nothing is wrong', async () => {
    for (const offsetHours of [-2, 0, 20]) {
      const { count } = await live({ hours: 48, offsetHours });
      expect(count.reads).toBeLessThan(1.1 * 48 * 12);
      expect(count.records / count.reads).toBeLessThan(offsetHours === 0 ? 15 : 16);
    }
  });
});

describe('what the service cannot give any more', () => {
  it('is told: two devices fill an answer in half a day', async () => {
    const { gaps, lost, untold, twice } = await live({
      hours: 48,
      devices: 2,
      outages: [[10, 30]],
    });
    expect({ lost: lost > 90, untold, twice }).toEqual({ lost: true, untold: 0, twice: 0 });
    expect(gaps).toHaveLength(1);
    const [{ fromMs, toMs }] = gaps as [WatchGap];
    expect((toMs - fromMs) / READING_MS - 1).toBeCloseTo(lost, 0);
  });

  it.each<[string, Life]>([
    ['an outage of more than a day', { hours: 60, outages: [[10, 40]] }],
    ['a start that is too long ago', { hours: 12, sinceHours: -28 }],
    ['a start half a day ago with two devices', { hours: 12, sinceHours: -20, devices: 2 }],
    ['a machine that was paused with its clock', { hours: 60, paused: [10, 40] }],
  ])('is told of %s', async (_, life) => {
    const { gaps, lost, untold } = await live(life);
    expect({ gaps: gaps.length, lost: lost > 20, untold }).toEqual({
      gaps: 1,
      lost: true,
      untold: 0,
    });
  });

  it.each<[string, Life]>([
    ['two devices and a short outage', { hours: 48, devices: 2, outages: [[10, 20]] }],
    ['a sensor that was silent for more than a day', { hours: 60, silent: [10, 40] }],
    ['a start before the first reading', { hours: 12, sinceHours: -20, silent: [-30, -5] }],
    ['an outage just within the day', { hours: 60, outages: [[10, 33.5]] }],
  ])('is not made up for %s', async (_, life) => {
    expect(await live(life)).toMatchObject(NOTHING_WRONG);
  });

  it('comes before the readings that follow it', async () => {
    const order: string[] = [];
    const one = (ms: number) => decodeReading({ WT: `Date(${ms})`, Value: 100 })!;
    const full = Array.from({ length: 288 }, (_, n) => one(NOW_MS - n * READING_MS));
    const watched = { readings: async () => foldDuplicates(full) };
    const sinceMs = NOW_MS - 48 * HOUR_MS;
    const onGap = ({ fromMs }: WatchGap) => void order.push(`gap ${fromMs === sinceMs}`);
    const platform = { now: () => NOW_MS };
    for await (const { utcMs } of watchReadings(watched, { sinceMs, onGap }, platform)) {
      order.push(`reading ${(NOW_MS - utcMs) / READING_MS}`);
      break;
    }
    expect(order).toEqual(['gap true', 'reading 287']);
  });
});
