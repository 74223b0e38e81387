import { decodePage, serialNumberOf } from '@egvkit/protocol/receiver';
import { describe, expect, it } from 'vitest';
import { EMULATED_SERIAL_NUMBER } from '../../src/history/identity.ts';
import { RECEIVER_PROFILES } from '../../src/profiles.ts';
import { g4, g5, g6 } from '../support/bench.ts';
import { NOW_MS, NOW_SECONDS } from '../support/clock.ts';
import { bytesOf, egvs, history, SEEDS, steps } from '../support/history.ts';

const PROFILES = Object.values(RECEIVER_PROFILES);

describe('a generated history', () => {
  it.each(PROFILES)('of a $name has the same bytes for the same seed', (profile) => {
    expect(bytesOf(history({ profile }))).toEqual(bytesOf(history({ profile })));
  });

  it('has other bytes for another seed', () => {
    const all = SEEDS.map((seed) => egvs(history({ seed, days: 1 })));
    const values = all.map((records) => records.map((record) => record.glucose.value).join());
    expect(new Set(values).size).toBe(SEEDS.length);
  });

  it('takes any whole number as a seed', () => {
    for (const seed of [0, -1, -399, 2 ** 31, 2 ** 40]) {
      expect(bytesOf(history({ seed, days: 0.1 }))).not.toEqual([]);
    }
  });

  it.each(PROFILES)('of a $name is whole on every page', (profile) => {
    const pages = bytesOf(history({ profile, days: 8 })).map((bytes) => decodePage(bytes));
    expect(pages.length).toBeGreaterThanOrEqual(60);
    expect(pages.flatMap((page) => page.problems)).toEqual([]);
    const revisions = pages.map(({ header }) => `${header.recordType}/${header.revision}`);
    const empty = profile.calibrates ? [9] : [5, 9];
    const filled = profile.partitions.filter(({ recordType }) => !empty.includes(recordType));
    expect(new Set(revisions)).toEqual(
      new Set(filled.map(({ recordType, revision }) => `${recordType}/${revision}`)),
    );
  });

  it('carries the serial number it was given', () => {
    const serials = [history({ days: 0 }), history({ days: 0, serialNumber: 'SM00004711' })].map(
      (content) => {
        const [record] = content.records(0);
        return record?.kind === 'xml' ? serialNumberOf(record) : undefined;
      },
    );
    expect(serials).toEqual([EMULATED_SERIAL_NUMBER, 'SM00004711']);
  });
});

describe('the times of the readings', () => {
  it('ascend in internal time', () => {
    for (const seed of SEEDS) {
      const times = egvs(history({ seed })).map((record) => record.systemSeconds);
      expect(Math.min(...steps(times))).toBeGreaterThanOrEqual(0);
    }
  });

  it('are 300 s ± 2 s apart, or a multiple of that where readings were missed', () => {
    let missed = 0;
    for (const seed of SEEDS) {
      const readings = egvs(history({ seed })).filter((record) => !record.glucose.displayOnly);
      for (const step of steps(readings.map((record) => record.systemSeconds))) {
        const count = Math.round(step / 300);
        expect(count).toBeGreaterThan(0);
        expect(Math.abs(step - 300 * count)).toBeLessThanOrEqual(2);
        if (count > 1) missed++;
      }
    }
    expect(missed).toBeGreaterThan(20);
  });

  it('reach back as many days as were asked for', () => {
    const [oldest] = egvs(history({ days: 10 }));
    const days = (NOW_SECONDS - oldest!.systemSeconds) / 86_400;
    expect(Math.abs(days - 10)).toBeLessThan(0.1);
  });

  it.each(PROFILES)('end one to five minutes ago on a $name, whatever the seed', (profile) => {
    for (let seed = 1; seed <= 300; seed++) {
      const newest = egvs(history({ profile, seed, days: 0.1 })).at(-1)!;
      const age = NOW_SECONDS - newest.systemSeconds;
      expect(age).toBeGreaterThan(0);
      expect(age).toBeLessThanOrEqual(300);
    }
  });

  it('are those of a clock that is wrong, if it is', () => {
    const right = egvs(history());
    const wrong = egvs(history({ clockErrorSeconds: 19_168_117 }));
    expect(wrong.at(-1)!.systemSeconds - right.at(-1)!.systemSeconds).toBe(19_168_117);
  });

  it('keep time when the host does not start on a whole second', () => {
    const newest = egvs(history({ nowMs: NOW_MS + 999 })).at(-1)!;
    expect(Number.isInteger(newest.systemSeconds)).toBe(true);
  });
});

describe('the clock on the screen', () => {
  const offsets = (seed: number) =>
    egvs(history({ seed, days: 10, displayOffsetSeconds: -25_200 })).map(
      (record) => record.displaySeconds - record.systemSeconds,
    );

  it('was changed once, by an hour', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const changes = steps(offsets(seed)).filter((step) => Math.abs(step) > 2);
      expect(changes).toHaveLength(1);
      expect(Math.abs(Math.abs(changes[0]!) - 3600)).toBeLessThanOrEqual(2);
      expect(Math.abs(offsets(seed).at(-1)! + 25_200)).toBeLessThanOrEqual(1);
    }
  });

  it('is off by a second now and then, to either side', () => {
    // receiver §7.2
    const now = offsets(1).filter((offset) => Math.abs(offset + 25_200) < 1800);
    const jitter = [-1, 0, 1].map((by) => now.filter((offset) => offset === -25_200 + by).length);
    expect(jitter[0]! + jitter[1]! + jitter[2]!).toBe(now.length);
    expect(jitter[0]).toBeGreaterThan(0);
    expect(jitter[2]).toBeGreaterThan(0);
    expect(jitter[1]! / now.length).toBeGreaterThan(0.9);
  });
});

describe('the ring', () => {
  it.each([
    [g4, 231],
    [g5, 418],
    [g6, 438],
  ])('of a $name never has more pages than the receiver', (profile, pages) => {
    for (const days of [29, 31, 45]) {
      const content = history({ profile, days });
      const { first, last } = content.pageRange(4)!;
      expect(last - first + 1).toBeLessThanOrEqual(pages);
      if (days > 31) expect(last - first + 1).toBe(pages);
      // What was dropped was whole pages, the oldest ones; the newest reading is still there.
      expect(NOW_SECONDS - egvs(content).at(-1)!.systemSeconds).toBeLessThanOrEqual(300);
      expect(egvs(content)[0]?.index).toBe(first * { 2: 38, 4: 21, 5: 20 }[profile.egvRevision]);
    }
  });

  it('names its pages on from where it would be without a ring', () => {
    const last = (days: number) => history({ seed: 7, days }).pageRange(4)!.last;
    const perDay = (last(45) - last(31)) / 14;
    expect(perDay).toBeGreaterThan(7);
    expect(perDay).toBeLessThan(8);
  });
});
