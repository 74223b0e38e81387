import { systemSeconds } from '@egvkit/protocol';
import { glucoseOf } from '@egvkit/protocol/receiver';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batches, candidateOf, type PlanInput, planUpload, ServiceReadings } from '../src/index.ts';
import { egv, NOW_MS, readings } from './support/world.ts';

const clock = {
  systemSeconds: systemSeconds(NOW_MS / 1000 - 1_230_768_000),
  hostUnixMs: NOW_MS,
};

function input(overrides: Partial<PlanInput>): PlanInput {
  return {
    candidates: [],
    clock,
    nowMs: NOW_MS,
    windowMs: 86_400_000,
    encoding: 'utc',
    isKnown: () => false,
    serviceShows: 288,
    ...overrides,
  };
}

describe('planUpload', () => {
  it('posts what is new, oldest first, with true UTC and TA 0', () => {
    const records = readings(3);
    const plan = planUpload(input({ candidates: records.toReversed().map(candidateOf) }));
    expect(plan.post.map(({ egv: { Value } }) => Value)).toEqual([80, 81, 82]);
    expect(plan.post[2]).toEqual({
      key: `4:1002@${records[2]?.systemSeconds}`,
      utcMs: NOW_MS - 60_000,
      egv: {
        Trend: 4,
        ST: `/Date(${NOW_MS - 60_000})/`,
        DT: `/Date(${NOW_MS - 60_000})/`,
        Value: 82,
      },
      ta: 0,
    });
  });

  it('refuses special codes, display-only, out-of-range, old and future values, each with its reason', () => {
    const records = [
      egv(60, 5, 0),
      egv(60, 0x8000 | 110, 1),
      egv(360, 30, 2),
      egv(660, 500, 3),
      egv(86_400 + 60, 100, 4),
      egv(-180, 100, 5),
    ];
    const plan = planUpload(input({ candidates: records.map(candidateOf) }));
    expect(plan.post).toEqual([]);
    expect(plan.refused.map(({ reason, timeProblem }) => timeProblem ?? reason)).toEqual([
      'specialCode',
      'displayOnly',
      'outOfRange',
      'outOfRange',
      'tooOld',
      'future',
    ]);
  });

  it('leaves out what the journal knows and what the service has, within the jitter of a clock', () => {
    const records = readings(4);
    const knownKey = candidateOf(records[0] ?? egv(0, 0, 0)).key;
    const plan = planUpload(
      input({
        candidates: records.map(candidateOf),
        isKnown: (key) => key === knownKey,
        onService: new ServiceReadings([{ utcMs: NOW_MS - 361_000, value: 82, trend: 4 }]),
      }),
    );
    expect(plan.known.map(({ record }) => record.key)).toEqual([knownKey]);
    expect(plan.found.map(({ egv: { Value } }) => Value)).toEqual([82]);
    expect(plan.post.map(({ egv: { Value } }) => Value)).toEqual([81, 83]);
  });

  it('posts a reading beside one of the same time and another value', () => {
    const onService = new ServiceReadings([{ utcMs: NOW_MS - 60_000, value: 99, trend: 4 }]);
    const plan = planUpload(input({ candidates: [candidateOf(egv(60, 100, 0))], onService }));
    expect(plan.post).toHaveLength(1);
  });

  it('does not upload what a full answer of the service cannot show', () => {
    const onService = new ServiceReadings([{ utcMs: NOW_MS - 200_000, value: 70, trend: 4 }]);
    const candidates = [egv(400, 100, 0), egv(100, 101, 1)].map(candidateOf);
    const plan = planUpload(input({ candidates, onService, serviceShows: 1 }));
    expect(plan.unverifiable.map(({ record }) => record.glucose.value)).toEqual([100]);
    expect(plan.post.map(({ egv: { Value } }) => Value)).toEqual([101]);
  });

  it('gives a backfilled reading the time at which it was measured', () => {
    const stored = egv(60, 0x2000 | 120, 7);
    const record = {
      ...stored,
      recordType: 18,
      revision: 5,
      glucose: glucoseOf(0x2000 | 120),
      transmitter: {
        measuredSystemSeconds: systemSeconds(stored.systemSeconds - 1500),
        transmitterSeconds: 0,
        filteredRate: 0,
        algorithmState: 6,
      },
    };
    const plan = planUpload(input({ candidates: [candidateOf(record)] }));
    expect(plan.post[0]?.utcMs).toBe(NOW_MS - 1_560_000);
  });

  it('puts every candidate in exactly one list, whatever comes', () => {
    const record = fc
      .tuple(fc.integer({ min: -600, max: 100_000 }), fc.integer({ min: 0, max: 0xffff }), fc.nat())
      .map(([ago, word, index]) => egv(ago, word, index));
    const service = fc.array(
      fc.record({
        utcMs: fc.integer({ min: NOW_MS - 86_400_000, max: NOW_MS }),
        value: fc.integer({ min: 39, max: 401 }),
        trend: fc.integer({ min: 0, max: 9 }),
      }),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(
        fc.array(record, { maxLength: 40 }),
        service,
        fc.nat(30),
        (records, on, shows) => {
          const candidates = records.map(candidateOf);
          const onService = new ServiceReadings(on);
          const isKnown = (key: string): boolean => key.length % 3 === 0;
          const plan = planUpload(input({ candidates, onService, isKnown, serviceShows: shows }));
          const { post, known, found, unverifiable, refused } = plan;
          const keys = [
            ...post.map(({ key }) => key),
            ...found.map(({ key }) => key),
            ...[...known, ...unverifiable, ...refused].map(({ record: { key } }) => key),
          ];
          expect(keys.sort()).toEqual(candidates.map(({ key }) => key).sort());
          for (const { egv: sent } of post) {
            expect(sent.Value).toBeGreaterThanOrEqual(39);
            expect(sent.Value).toBeLessThanOrEqual(401);
          }
          const times = post.map(({ utcMs }) => utcMs);
          expect(times).toEqual(times.toSorted((a, b) => a - b));
        },
      ),
    );
  });
});

describe('batches', () => {
  it('keeps the order, the size and one TA a post', () => {
    const planned = planUpload(input({ candidates: readings(7).map(candidateOf) })).post;
    const mixed = planned.map((reading, i) => ({ ...reading, ta: i < 4 ? 0 : 5 }));
    expect(batches(mixed, 3).map((batch) => batch.map(({ egv: { Value } }) => Value))).toEqual([
      [80, 81, 82],
      [83],
      [84, 85, 86],
    ]);
  });
});
