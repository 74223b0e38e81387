import { sleep } from '@egvkit/platform';
import { type ClockObservation, systemSeconds } from '@egvkit/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { memoryJournal, runUpload, type SourceTime } from '../src/index.ts';
import { KeptTick, readSteadyClock } from '../src/sources/receiver/steady-clock.ts';
import { FakeService, NOW_MS, readings, sourceOf } from './support/world.ts';

const EPOCH_S = 1_230_768_000;

/** Numbers from 0 to 1, the same in every run. */
function numbers(seed: number): () => number {
  let state = (seed + 1) * 0x9e37_79b1;
  return () => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b_3c6d) + 0x6d2b_79f5;
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
  };
}

/** A computer on the receiver: its questions take 3 to 12 ms each way, its timers are late. */
function computer(phaseMs: number, random: () => number, aheadMs = 0) {
  let correctedMs = 0;
  let wanderedMs = 0;
  const nowMs = (): number => Date.now() + aheadMs + correctedMs;
  const lag = () => sleep(3 + Math.floor(random() * 10));
  const ask = async (): Promise<ClockObservation> => {
    const sentMs = nowMs();
    await lag();
    const seconds = Math.floor((Date.now() - phaseMs - wanderedMs) / 1000) - EPOCH_S;
    await lag();
    const observed = { systemSeconds: systemSeconds(seconds), hostUnixMs: (sentMs + nowMs()) / 2 };
    await lag();
    return observed;
  };
  const late = (ms: number) => sleep(ms + Math.floor(random() * 4));
  const clocks = { nowMs, sleep: late, monotonicMs: () => Date.now() };
  let questions = 0;
  const counted = () => {
    questions++;
    return ask();
  };
  return {
    nowMs,
    clock: (kept?: KeptTick) => readSteadyClock(counted, clocks, { kept }),
    /** Corrects the computer's clock: a step that is too small to count as one that was set. */
    correct(byMs: number) {
      correctedMs += byMs;
    },
    /** Lets the tick be later by this computer's clocks, as if both had gone faster for a while. */
    wander(byMs: number) {
      wanderedMs += byMs;
    },
    takeQuestions() {
      const asked = questions;
      questions = 0;
      return asked;
    },
  };
}

/** A service whose answers take up to 400 ms. */
function slowService(random: () => number): FakeService {
  const service = new FakeService();
  const post = service.post.bind(service);
  const read = service.read.bind(service);
  const wait = () => sleep(20 + Math.floor(random() * 180));
  service.post = async (batch, options) => {
    await wait();
    const outcome = await post(batch, options);
    await wait();
    return outcome;
  };
  service.read = async () => {
    await wait();
    const there = await read();
    await wait();
    return there;
  };
  return service;
}

beforeEach(() => void vi.useFakeTimers({ now: NOW_MS }));
afterEach(() => void vi.useRealTimers());

/** Lets all of it end, in virtual time. */
async function inVirtualTime<Value>(work: Promise<Value>): Promise<Value> {
  let over = false;
  const done = () => {
    over = true;
  };
  work.then(done, done);
  while (!over) await vi.advanceTimersToNextTimerAsync();
  return await work;
}

interface Race {
  readonly seed: number;
  readonly phaseMs: number;
  /** Time between the starts of the two, ms. */
  readonly apartMs: number;
  /** By how much the clocks of the two computers differ. */
  readonly aheadMs?: number;
}

/** Two computers with journals of their own upload a dozen readings to an empty account. */
async function race({ seed, phaseMs, apartMs, aheadMs = 0 }: Race) {
  const random = numbers(seed);
  const service = slowService(random);
  const records = readings(12);
  const start = async (afterMs: number, ahead: number) => {
    await sleep(Math.floor(random() * 1000) + afterMs);
    const { nowMs, clock } = computer(phaseMs, random, ahead);
    const source = { ...sourceOf(records), clock: () => clock() };
    await runUpload({
      source,
      destination: service,
      journal: memoryJournal(),
      batchSize: 5,
      nowMs,
    });
  };
  await inVirtualTime(Promise.all([start(0, 0), start(apartMs, aheadMs)]));
  const values = service.stored.map(({ value }) => value);
  return { stored: values.length, doubled: values.length - new Set(values).size, service };
}

/** Two sessions work out the same second, or both say that another may take the next. */
function expectAgreed(read: SourceTime, other: SourceTime): void {
  const isSame =
    read.hostUnixMs - read.systemSeconds * 1000 === other.hostUnixMs - other.systemSeconds * 1000;
  const areInDoubt = read.isBetweenSeconds === true && other.isBetweenSeconds === true;
  expect(isSame || areInDoubt).toBe(true);
}

describe('the second of a reading', { timeout: 60_000 }, () => {
  it('is the same in all sessions, or a session says that another may take the next', async () => {
    const random = numbers(1);
    const took: number[] = [];
    for (let phaseMs = 0; phaseMs < 1000; phaseMs++) {
      const offsets = new Set<number>();
      const doubts: boolean[] = [];
      for (let i = 0; i < 3; i++) {
        await inVirtualTime(sleep(Math.floor(random() * 1000)));
        const startMs = Date.now();
        const read = await inVirtualTime(computer(phaseMs, random).clock());
        offsets.add(read.hostUnixMs - read.systemSeconds * 1000);
        doubts.push(read.isBetweenSeconds === true);
        took.push(Date.now() - startMs);
      }
      if (offsets.size > 1) expect(doubts).toEqual([true, true, true]);
      if (Math.abs(phaseMs - 500) > 150) expect(doubts).toEqual([false, false, false]);
    }
    expect(Math.max(...took)).toBeLessThan(2_200);
    expect(took.reduce((sum, ms) => sum + ms, 0) / took.length).toBeLessThan(700);
  });

  it('is asked for once, mostly, by a session that goes on, and is what any other works out', async () => {
    const random = numbers(2);
    const asked: number[] = [];
    for (let firstMs = 0; firstMs < 1000; firstMs += 3) {
      const kept = new KeptTick();
      const steadily = computer(firstMs, random);
      await inVirtualTime(steadily.clock(kept));
      for (let i = 0; i < 10; i++) {
        await inVirtualTime(sleep(300_000 + Math.floor(random() * 1000)));
        steadily.takeQuestions();
        const read = await inVirtualTime(steadily.clock(kept));
        asked.push(steadily.takeQuestions());
        const other = await inVirtualTime(computer(firstMs, random).clock());
        expectAgreed(read, other);
        if (Math.abs(firstMs - 500) > 150) expect(read.isBetweenSeconds).toBe(false);
      }
    }
    expect(asked.reduce((sum, count) => sum + count, 0) / asked.length).toBeLessThan(1.2);
    expect(Math.max(...asked)).toBeLessThanOrEqual(5);
  });

  it('is what any other works out, though the clock of the computer is corrected by up to half a second', async () => {
    const random = numbers(3);
    let asked = 0;
    for (let phaseMs = 0; phaseMs < 1000; phaseMs += 10) {
      for (const byMs of [-450, -300, -150, 150, 300, 450]) {
        const kept = new KeptTick();
        const corrected = computer(phaseMs, random);
        await inVirtualTime(corrected.clock(kept));
        await inVirtualTime(sleep(300_000));
        await inVirtualTime(corrected.clock(kept));
        corrected.correct(byMs);
        for (let i = 0; i < 3; i++) {
          await inVirtualTime(sleep(300_000));
          corrected.takeQuestions();
          const read = await inVirtualTime(corrected.clock(kept));
          asked += corrected.takeQuestions();
          const other = await inVirtualTime(corrected.clock());
          expectAgreed(read, other);
        }
      }
    }
    expect(asked / 1800).toBeLessThan(1.5);
  });

  it('is found anew each hour, as a steady clock that is made faster does not show it', async () => {
    const random = numbers(7);
    for (let phaseMs = 0; phaseMs < 1000; phaseMs += 20) {
      const kept = new KeptTick();
      const steadily = computer(phaseMs, random);
      for (let i = 0; i < 13; i++) {
        await inVirtualTime(steadily.clock(kept));
        await inVirtualTime(sleep(300_000));
        steadily.wander(100);
      }
      const read = await inVirtualTime(steadily.clock(kept));
      const other = await inVirtualTime(steadily.clock());
      expectAgreed(read, other);
    }
  });

  it('is agreed by two computers that upload at once, at every phase: 0 doubled', async () => {
    let doubled = 0;
    for (let phaseMs = 0; phaseMs < 1000; phaseMs++) {
      const result = await race({ seed: phaseMs, phaseMs, apartMs: 0 });
      expect(result.stored).toBeGreaterThanOrEqual(12);
      doubled += result.doubled;
    }
    expect(doubled).toBe(0);
  });

  it('is agreed where it matters, however far apart they begin: 0 doubled', async () => {
    let doubled = 0;
    for (let i = 0; i < 1000; i++) {
      const { doubled: more } = await race({
        seed: 5000 + i,
        phaseMs: 450 + (i % 100),
        apartMs: (i * 37) % 10_000,
      });
      doubled += more;
    }
    expect(doubled).toBe(0);
  });

  it('costs one reading at the most where the clocks of two computers differ by more', async () => {
    const counts = [0, 0];
    for (let i = 0; i < 300; i++) {
      const { doubled } = await race({
        seed: 9000 + i,
        phaseMs: (i * 41) % 1000,
        apartMs: (i * 29) % 1000,
        aheadMs: 100 + ((i * 53) % 700),
      });
      expect(doubled).toBeLessThanOrEqual(1);
      counts[doubled]!++;
    }
    expect(counts[1]).toBeLessThan(60);
  });
});
