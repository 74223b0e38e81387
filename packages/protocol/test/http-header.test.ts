import { describe, expect, it } from 'vitest';
import { httpDateMs, retryAfterMsOf } from '../src/http-header.ts';

const NOW_MS = Date.UTC(2026, 2, 1, 12);

describe('an HTTP date', () => {
  it('is read to the second', () => {
    expect(httpDateMs('Sun, 06 Nov 1994 08:49:37 GMT')).toBe(784_111_777_000);
  });

  it.each([
    '',
    'soon',
    'wait 60',
    '7',
    'Mon, 06 Nov 1994 08:49:37 GMT',
    'Sun, 6 Nov 1994 08:49:37 GMT',
    'Sun, 06 Nov 1994 08:49:37 +0000',
    'Sun, 06 Nov 1994 24:49:37 GMT',
    'Tue, 31 Feb 2026 08:49:37 GMT',
    'Sunday, 06-Nov-94 08:49:37 GMT',
    'Sun Nov  6 08:49:37 1994',
    '1994-11-06T08:49:37Z',
  ])('is not %j', (text) => {
    expect(httpDateMs(text)).toBeNaN();
  });
});

describe('a Retry-After', () => {
  it.each([
    ['0', 0],
    ['7', 7000],
    ['0120', 120_000],
    ['86401', 86_400_000],
    ['9'.repeat(400), 86_400_000],
    ['Sun, 01 Mar 2026 12:00:20 GMT', 20_000],
    ['Sun, 01 Mar 2026 11:59:00 GMT', 0],
    ['Fri, 01 Mar 2036 12:00:00 GMT', undefined],
    ['Sat, 01 Mar 2036 12:00:00 GMT', 86_400_000],
  ])('%s asks for %s ms', (header, ms) => {
    expect(retryAfterMsOf(header, NOW_MS)).toBe(ms);
  });

  it.each([null, '', ' ', 'soon', '0x10', '1e3', '7.5', '-7', '+7', '7 s', '７'])(
    '%j asks for nothing',
    (header) => {
      expect(retryAfterMsOf(header, NOW_MS)).toBeUndefined();
    },
  );
});
