import { systemSeconds } from '@egvkit/protocol';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { memoryJournal, runUpload, verifyUpload } from '../src/index.ts';
import { ACCOUNT, shareWorld } from './support/share-world.ts';
import { NOW_MS, planned, readings, STILL, sourceOf } from './support/world.ts';

// The client compares the service's time with this computer's.
beforeEach(() => void vi.useFakeTimers({ now: NOW_MS, toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

const base = () => ({ journal: memoryJournal(), ...STILL });

describe('shareDestination', () => {
  it('sends true UTC and TA 0', async () => {
    const { destination, bodies } = shareWorld();
    await runUpload({ ...base(), source: sourceOf(readings(1)), destination });
    const date = `/Date(${NOW_MS - 60_000})/`;
    expect(bodies).toEqual([
      { SN: ACCOUNT.receiver, Egvs: [{ Trend: 4, ST: date, DT: date, Value: 80 }], TA: 0 },
    ]);
  });

  it('reads back all that was asked for though this computer is two minutes behind the service', async () => {
    const { destination } = shareWorld();
    await runUpload({ ...base(), source: sourceOf(readings(5)), destination });
    const oldestMs = NOW_MS - 60_000 - 4 * 300_000;
    vi.setSystemTime(NOW_MS - 119_000);
    expect(await destination.readBack?.read({ sinceMs: oldestMs })).toHaveLength(5);
  });

  it('sends the clocks of the receiver and their TA when asked to', async () => {
    const { destination, bodies, service } = shareWorld({ encoding: 'receiverClock' });
    // The receiver's clock is 14,365 s fast.
    const [record] = readings(1);
    const clock = { systemSeconds: systemSeconds(record!.systemSeconds + 60), hostUnixMs: NOW_MS };
    const fast = { ...clock, systemSeconds: systemSeconds(clock.systemSeconds + 14_365) };
    const source = {
      ...sourceOf([{ ...record!, systemSeconds: systemSeconds(record!.systemSeconds + 14_365) }]),
      clock: async () => fast,
    };
    await runUpload({ ...base(), source, destination });
    expect(bodies).toEqual([
      {
        SN: ACCOUNT.receiver,
        Egvs: [
          {
            Trend: 4,
            ST: `/Date(${NOW_MS - 60_000 + 14_365_000})/`,
            DT: `/Date(${NOW_MS - 60_000 - 25_200_000})/`,
            Value: 80,
          },
        ],
        TA: -14_365,
      },
    ]);
    expect(service.readings(ACCOUNT.name).map(({ wtMs }) => wtMs)).toEqual([NOW_MS - 60_000]);
  });

  it('makes a body of its own of readings with another TA', async () => {
    const { destination, bodies } = shareWorld({ encoding: 'receiverClock' });
    const call = { serialNumber: ACCOUNT.receiver };
    await destination.prepare({ ...call, assign: false });
    const [one, two] = [planned(1, NOW_MS - 600_000, 100), planned(2, NOW_MS - 300_000, 101)];
    const { systemMs, displayMs } = two.sourceClocks!;
    const later = { ...two, sourceClocks: { systemMs: systemMs - 1000, displayMs } };
    expect(await destination.post([one, later], call)).toBe('posted');
    expect(bodies).toMatchObject([{ TA: -14_365 }, { TA: -14_364 }]);
    expect(await destination.post([one, planned(3, NOW_MS - 60_000, 102)], call)).toBe('duplicate');
  });

  it('has every reading once and as it was, whatever answers are lost', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('before', 'after', undefined), { maxLength: 6 }),
        async (drops) => {
          const { destination, service } = shareWorld();
          const journal = memoryJournal();
          const upload = () =>
            runUpload({
              ...base(),
              journal,
              source: sourceOf(readings(5)),
              destination,
              batchSize: 2,
            });
          for (const when of drops) {
            const endpoint = 'PostReceiverEgvRecords';
            if (when !== undefined) service.failNext({ kind: 'drop', when, endpoint, times: 2 });
            await upload().catch(() => {});
          }
          service.clearFailures();
          const result = await upload();
          expect(service.readings(ACCOUNT.name).map(({ mgDl }) => mgDl)).toEqual([
            80, 81, 82, 83, 84,
          ]);
          expect(await verifyUpload(result, destination)).toMatchObject({ same: 5, missing: [] });
        },
      ),
      { numRuns: 20 },
    );
  });
});
