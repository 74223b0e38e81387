import { decodePage } from '@egvkit/protocol/receiver';
import { encodePacket } from '@egvkit/protocol/receiver/wire';
import { describe, expect, it } from 'vitest';
import { ReceiverDatabase } from '../../src/database.ts';
import { RECEIVER_PROFILES } from '../../src/profiles.ts';
import { g4 } from '../support/bench.ts';
import { hex, unhex } from '../support/bytes.ts';
import { NOW_MS } from '../support/clock.ts';
import { bytesOf, egvs, history, steps } from '../support/history.ts';
import { readings } from '../support/records.ts';
import { socket } from '../support/wire.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const PROFILES = Object.values(RECEIVER_PROFILES);

describe('a database that grows', () => {
  it('has one more reading every five minutes, as the clock goes on', () => {
    const content = history({ days: 1, grows: true });
    const before = egvs(content);
    content.advance(NOW_MS);
    expect(egvs(content)).toEqual(before);
    for (let minutes = 1; minutes <= 60; minutes++) content.advance(NOW_MS + minutes * MINUTE);
    const after = egvs(content).filter(({ glucose }) => !glucose.displayOnly);
    const fresh = after.filter(({ index }) => index > before.at(-1)!.index);
    expect(fresh.length).toBeGreaterThanOrEqual(10);
    expect(fresh.length).toBeLessThanOrEqual(12);
    for (const step of steps(after.map(({ systemSeconds }) => systemSeconds))) {
      expect(Math.abs(step - 300 * Math.round(step / 300))).toBeLessThanOrEqual(2);
    }
  });

  it.each(PROFILES)('goes on with every family, whole on every page: $name', (profile) => {
    const content = history({ profile, days: 1, grows: true });
    const count = () =>
      profile.partitions.map(({ recordType }) => content.records(recordType).length);
    const before = count();
    content.advance(NOW_MS + 12 * DAY);
    const grown = profile.partitions.filter((_, i) => count()[i]! > before[i]!);
    const always = [3, 4, 6, 7, 8, 10, 11, ...(profile.calibrates ? [5] : [])];
    expect(grown.map(({ recordType }) => recordType)).toEqual(expect.arrayContaining(always));
    const pages = bytesOf(content).map((page) => decodePage(page));
    expect(pages.flatMap(({ problems }) => problems)).toEqual([]);
  });

  it('is the same however often somebody looks', () => {
    const [often, once] = [history({ days: 1, grows: true }), history({ days: 1, grows: true })];
    for (let hours = 1; hours <= 48; hours++) {
      often.advance(NOW_MS + hours * 60 * MINUTE);
      bytesOf(often);
    }
    once.advance(NOW_MS + 48 * 60 * MINUTE);
    expect(bytesOf(often)).toEqual(bytesOf(once));
  });

  it('does not grow unless it was asked for, nor backwards', () => {
    const still = history({ days: 1 });
    still.advance(NOW_MS + DAY);
    expect(bytesOf(still)).toEqual(bytesOf(history({ days: 1 })));
    const content = history({ days: 1, grows: true });
    content.advance(NOW_MS + DAY);
    const later = bytesOf(content);
    content.advance(NOW_MS);
    expect(bytesOf(content)).toEqual(later);
  });

  it('shows a page that grows between its header and the page itself', () => {
    let now = NOW_MS;
    const content = history({ days: 0.2, grows: true });
    const { last } = content.pageRange(4)!;
    const { ask } = socket({ database: content, nowMs: () => now });
    const at = [4, last & 0xff, last >> 8, 0, 0];
    const header = unhex(ask(hex(encodePacket(18, Uint8Array.from(at))))[0]!).slice(4, -2);
    now += 11 * MINUTE;
    const reply = unhex(ask(hex(encodePacket(17, Uint8Array.from([...at, 1]))))[0]!);
    const page = decodePage(reply.slice(4, -2));
    expect(page.problems).toEqual([]);
    expect(page.header.recordCount).toBeGreaterThan(header[4]!);
    expect(page.header.firstRecordIndex).toBe(new DataView(header.buffer).getUint32(0, true));
  });
});

describe('append', () => {
  const full = (records: number) =>
    new ReceiverDatabase([
      {
        recordType: 4,
        revision: 2,
        firstPage: 10,
        ringPages: 3,
        records: readings(2, records),
      },
    ]);

  it('fills the last page and begins the next, numbered on', () => {
    const content = full(37);
    const first = content.page(4, 10);
    content.append(readings(2, 2));
    expect(content.pageRange(4)).toEqual({ first: 10, last: 11 });
    expect(content.page(4, 10)).not.toEqual(first);
    expect(decodePage(content.page(4, 10)!).records).toHaveLength(38);
    expect(content.records(4).map(({ index }) => index)).toEqual(
      Array.from({ length: 39 }, (_, i) => 380 + i),
    );
  });

  it('drops the oldest page for one that is begun, so that the ring keeps its size', () => {
    const content = full(3 * 38);
    const kept = content.page(4, 11);
    content.append(readings(2, 1));
    expect(content.pageRange(4)).toEqual({ first: 11, last: 13 });
    expect(content.page(4, 10)).toBeUndefined();
    expect(content.page(4, 11)).toEqual(kept);
    expect(content.records(4)[0]?.index).toBe(11 * 38);
  });

  it('gives an empty partition its first page, and drops what has no partition', () => {
    const content = full(0);
    content.append([...readings(2, 1), ...readings(5, 1, 18)]);
    expect(content.pageRange(4)).toEqual({ first: 10, last: 10 });
    expect(content.has(18)).toBe(false);
  });
});

describe('what a database is made from', () => {
  it('is cut to its ring, its oldest pages gone', () => {
    const content = new ReceiverDatabase([
      { recordType: 4, revision: 2, firstPage: 5, ringPages: 2, records: readings(2, 100) },
    ]);
    expect(content.pageRange(4)).toEqual({ first: 6, last: 7 });
    expect(content.records(4)).toHaveLength(62);
  });

  it.each([0x00, 0xff] as const)('is filled up with %i behind its records', (fill) => {
    const content = new ReceiverDatabase([
      { recordType: 4, revision: 2, firstPage: 0, records: readings(2, 2), fill },
    ]);
    const page = content.page(4, 0)!;
    expect(decodePage(page)).toMatchObject({ problems: [], records: content.records(4) });
    expect(new Set(page.subarray(28 + 26))).toEqual(new Set([fill]));
  });

  it('may be records that nobody understands, as bytes', () => {
    const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    const raw = { kind: 'raw', recordType: 42, revision: 7, index: 0, bytes } as const;
    const content = new ReceiverDatabase([
      { recordType: 42, revision: 7, firstPage: 2, records: [], rawRecords: [raw, raw] },
    ]);
    expect(content.partitions()).toMatchObject([{ recordType: 42, recordLength: 12 }]);
    expect(content.rawRecords(42).map(({ index }) => index)).toEqual([82, 83]);
    expect(decodePage(content.page(42, 2)!)).toMatchObject({
      rawRecords: content.rawRecords(42),
      problems: [],
    });
  });
});

it('a G4 that is full keeps its page count while it stores on', () => {
  // receiver §12.9
  const content = history({ profile: g4, days: 35, grows: true });
  const pages = () => {
    const { first, last } = content.pageRange(4)!;
    return last - first + 1;
  };
  const { first } = content.pageRange(4)!;
  expect(pages()).toBe(231);
  content.advance(NOW_MS + DAY);
  expect(pages()).toBe(231);
  expect(content.pageRange(4)!.first - first).toBeGreaterThanOrEqual(7);
});
