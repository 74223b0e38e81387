import { describe, expect, it } from 'vitest';
import { memoryJournal, runUpload, verifyUpload } from '../src/index.ts';
import { KeyedStore } from './support/keyed-store.ts';
import { egv, FakeService, NOW_MS, readings, STILL, sourceOf } from './support/world.ts';

const DAY_S = 86_400;
const base = () => ({ journal: memoryJournal(), ...STILL });

describe('a destination with limits of its own', () => {
  it('gets three months, where Share gets a day', async () => {
    const records = [91, 89, 30, 2].map((days, i) => egv(days * DAY_S, 100 + i, i));
    const source = sourceOf([...records, egv(60, 110, 9)]);
    const store = new KeyedStore();
    const { plan } = await runUpload({ ...base(), source, destination: store });
    expect(store.values()).toEqual([101, 102, 103, 110]);
    expect(plan.unverifiable).toEqual([]);
    const service = new FakeService();
    await runUpload({ ...base(), source, destination: service });
    expect(service.values()).toEqual([110]);
  });

  it('gets no more than it takes, however far back and however many are asked for', async () => {
    const source = sourceOf([91, 89].map((days, i) => egv(days * DAY_S, 100 + i, i)));
    const store = new KeyedStore();
    const windowMs = 100 * DAY_S * 1000;
    await runUpload({ ...base(), source, destination: store, windowMs, batchSize: 2000 });
    expect(store.values()).toEqual([101]);
  });

  it('gets a thousand at once, where Share gets one alone and then fifty', async () => {
    const records = Array.from({ length: 1200 }, (_, i) =>
      egv((1200 - i) * 300, 80 + (i % 300), i),
    );
    const store = new KeyedStore();
    await runUpload({ ...base(), source: sourceOf(records), destination: store });
    expect(store.posts.map(({ length }) => length)).toEqual([1000, 200]);
    const service = new FakeService();
    await runUpload({ ...base(), source: sourceOf(records.slice(-120)), destination: service });
    expect(service.posts.map(({ length }) => length)).toEqual([1, 50, 50, 19]);
  });

  it('gets LOW and HIGH as such, and nothing that is no glucose', async () => {
    const words = [39, 40, 400, 401, 5, 30, 500, 0x8000 | 110];
    const source = sourceOf(words.map((word, i) => egv(3000 - i * 300, word, i)));
    const store = new KeyedStore();
    const { plan } = await runUpload({ ...base(), source, destination: store });
    expect([...store.entries.values()].map(({ sgv, flag }) => flag ?? sgv)).toEqual([
      'LOW',
      40,
      400,
      'HIGH',
    ]);
    expect(plan.refused.map(({ reason }) => reason)).toEqual([
      'displayOnly',
      'outOfRange',
      'outOfRange',
      'specialCode',
    ]);
  });

  it('gets only numbers where it takes no LOW and HIGH', async () => {
    const source = sourceOf([39, 40, 400, 401].map((word, i) => egv(3000 - i * 300, word, i)));
    const limits = { ...new KeyedStore().limits, lowestValue: 40, highestValue: 400 };
    const numeric = Object.assign(new KeyedStore(), { limits });
    const { plan } = await runUpload({ ...base(), source, destination: numeric });
    expect(numeric.values()).toEqual([40, 400]);
    expect(plan.refused.map(({ reason }) => reason)).toEqual(['outOfRange', 'outOfRange']);
  });

  it('gets times to the millisecond, where Share gets whole seconds', async () => {
    const source = sourceOf(readings(1), 678);
    const store = new KeyedStore();
    const service = new FakeService();
    for (const destination of [store, service]) {
      await runUpload({ ...base(), source, destination });
    }
    expect([...store.entries.values()].map(({ dateMs }) => dateMs)).toEqual([NOW_MS - 59_322]);
    expect(service.stored.map(({ utcMs }) => utcMs)).toEqual([NOW_MS - 60_000]);
  });

  it('knows a reading by receiver and record, whoever uploads it', async () => {
    const store = new KeyedStore();
    await runUpload({ ...base(), source: sourceOf(readings(2)), destination: store });
    const other = { ...sourceOf(readings(2)), serialNumber: async () => 'SM00000002' };
    await runUpload({ ...base(), source: other, destination: store });
    expect(store.entries.size).toBe(4);
    expect([...store.entries.keys()][0]).toMatch(/^SM00000001\/4:1000@\d+$/);
  });

  it('is not looked into: nothing is said to be missing or others', async () => {
    const store = new KeyedStore();
    const source = sourceOf(readings(5));
    const result = await runUpload({ ...base(), source, destination: store });
    expect(result.others).toEqual({ copies: [], fresh: [] });
    expect(await verifyUpload(result, store)).toEqual({
      same: 0,
      byOthers: 0,
      missing: [],
      different: [],
      notShown: 5,
    });
  });
});
