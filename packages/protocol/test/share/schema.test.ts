import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/v4/core';
import * as is from '../../src/share/schema.ts';

const reading = is.open({
  Value: is.integer(0, 500),
  WT: is.optional(is.text()),
  Name: is.nullish(is.filled),
  Seen: is.optional(is.flag()),
  State: is.optional(is.numberOrText()),
});
const readings = is.some(reading);

describe('shapes', () => {
  it.each([
    [[{ Value: 100 }]],
    [[{ Value: 0, WT: '', Name: null, Seen: false, State: 'x', Trend: {} }]],
    [[{ Value: 500, Name: 'n', State: 3, Trend: null, More: [1] }]],
  ])('%j fits', (value) => {
    expect(is.problemOf(readings, value)).toBeUndefined();
  });

  it.each([
    [undefined, 'the whole is not a list'],
    [{}, 'the whole is not a list'],
    [[], 'the whole is not filled in'],
    [[5], '[0] is not an object'],
    [[null], '[0] is not an object'],
    [[[]], '[0] is not an object'],
    [[{}], '[0].Value is not a number'],
    [[{ Value: '5' }], '[0].Value is not a number'],
    [[{ Value: 1.5 }], '[0].Value is not a whole number in range'],
    [[{ Value: 501 }], '[0].Value is not a whole number in range'],
    [[{ Value: -1 }], '[0].Value is not a whole number in range'],
    [[{ Value: 1 }, { Value: 1, WT: 5 }], '[1].WT is not a text'],
    [[{ Value: 1, WT: null }], '[0].WT is not a text'],
    [[{ Value: 1, Name: '' }], '[0].Name is not filled in'],
    [[{ Value: 1, Seen: 'true' }], '[0].Seen is not true or false'],
    [[{ Value: 1, State: true }], '[0].State is not a number or a text'],
  ])('%j does not: %s', (value, problem) => {
    expect(is.problemOf(readings, value)).toBe(problem);
  });

  it('say a text of another form from another type', () => {
    const form = is.text(/^a+$/);
    expect(is.problemOf(form, 'aa')).toBeUndefined();
    expect(is.problemOf(form, 'ab')).toBe('the whole is not of the known form');
    expect(is.problemOf(form, 1)).toBe('the whole is not a text');
  });

  it('say where in an object within an object', () => {
    const nested = is.open({ Outer: is.open({ Inner: is.some(is.object({ At: is.text() })) }) });
    expect(is.problemOf(nested, { Outer: { Inner: [{ At: '' }] } })).toBeUndefined();
    expect(is.problemOf(nested, { Outer: { Inner: [{ At: '' }, {}] } })).toBe(
      'Outer.Inner[1].At is not a text',
    );
    expect(is.problemOf(nested, { Outer: {} })).toBe('Outer.Inner is not a list');
    expect(is.problemOf(nested, {})).toBe('Outer is not an object');
  });

  it("take and refuse the same objects as zod's own", () => {
    const shape = { A: is.integer(0, 9), B: is.optional(is.filled), C: is.nullish(is.flag()) };
    const own = is.object(shape);
    const zods = new z.$ZodObject({ type: 'object', shape });
    const field = fc.oneof(fc.anything(), fc.nat(9), fc.constantFrom('b', true, null, undefined));
    const record = fc.record({ A: field, B: field, C: field, D: field }, { requiredKeys: [] });
    fc.assert(
      fc.property(fc.oneof(record, fc.anything()), (value) => {
        expect(is.problemOf(own, value) === undefined).toBe(z.safeParse(zods, value).success);
      }),
    );
  });

  it('are schemas for zod and for whatever takes a Standard Schema', () => {
    const good = [{ Value: 1 }];
    expect(z.safeParse(readings, good)).toEqual({ success: true, data: good });
    const refused = { path: [0, 'Value'], message: 'a number' };
    const { success, error } = z.safeParse(readings, [{ Value: '1' }]);
    expect({ success, issues: error?.issues }).toMatchObject({ success: false, issues: [refused] });
    expect(readings['~standard'].validate([{ Value: '1' }])).toMatchObject({ issues: [refused] });
    const nested = new z.$ZodArray({ type: 'array', element: readings });
    expect(z.safeParse(nested, [good, []]).success).toBe(false);
  });

  it('never throw and never repeat a value', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const problem = is.problemOf(readings, value);
        expect(problem ?? '').toMatch(/^(?:(?:[\w.[\]]+|the whole) is not [a-z ]+)?$/);
      }),
    );
  });
});
