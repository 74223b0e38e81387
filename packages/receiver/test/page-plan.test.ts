import { NO_PAGE } from '@egvkit/protocol/receiver/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VECTORS } from '../../protocol/test/support/vectors.ts';
import { planPages } from '../src/page-plan.ts';

describe('planPages', () => {
  it.each(VECTORS.incremental)('$name', (vector) => {
    const { first, last, knownPage, knownCount, headerCount } = vector;
    const input = {
      range: { first, last },
      ...(knownPage !== null && { remembered: { page: knownPage, recordCount: knownCount ?? 0 } }),
      pagesPerRequest: 4,
    };
    const asked = planPages(input);
    expect(asked.headerPage).toBe(vector.expectHeaderRequest);
    if (asked.headerPage !== null) expect(asked.requests).toBeNull();
    const plan = planPages({ ...input, headerCount: headerCount ?? undefined });
    expect(plan.headerPage).toBe(vector.expectHeaderRequest);
    expect(plan.requests?.map(({ firstPage, pageCount }) => [firstPage, pageCount])).toEqual(
      vector.expectPageRequests,
    );
  });

  it('covers exactly the pages from the remembered one on, at any number of pages a request', () => {
    const page = fc.nat(300);
    fc.assert(
      fc.property(
        page,
        page,
        fc.option(page),
        fc.integer({ min: 1, max: 4 }),
        (a, b, known, most) => {
          const range = { first: Math.min(a, b), last: Math.max(a, b) };
          const remembered = known === null ? undefined : { page: known, recordCount: 5 };
          const { requests } = planPages({
            range,
            remembered,
            headerCount: 6,
            pagesPerRequest: most,
          });
          const pages = (requests ?? []).flatMap(({ firstPage, pageCount }) =>
            Array.from({ length: pageCount }, (_, i) => firstPage + i),
          );
          const from =
            known === null || known < range.first || known > range.last ? range.first : known;
          expect(pages).toEqual(Array.from({ length: range.last - from + 1 }, (_, i) => from + i));
          for (const { pageCount } of requests ?? []) expect(pageCount).toBeLessThanOrEqual(most);
        },
      ),
    );
  });

  it('asks for no header outside the range: a remembered page beyond it is of another database', () => {
    const remembered = { page: 30, recordCount: 38 };
    const range = { first: 0, last: 2 };
    expect(planPages({ range, remembered, pagesPerRequest: 4 })).toEqual({
      headerPage: null,
      requests: [{ firstPage: 0, pageCount: 3 }],
    });
  });

  it('reads again when the page has fewer records than before', () => {
    const remembered = { page: 3, recordCount: 10 };
    const input = { range: { first: 0, last: 3 }, remembered, headerCount: 2, pagesPerRequest: 4 };
    expect(planPages(input).requests).toEqual([{ firstPage: 3, pageCount: 1 }]);
  });

  it.each([0, 5, 1.5, Number.NaN])('refuses %s pages a request', (pagesPerRequest) => {
    const range = { first: NO_PAGE, last: NO_PAGE };
    expect(() => planPages({ range, pagesPerRequest })).toThrow(
      expect.objectContaining({ code: 'outOfRange' }),
    );
  });

  it('refuses a range that runs backwards', () => {
    expect(() => planPages({ range: { first: 5, last: 4 }, pagesPerRequest: 1 })).toThrow(
      expect.objectContaining({ code: 'outOfRange' }),
    );
  });
});
