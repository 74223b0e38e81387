import { describe, expect, it } from 'vitest';
import { answering } from './harness.ts';

const records = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ WT: `Date(${1e12 - 300_000 * i})`, Value: 100 }));

describe('more readings than were asked for', () => {
  it.each([
    ['more than a day has', {}, 5_000],
    ['one more', { maxCount: 2 }, 3],
    ['any where none were asked for', { maxCount: 0 }, 1],
  ])('are a bad reply: %s', async (_, options, count) => {
    const client = answering(() => Response.json(records(count)));
    await expect(client.readings(options)).rejects.toMatchObject({
      code: 'badReply',
      data: { problem: expect.stringContaining(`${count} readings where at most`) },
    });
  });

  it('are not: as many as were asked for', async () => {
    const client = answering(() => Response.json(records(288)));
    expect(await client.readings()).toHaveLength(288);
  });
});
