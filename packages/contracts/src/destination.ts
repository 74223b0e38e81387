/** The one suite that every destination of an upload passes. */
import { type Reading, readingOf, TREND_NAMES } from '@egvkit/protocol';
import { describe, expect, it, onTestFinished } from 'vitest';

/** A reading on its way, as `@egvkit/uploader` has it. */
interface PostedReading extends Reading {
  readonly key: string;
}

interface Call {
  readonly signal?: AbortSignal | undefined;
}

/** The port of `@egvkit/uploader`, as far as the suite needs it. */
export interface DestinationUnderTest {
  readonly limits: {
    readonly windowMs: number;
    readonly batchSize: number;
    readonly lowestValue: number;
    readonly highestValue: number;
    readonly timeStepMs: number;
  };
  readonly readBack:
    | {
        readonly windowMs: number;
        readonly mostReadings: number;
        read(options: Call): Promise<readonly Reading[]>;
      }
    | undefined;
  readonly repeatsAreOnce?: boolean | undefined;
  fingerprint(): Promise<string>;
  prepare(options: Call & { serialNumber: string; assign: boolean }): Promise<void>;
  post(
    readings: readonly PostedReading[],
    options: Call & { serialNumber: string },
  ): Promise<'posted' | 'duplicate'>;
  mayHaveArrived(error: unknown): boolean;
}

/** The service behind a destination under test, seen from its own side. */
export interface DestinationWorld {
  readonly destination: DestinationUnderTest;
  /** The time there, Unix ms. */
  readonly nowMs: number;
  readonly serialNumber: string;
  /** Secrets that must not be in the fingerprint: passwords, names of accounts. */
  readonly secrets: readonly string[];
  /** Readings that the service holds, in any order. */
  stored(): readonly Pick<Reading, 'utcMs' | 'value'>[];
  /** Makes the next post be stored, and its answer be lost. */
  loseAnswer(): void;
  /** Makes the next post be refused, and nothing of it be stored. */
  refuse(): void;
  /** Takes down what is not the destination's own. */
  dispose?(): Promise<void>;
}

/**
 * Describes what a destination promises, as one vitest suite.
 *
 * @param name of the destination, for the suite
 * @param makeWorld a destination where nothing is stored yet
 */
export function describeDestination(
  name: string,
  makeWorld: () => Promise<DestinationWorld> | DestinationWorld,
): void {
  const open = async (): Promise<Opened> => {
    const world = await makeWorld();
    onTestFinished(async () => await world.dispose?.());
    const { destination, serialNumber } = world;
    await destination.prepare({ serialNumber, assign: true });
    return { ...world, post: (readings) => destination.post(readings, { serialNumber }) };
  };
  describe(`${name} as a Destination`, () => {
    describeTaking(open);
    describeRepeating(open);
    describeFailing(open);
    describeReadingBack(open);
  });
}

interface Opened extends DestinationWorld {
  readonly post: (readings: readonly PostedReading[]) => Promise<'posted' | 'duplicate'>;
}

type Open = () => Promise<Opened>;

const MINUTE_MS = 60_000;

/** `count` readings a minute apart, the newest a minute old, at times that the destination keeps. */
function readingsFor({ destination, nowMs }: Opened, values: readonly number[]): PostedReading[] {
  const { timeStepMs } = destination.limits;
  return values.map((value, i) => {
    const utcMs = Math.floor(nowMs / timeStepMs) * timeStepMs - (values.length - i) * MINUTE_MS;
    const raw = i % TREND_NAMES.length;
    const trend = { raw, name: TREND_NAMES[raw] ?? ('unknown' as const) };
    return { ...readingOf(value, { utcMs, trend, source: 'receiver' }), key: `4:${i}@${i}` };
  });
}

const cycle = (count: number): number[] => Array.from({ length: count }, (_, i) => 100 + (i % 200));

const timed = (readings: readonly Pick<Reading, 'utcMs' | 'value'>[]) =>
  readings.map(({ utcMs, value }) => ({ utcMs, value })).sort((a, b) => a.utcMs - b.utcMs);

function describeTaking(open: Open): void {
  it('takes every value from the least to the greatest, at its time', async () => {
    const world = await open();
    const { lowestValue, highestValue } = world.destination.limits;
    const values = [lowestValue, lowestValue + 1, 100, highestValue - 1, highestValue];
    const readings = readingsFor(world, values);
    expect(await world.post(readings)).toBe('posted');
    expect(timed(world.stored())).toEqual(timed(readings));
  });

  it('takes no value that is no glucose: 39 (LOW) to 401 (HIGH) at the most', async () => {
    const { limits } = (await open()).destination;
    expect(limits.lowestValue).toBeGreaterThanOrEqual(39);
    expect(limits.highestValue).toBeLessThanOrEqual(401);
  });

  it('takes as many at once as it says', async () => {
    const world = await open();
    const readings = readingsFor(world, cycle(world.destination.limits.batchSize));
    expect(await world.post(readings)).toBe('posted');
    expect(timed(world.stored())).toEqual(timed(readings));
  });

  it('takes what is nearly as old as its window', async () => {
    const world = await open();
    const { windowMs, timeStepMs } = world.destination.limits;
    const [reading] = readingsFor(world, [100]);
    const oldMs = world.nowMs - windowMs + MINUTE_MS;
    const utcMs = Math.ceil(oldMs / timeStepMs) * timeStepMs;
    await world.post([{ ...reading!, utcMs }]);
    expect(timed(world.stored())).toEqual([{ utcMs, value: 100 }]);
  });

  it('has one name for a journal, which tells no secret', async () => {
    const { destination, secrets } = await open();
    const name = await destination.fingerprint();
    expect(await destination.fingerprint()).toBe(name);
    for (const secret of secrets) expect(name).not.toContain(secret);
  });
}

function describeRepeating(open: Open): void {
  it('stores once what is posted twice, and says so', async () => {
    const world = await open();
    const readings = readingsFor(world, [100]);
    await world.post(readings);
    const again = await world.post(readings);
    // What cannot be read back is known again by its key, or by its time; else the uploader looks.
    const { readBack, repeatsAreOnce = readBack === undefined } = world.destination;
    expect(again).toBe(repeatsAreOnce ? 'posted' : 'duplicate');
    expect(timed(world.stored())).toEqual(timed(readings));
  });

  it('stores a batch of which something is there once, or says that something was', async () => {
    const world = await open();
    const readings = readingsFor(world, [100, 110, 120]);
    await world.post(readings.slice(1, 2));
    const outcome = await world.post(readings);
    const there = timed(world.stored());
    expect(new Set(there.map(({ utcMs }) => utcMs)).size).toBe(there.length);
    if (outcome === 'posted') expect(there).toEqual(timed(readings));
    else expect(world.destination.readBack).toBeDefined();
  });
}

function describeFailing(open: Open): void {
  it('says of a post without an answer that it may have arrived', async () => {
    const world = await open();
    world.loseAnswer();
    const readings = readingsFor(world, [100]);
    const error = await world.post(readings).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(Error);
    expect(world.destination.mayHaveArrived(error)).toBe(true);
    expect(timed(world.stored())).toEqual(timed(readings));
  });

  it('says of a post that was refused that it has not', async () => {
    const world = await open();
    world.refuse();
    const error = await world.post(readingsFor(world, [100])).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(Error);
    expect(world.destination.mayHaveArrived(error)).toBe(false);
    expect(world.stored()).toEqual([]);
  });

  it('says of no other error that it may have arrived', async () => {
    const { destination } = await open();
    for (const other of [new Error('another'), undefined, 'text']) {
      expect(destination.mayHaveArrived(other)).toBe(false);
    }
  });
}

function describeReadingBack(open: Open): void {
  it('gives back what was posted, with value, time and trend, if it gives anything back', async () => {
    const world = await open();
    const { readBack } = world.destination;
    if (readBack === undefined) return;
    expect(await readBack.read({})).toEqual([]);
    const readings = readingsFor(world, cycle(TREND_NAMES.length));
    await world.post(readings);
    const back = await readBack.read({});
    const seen = (all: readonly Reading[]) =>
      all
        .map(({ utcMs, value, trend }) => ({ utcMs, value, trend: trend.name }))
        .sort((a, b) => a.utcMs - b.utcMs);
    expect(seen(back)).toEqual(seen(readings));
  });

  it('gives back the newest, as many as it says', async () => {
    const world = await open();
    const { readBack, limits } = world.destination;
    if (readBack === undefined) return;
    const readings = readingsFor(world, cycle(readBack.mostReadings + 5));
    for (let at = 0; at < readings.length; at += limits.batchSize) {
      await world.post(readings.slice(at, at + limits.batchSize));
    }
    const back = await readBack.read({});
    expect(timed(back)).toEqual(timed(readings.slice(-readBack.mostReadings)));
  });
}
