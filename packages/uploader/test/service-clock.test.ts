import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { memoryJournal, runUpload, type ServiceClock } from '../src/index.ts';
import { KnownServiceClock, readCorrectionMs } from '../src/service-clock.ts';
import { FakeService, NOW_MS, readings, STILL, sourceOf } from './support/world.ts';

const MINUTE_MS = 60_000;

/** Clocks of a computer that is set when it is told to. */
function clocks() {
  const at = { nowMs: NOW_MS, monotonicMs: 0 };
  return {
    nowMs: () => at.nowMs,
    monotonicMs: () => at.monotonicMs,
    pass(ms: number) {
      at.nowMs += ms;
      at.monotonicMs += ms;
    },
    set(byMs: number) {
      at.nowMs += byMs;
    },
  };
}

/** Answers of a service, one after the other; the last one again and again. */
function answering(...answers: readonly (ServiceClock | undefined)[]) {
  let asked = 0;
  return {
    asked: () => asked,
    clockOffset: async () => answers[Math.min(asked++, answers.length - 1)],
  };
}

const SLOW: ServiceClock = { offsetMs: 116_000, uncertaintyMs: 9500 };

it('an upload is timed by a quick answer after a slow one', async () => {
  const service = answering(SLOW, { offsetMs: 107_000, uncertaintyMs: 150 });
  const known = new KnownServiceClock(clocks());
  expect(await readCorrectionMs(service, known, clocks())).toBe(107_000);
  expect(service.asked()).toBe(2);
});

it('an upload is timed by what was known five minutes before, if every answer is slow', async () => {
  const computer = clocks();
  const known = new KnownServiceClock(computer);
  await readCorrectionMs(answering({ offsetMs: 107_000, uncertaintyMs: 50 }), known, computer);
  computer.pass(5 * MINUTE_MS);
  expect(await readCorrectionMs(answering(SLOW), known, computer)).toBe(107_000);
});

it.each([
  [
    'the computer’s clock was set since',
    (computer: ReturnType<typeof clocks>) => computer.set(3000),
  ],
  ['that was an hour ago', (computer: ReturnType<typeof clocks>) => computer.pass(60 * MINUTE_MS)],
])('an upload does not go by what was known before if %s', async (_, happens) => {
  const computer = clocks();
  const known = new KnownServiceClock(computer);
  await readCorrectionMs(answering({ offsetMs: 107_000, uncertaintyMs: 50 }), known, computer);
  happens(computer);
  await expect(readCorrectionMs(answering(SLOW), known, computer)).rejects.toMatchObject({
    code: 'serviceClockUncertain',
    data: { questions: 3, limitMs: 750 },
  });
});

it('an upload sends nothing by a clock that is known to nine seconds only', async () => {
  const service = new FakeService();
  service.clock = { offsetMs: 0, uncertaintyMs: 9000 };
  const upload = runUpload({
    ...{ source: sourceOf(readings(5)), destination: service, journal: memoryJournal() },
    ...STILL,
  });
  await expect(upload).rejects.toMatchObject({ code: 'serviceClockUncertain' });
  expect(service.posts).toEqual([]);
});

it('an upload asks once more about nothing when a service tells no time', async () => {
  const service = answering(undefined);
  expect(await readCorrectionMs(service, new KnownServiceClock(clocks()), clocks())).toBe(0);
  expect(service.asked()).toBe(1);
});

it('the correction is within two seconds of the truth, however the answers lie', async () => {
  const computer = clocks();
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: -110_000, max: 110_000 }),
      fc.array(
        fc.tuple(fc.integer({ min: 0, max: 6000 }), fc.double({ min: 0, max: 1, noNaN: true })),
        {
          minLength: 3,
          maxLength: 3,
        },
      ),
      async (trueMs, trips) => {
        // An answer is stamped anywhere in its trip; it is taken to be in the middle.
        const answers = trips.map(([tripMs, share]) => ({
          offsetMs: trueMs + (share - 0.5) * tripMs,
          uncertaintyMs: tripMs / 2,
        }));
        const known = new KnownServiceClock(computer);
        const correction = await readCorrectionMs(answering(...answers), known, computer).catch(
          (error: { readonly code: string }) => error.code,
        );
        if (correction === 'serviceClockUncertain') return;
        expect(Math.abs(Number(correction) - trueMs)).toBeLessThanOrEqual(2000);
      },
    ),
  );
});
