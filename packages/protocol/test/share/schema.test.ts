import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as is from '../../src/share/schema.ts';

const reading = is.open({
  Value: is.integer(0, 500),
  WT: is.optional(is.text()),
  Name: is.nullish(is.filled),
  Seen: is.optional(is.flag),
  State: is.optional(is.numberOrText),
  Trend: is.optional(is.anything),
});
const readings = is.list(reading, 1);

describe('shapes', () => {
  it.each([
    [[{ Value: 100 }]],
    [[{ Value: 0, WT: '', Name: null, Seen: false, State: 'x', Trend: {} }]],
    [[{ Value: 500, Name: 'n', State: 3, Trend: null, More: [1] }]],
  ])('%j fits', (value) => {
    expect(is.problemOf(readings, value)).toBeUndefined();
  });

  it.each([
    [undefined, 'the whole is not as expected (array)'],
    [{}, 'the whole is not as expected (array)'],
    [[], 'the whole is not as expected (too small)'],
    [[5], '[0] is not as expected (object)'],
    [[null], '[0] is not as expected (object)'],
    [[[]], '[0] is not as expected (object)'],
    [[{}], '[0].Value is not as expected (number)'],
    [[{ Value: '5' }], '[0].Value is not as expected (number)'],
    [[{ Value: 1.5 }], '[0].Value is not as expected (int)'],
    [[{ Value: 501 }], '[0].Value is not as expected (too big)'],
    [[{ Value: -1 }], '[0].Value is not as expected (too small)'],
    [[{ Value: 1 }, { Value: 1, WT: 5 }], '[1].WT is not as expected (string)'],
    [[{ Value: 1, WT: null }], '[0].WT is not as expected (string)'],
    [[{ Value: 1, Name: '' }], '[0].Name is not as expected (too small)'],
    [[{ Value: 1, Seen: 'true' }], '[0].Seen is not as expected (boolean)'],
    [[{ Value: 1, State: true }], '[0].State is not as expected (invalid union)'],
  ])('%j does not: %s', (value, problem) => {
    expect(is.problemOf(readings, value)).toBe(problem);
  });

  it('say a text of another form from another type', () => {
    const form = is.text(/^a+$/);
    expect(is.problemOf(form, 'aa')).toBeUndefined();
    expect(is.problemOf(form, 'ab')).toBe('the whole is not as expected (invalid format)');
    expect(is.problemOf(form, 1)).toBe('the whole is not as expected (string)');
  });

  it('never throw and never repeat a value', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const problem = is.problemOf(readings, value);
        expect(problem ?? '').toMatch(
          /^(?:(?:[\w.[\]]+|the whole) is not as expected \([a-z ]+\))?$/,
        );
      }),
    );
  });
});
