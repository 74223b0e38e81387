import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ask, logIn, make, READY, RECORDED_UTC_MS, read, SERIAL } from './wire.ts';

const MINUTE_MS = 60_000;

const step = fc.oneof(
  // How long ago a reading was taken, in seconds.
  fc.record({ kind: fc.constant('post' as const), agoS: fc.nat(2 * 86_400) }),
  // A clock may be set back.
  fc.record({ kind: fc.constant('clock' as const), minutes: fc.integer({ min: -300, max: 900 }) }),
  fc.record({
    kind: fc.constant('read' as const),
    minutes: fc.integer({ min: 0, max: 2000 }),
    count: fc.oneof(fc.nat(12), fc.constant(288), fc.constant(400)),
  }),
);

describe('what is kept ready of an account', () => {
  it.each([{}, { maxCount: 400, maxMinutes: 1800 }, { maxCount: 5, maxMinutes: 300 }])(
    'gives what the store would, whatever was asked and posted before (%j)',
    async (options) => {
      const { maxCount = 288, maxMinutes = 1440 } = options;
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
          const { service, time } = make({
            accounts: [READY],
            options: { ...options, sessionLifetimeMs: 365 * 1440 * MINUTE_MS },
          });
          const session = await logIn(service);
          for (const one of steps) {
            if (one.kind === 'clock') time.ms += one.minutes * MINUTE_MS;
            if (one.kind === 'post') {
              const ms = time.ms - one.agoS * 1000;
              const egv = { Trend: 4, ST: `/Date(${ms})/`, DT: `/Date(${ms})/`, Value: 100 };
              const body = JSON.stringify({ SN: SERIAL, Egvs: [egv], TA: 0 });
              await ask(service, `Publisher/PostReceiverEgvRecords?sessionId=${session}`, body);
            }
            if (one.kind !== 'read') continue;
            const fromMs = time.ms - Math.min(one.minutes, maxMinutes) * MINUTE_MS;
            const expected =
              one.minutes === 0
                ? []
                : service
                    .readings(READY.name)
                    .map(({ wtMs }) => wtMs)
                    .filter((wtMs) => wtMs >= fromMs)
                    .sort((a, b) => b - a)
                    .slice(0, Math.min(one.count, maxCount));
            const { status, text } = await ask(service, read(session, one.minutes, one.count));
            expect(status).toBe(200);
            const records = JSON.parse(text) as { WT: string }[];
            expect(JSON.stringify(records)).toBe(text);
            expect(records.map(({ WT }) => Number(/\d+/.exec(WT)))).toEqual(expected);
          }
        }),
        { numRuns: 60 },
      );
    },
  );

  it('is as the day before left it when nothing was read for long', async () => {
    const { service, time } = make({ accounts: [READY] });
    const session = await logIn(service);
    const at = (ms: number) => ({
      ...{ stMs: ms, wtMs: ms, dtMs: ms, trend: 4, mgDl: 100, serialNumber: SERIAL },
    });
    service.addReadings(READY.name, [at(RECORDED_UTC_MS)]);
    expect(JSON.parse((await ask(service, read(session))).text)).toHaveLength(1);
    time.ms = RECORDED_UTC_MS + 1440 * MINUTE_MS;
    expect(JSON.parse((await ask(service, read(session))).text)).toHaveLength(1);
    time.ms += 1;
    expect((await ask(service, read(session))).text).toBe('[]');
  });
});
