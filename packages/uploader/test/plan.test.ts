import { systemSeconds } from '@egvkit/protocol';
import { glucoseOf } from '@egvkit/protocol/receiver/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  batches,
  candidateOf,
  type PlanInput,
  planUpload,
  ServiceReadings,
  SHARE_LIMITS,
} from '../src/index.ts';
import { egv, NOW_MS, readings, served } from './support/world.ts';

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
    limits: SHARE_LIMITS,
    isKnown: () => false,
    mostReadings: 288,
    ...overrides,
  };
}

describe('planUpload', () => {
  it('posts what is new, oldest first, with true UTC beside what the clocks of the receiver showed', () => {
    const records = readings(3);
    const plan = planUpload(input({ candidates: records.toReversed().map(candidateOf) }));
    expect(plan.post.map(({ value }) => value)).toEqual([80, 81, 82]);
    expect(plan.post[2]).toEqual({
      key: `4:1002@${records[2]?.systemSeconds}`,
      utcMs: NOW_MS - 60_000,
      mgDl: 82,
      status: 'inRange',
      value: 82,
      trend: { raw: 4, name: 'Flat' },
      source: 'receiver',
      sourceClocks: { systemMs: NOW_MS - 60_000, displayMs: NOW_MS - 60_000 - 25_200_000 },
      details: { noise: 1 },
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
        onService: new ServiceReadings([served(NOW_MS - 361_000, 82)]),
      }),
    );
    expect(plan.known.map(({ record }) => record.key)).toEqual([knownKey]);
    expect(plan.found.map(({ value }) => value)).toEqual([82]);
    expect(plan.post.map(({ value }) => value)).toEqual([81, 83]);
  });

  it('posts a reading beside one of the same time and another value', () => {
    const onService = new ServiceReadings([served(NOW_MS - 60_000, 99)]);
    const plan = planUpload(input({ candidates: [candidateOf(egv(60, 100, 0))], onService }));
    expect(plan.post).toHaveLength(1);
  });

  it('does not upload what a full answer of the service cannot show', () => {
    const onService = new ServiceReadings([served(NOW_MS - 200_000, 70)]);
    const candidates = [egv(400, 100, 0), egv(100, 101, 1)].map(candidateOf);
    const plan = planUpload(input({ candidates, onService, mostReadings: 1 }));
    expect(plan.unverifiable.map(({ record }) => record.glucose.value)).toEqual([100]);
    expect(plan.post.map(({ value }) => value)).toEqual([101]);
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
      fc
        .tuple(
          fc.integer({ min: NOW_MS - 86_400_000, max: NOW_MS }),
          fc.integer({ min: 39, max: 401 }),
          fc.integer({ min: 0, max: 9 }),
        )
        .map((parts) => served(...parts)),
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
          const plan = planUpload(input({ candidates, onService, isKnown, mostReadings: shows }));
          const { post, known, found, unverifiable, refused, repeated } = plan;
          const keys = [
            ...post.map(({ key }) => key),
            ...found.map(({ key }) => key),
            ...[...known, ...unverifiable, ...refused, ...repeated].map(
              ({ record: { key } }) => key,
            ),
          ];
          expect(keys.sort()).toEqual(candidates.map(({ key }) => key).sort());
          for (const { value } of post) {
            expect(value).toBeGreaterThanOrEqual(39);
            expect(value).toBeLessThanOrEqual(401);
          }
          const times = post.map(({ utcMs }) => utcMs);
          expect(times).toEqual(times.toSorted((a, b) => a - b));
        },
      ),
    );
  });
});

describe('batches', () => {
  it('keeps the order and the size', () => {
    const planned = planUpload(input({ candidates: readings(7).map(candidateOf) })).post;
    expect(batches(planned, 3).map((batch) => batch.map(({ value }) => value))).toEqual([
      [80, 81, 82],
      [83, 84, 85],
      [86],
    ]);
  });
});
