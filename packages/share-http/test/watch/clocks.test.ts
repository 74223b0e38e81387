import { decodeReading, foldDuplicates } from '@egvkit/protocol/share';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReadOptions, WatchGap } from '../../src/index.ts';
import { ShareError } from '../../src/index.ts';
import { watchWith } from '../../src/watch/watch.ts';
import { NOW_MS } from '../harness.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const READING_MS = 5 * MINUTE_MS;

/** Hours after the beginning, by true time. */
interface Life {
  readonly hours: number;
  /** Error of this machine's clock, and a jump of the clock. */
  readonly offsetHours?: number;
  readonly jumps?: readonly (readonly [atHour: number, byHours: number])[];
  /** No request gets through. */
  readonly outages?: readonly (readonly [fromHour: number, toHour: number])[];
  /** The machine, and its clock with it, stands still, and neither notices. */
  readonly paused?: readonly [fromHour: number, toHour: number];
  /** The machine stands still, and its clock goes on. */
  readonly sleeps?: readonly (readonly [fromHour: number, toHour: number])[];
  /** The sensor measures nothing. */
  readonly silent?: readonly [fromHour: number, toHour: number];
  /** Readings of that time appear when the phone has filled the gap. */
  readonly away?: readonly (readonly [fromHour: number, toHour: number, filledHour: number])[];
  /** One more reading, with that date. */
  readonly misdated?: readonly (readonly [datedHour: number, thereHour: number])[];
  readonly historyHours?: number;
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
    advice: '',
    outcomeUnknown: false,
  });

/** Watches a service that knows the true time with a clock that need not. */
async function live(life: Life) {
  const { hours, offsetHours = 0, jumps = [], outages = [], paused, silent, devices = 1 } = life;
  const { sleeps = [], away = [], misdated = [], historyHours = 30 } = life;
  const time = { ms: NOW_MS };
  const hour = () => (time.ms - NOW_MS) / HOUR_MS;
  const hourOf = (ms: number) => (ms - NOW_MS) / HOUR_MS;
  let stoodStillMs = 0;
  const measured: number[] = [];
  const firstAt = NOW_MS - historyHours * HOUR_MS + 1000;
  for (let at = firstAt; at < NOW_MS + hours * HOUR_MS; at += READING_MS) {
    if (!within(hourOf(at), silent)) measured.push(at);
  }
  const there = (utcMs: number) => {
    const span = away.find(([from, to]) => within(hourOf(utcMs), [from, to]));
    return span === undefined ? utcMs + 8000 : NOW_MS + span[2] * HOUR_MS;
  };
  const decode = (utcMs: number, Value: number, thereMs: number) => ({
    utcMs,
    thereMs,
    reading: decodeReading({ WT: `Date(${utcMs})`, Value })!,
  });
  const records = measured
    .flatMap((utcMs) => {
      const value = 80 + (Math.floor(utcMs / READING_MS) % 100);
      return Array.from({ length: devices }, (_, n) =>
        decode(utcMs + 9000 * n, value, there(utcMs) + 9000 * n),
      );
    })
    .concat(
      misdated.map(([dated, at]) => decode(NOW_MS + dated * HOUR_MS, 222, NOW_MS + at * HOUR_MS)),
    )
    .sort((a, b) => b.utcMs - a.utcMs);
  const count = { reads: 0, records: 0 };
  /** Readings that the service could have given, each time it answered. */
  const looks: { readonly fromMs: number; readonly atMs: number }[] = [];
  const answer = (fromMs: number, most: number) =>
    records.filter(({ utcMs, thereMs }) => utcMs >= fromMs && thereMs <= time.ms).slice(0, most);
  const readings = async ({ minutes = 1440, maxCount = 288 }: ReadOptions) => {
    if (hour() >= hours) throw new Error('the end');
    if (outages.some((outage) => within(hour(), outage))) throw broken();
    const shown = answer(time.ms - minutes * MINUTE_MS, maxCount);
    const all = answer(time.ms - 24 * HOUR_MS, 288);
    const fromMs = all.length < 288 ? time.ms - 24 * HOUR_MS : all.at(-1)!.utcMs;
    looks.push({ fromMs, atMs: time.ms });
    count.reads++;
    count.records += shown.length;
    return foldDuplicates(shown.map(({ reading }) => reading));
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
      const asleep = sleeps.find(([from]) => before < from && hour() >= from);
      if (asleep !== undefined) time.ms += (asleep[1] - asleep[0]) * HOUR_MS;
      if (paused === undefined || before >= paused[0] || hour() < paused[0]) return;
      stoodStillMs = (paused[1] - paused[0]) * HOUR_MS;
      time.ms += stoodStillMs;
    },
  };
  const given: number[] = [];
  let late = 0;
  const gaps: WatchGap[] = [];
  const onGap = (gap: WatchGap) => void gaps.push(gap);
  const sinceMs = life.sinceHours === undefined ? undefined : NOW_MS + life.sinceHours * HOUR_MS;
  try {
    for await (const it of watchWith({ readings }, { sinceMs, onGap }, platform)) {
      const { utcMs } = it;
      if (it.late) late++;
      // Cut off from its first, a copy is given in its place.
      const isMisdated = misdated.some(([dated]) => NOW_MS + dated * HOUR_MS === utcMs);
      given.push(isMisdated ? utcMs : utcMs - ((utcMs - firstAt) % READING_MS));
    }
  } catch (error) {
    expect(error).toMatchObject({ message: 'the end' });
  }
  const once = new Set(given);
  const firstMs = sinceMs ?? given[0]!;
  const endMs = NOW_MS + hours * HOUR_MS - 2 * READING_MS;
  const lost = measured.filter((ms) => ms >= firstMs && ms <= endMs && !once.has(ms));
  const isIn = (ms: number) => (gap: WatchGap) => gap.fromMs < ms && ms < gap.toMs;
  // What came while the service could not be asked, where it had nothing before, cannot be known.
  const isLooked = (ms: number) => looks.some((it) => it.fromMs <= ms && ms + 8000 <= it.atMs);
  const couldHave = (ms: number) => looks.some((it) => it.fromMs <= ms && there(ms) <= it.atMs);
  const untold = lost.filter((ms) => !gaps.some(isIn(ms)) && (!isLooked(ms) || couldHave(ms)));
  const missed = lost.filter((ms) => couldHave(ms) && there(ms) <= endMs);
  const madeUp = gaps.filter((gap) => {
    const { fromMs, toMs } = gap;
    if (lost.some((ms) => isIn(ms)(gap))) return false;
    for (let ms = fromMs + MINUTE_MS; ms < toMs; ms += MINUTE_MS) if (!isLooked(ms)) return false;
    return true;
  });
  return {
    given,
    late,
    lost: lost.length,
    missed: missed.length,
    untold: untold.length,
    twice: given.length - once.size,
    gaps,
    madeUp: madeUp.length,
    count,
  };
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

  const hours = (least: number, most: number) =>
    fc.integer({ min: least * 60, max: most * 60 }).map((it) => it / 60);
  const spans = (from: number, to: number, longest: number) =>
    fc.tuple(hours(from, to), hours(0, longest)).map(([at, length]) => [at, at + length] as const);
  const away = fc
    .tuple(hours(1, 50), hours(0, 20), hours(0, 3))
    .map(([at, length, later]) => [at, at + length, at + length + later] as const);

  it('gives all that the service could give, once, and tells exactly of what it could not', async () => {
    const life = fc.record({
      outages: fc.array(spans(1, 60, 40), { maxLength: 2 }),
      sleeps: fc.array(spans(1, 60, 40), { maxLength: 1 }),
      silent: spans(-30, 60, 40),
      away: fc.array(away, { maxLength: 1 }),
      sinceHours: fc.option(fc.oneof(hours(-29, -25), hours(-23, 0)), { nil: undefined }),
      historyHours: fc.constant(60),
    });
    await fc.assert(
      fc.asyncProperty(life, async (one) => {
        const { given, gaps, ...found } = await live({ hours: 120, ...one });
        expect(found).toMatchObject({ missed: 0, untold: 0, twice: 0, madeUp: 0 });
      }),
      { numRuns: 60, seed: 7 },
    );
  }, 120_000);

  it('misses nothing and makes nothing up, however the clock is set while it watches', async () => {
    const life = fc.record({
      offsetHours: hours(-30, 30),
      jumps: fc.array(fc.tuple(hours(1, 60), hours(-30, 23)), { maxLength: 3 }),
      silent: spans(1, 60, 40),
      away: fc.array(away, { maxLength: 1 }),
    });
    await fc.assert(
      fc.asyncProperty(life, async (one) => {
        expect(await live({ hours: 110, ...one })).toMatchObject(NOTHING_WRONG);
      }),
      { numRuns: 40, seed: 7 },
    );
  }, 120_000);

  it.each<[string, Life]>([
    ['is set back while the sensor is silent', { hours: 60, silent: [10, 40], jumps: [[20, -10]] }],
    ['is set ahead while it is', { hours: 60, silent: [10, 40], jumps: [[20, 30]] }],
  ])('that %s makes no gap', async (_, life) => {
    expect(await live(life)).toMatchObject(NOTHING_WRONG);
  });

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
    [
      'a long sleep after which the sensor is silent',
      { hours: 110, sleeps: [[10, 82]], silent: [55, 84] },
    ],
    [
      'a start that is too long ago while the sensor is silent',
      { hours: 10, sinceHours: -72, historyHours: 80, silent: [-26, 2] },
    ],
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
    for await (const { utcMs } of watchWith(watched, { sinceMs, onGap }, platform)) {
      order.push(`reading ${(NOW_MS - utcMs) / READING_MS}`);
      break;
    }
    expect(order).toEqual(['gap true', 'reading 287']);
  });
});

describe('what the phone fills in later', () => {
  it.each<[string, readonly [number, number, number]]>([
    ['eight hours, the newest reading first', [20, 28, 28.3]],
    ['eight hours at once', [20, 28, 28]],
    ['four hours, three hours later', [20, 24, 27]],
    ['twenty hours, three hours later', [20, 40, 43]],
  ])('is given: %s', async (_, away) => {
    expect(await live({ hours: 60, away: [away] })).toMatchObject(NOTHING_WRONG);
  });

  it('is given where nothing is new, and the newest was old or the clock is set back', async () => {
    const lives: Life[] = [
      { hours: 60, outages: [[10.9, 28]], silent: [27, 50], away: [[25.5, 43.5, 44.2]] },
      { hours: 60, jumps: [[33.85, -1.1]], silent: [33.95, 57.85], away: [[33.85, 33.95, 35.2]] },
    ];
    for (const life of lives) expect(await live(life)).toMatchObject(NOTHING_WRONG);
  });

  it('is given too where an outage is in between', async () => {
    const life: Life = { hours: 60, away: [[20, 24, 30]], outages: [[25, 33]] };
    expect(await live(life)).toMatchObject(NOTHING_WRONG);
  });
});

describe('a reading that is dated in the future', () => {
  it.each([0.1, 0.5, 3, 12, 23, 30, 50, 9000])('by %d hours spoils no other', async (ahead) => {
    const misdated = [[50 + ahead, 50.01]] as const;
    for (const life of [{}, { outages: [[120, 140]] }, { jumps: [[60, -10]] }] as Partial<Life>[]) {
      const { given, ...found } = await live({ hours: 200, misdated, ...life });
      expect(found).toMatchObject(NOTHING_WRONG);
      expect(given).toContain(NOW_MS + misdated[0][0] * HOUR_MS);
    }
    const lost = await live({ hours: 200, misdated, outages: [[100, 130]] });
    expect(lost).toMatchObject({ missed: 0, untold: 0, twice: 0, madeUp: 0 });
    expect(lost.gaps).toHaveLength(1);
  });

  it('is the first there is, and the others follow', async () => {
    const { given, ...found } = await live({ hours: 48, misdated: [[9000, -1]] });
    expect(found).toMatchObject({ twice: 0, gaps: [] });
    expect(given.length).toBeGreaterThan(48 * 12 - 3);
  });

  it('does not make the others late', async () => {
    const { late } = await live({ hours: 80, misdated: [[9000, 50.01]] });
    expect(late).toBe(0);
  });
});
