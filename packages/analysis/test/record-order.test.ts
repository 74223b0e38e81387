import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeRecords, recordKey } from '../src/record-order.ts';
import { egv } from './support/records.ts';

describe('mergeRecords', () => {
  it('keeps each record once, the one that was read last, in order', () => {
    const known = [egv(0), egv(300), egv(600)];
    const fresh = [{ ...egv(900) }, egv(600, 200)];
    const merged = mergeRecords(known, fresh);
    expect(merged.map(recordKey)).toEqual(['4/0', '4/300', '4/600', '4/900']);
    expect(merged[2]).toBe(fresh[1]);
  });

  it('changes nothing when the same records are merged again, whatever their order', () => {
    const records = fc.uniqueArray(fc.nat(1000), { maxLength: 30 });
    fc.assert(
      fc.property(records, records, (some, others) => {
        const merged = mergeRecords(
          some.map((index) => egv(index)),
          others.map((index) => egv(index)),
        );
        expect(mergeRecords(merged, merged.toReversed())).toEqual(merged);
        expect(merged.map(({ index }) => index)).toEqual(
          [...new Set([...some, ...others])].sort((a, b) => a - b),
        );
      }),
    );
  });
});
