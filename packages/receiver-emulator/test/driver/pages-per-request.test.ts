import { encodePacket, PAGE_SIZE } from '@egvkit/protocol/receiver/wire';
import { Receiver, temporaryMemory } from '@egvkit/receiver';
import { describe, expect, it } from 'vitest';
import { memoryTransport } from '../../src/memory.ts';
import type { Delivery } from '../../src/options.ts';
import { bench, emulated, g4, tamper, tap } from '../support/bench.ts';
import { all, failure, settle, useFakeClock } from '../support/clock.ts';
import { database, readings } from '../support/records.ts';
import { takeRequests } from '../support/requests.ts';

useFakeClock();

const PER_PAGE = 38;
/** Nine pages, the last of them partly filled. */
const content = database(g4, { egv: readings(2, 8 * PER_PAGE + 5), egvFirstPage: 20 });
const stored = content.records(4);
const ONE_PAGE_REPLY = PAGE_SIZE + 6;

/** A receiver that answers requests for several pages in its own way. */
async function answering(several: (reply: Uint8Array) => Delivery) {
  return await bench({
    database: content,
    deliver: tamper('readDatabasePages', (reply) =>
      reply.length > ONE_PAGE_REPLY || reply[3] !== 1 ? several(reply) : undefined,
    ),
  });
}

describe('pages are asked for by fours', () => {
  it('ascending, the last request ending exactly on the last page', async () => {
    const { receiver, requests } = await bench({ database: content });
    const range = { first: 20, last: 28 };
    const pages = await all(receiver.pages('egv', { range, order: 'oldestFirst' }));
    expect(pages.map(({ pageNumber }) => pageNumber)).toEqual([20, 21, 22, 23, 24, 25, 26, 27, 28]);
    for (const page of pages) expect(page.bytes).toEqual(content.page(4, page.pageNumber));
    expect(takeRequests(requests)).toEqual(['pages 4 20+4', 'pages 4 24+4', 'pages 4 28+1']);
  });

  it('descending, the first request ending exactly on the last page', async () => {
    const { receiver, requests } = await bench({ database: content });
    const pages = await all(receiver.pages('egv'));
    expect(pages.map(({ pageNumber }) => pageNumber)).toEqual([28, 27, 26, 25, 24, 23, 22, 21, 20]);
    expect(takeRequests(requests)).toEqual([
      'range 4',
      'pages 4 25+4',
      'pages 4 21+4',
      'pages 4 20+1',
    ]);
  });

  it.each([
    [1, 9],
    [2, 5],
    [3, 3],
    [4, 3],
  ])('or by %i, if told so: %i requests', async (pagesPerRequest, count) => {
    const { receiver, requests } = await bench({ database: content }, { pagesPerRequest });
    expect(await all(receiver.records('egv'))).toEqual(stored.toReversed());
    expect(takeRequests(requests).slice(1)).toHaveLength(count);
    expect(receiver.pagesPerRequest).toBe(pagesPerRequest);
  });

  it.each([0, 5, 1.5, Number.NaN])('but not by %d', async (pagesPerRequest) => {
    const { device, requests } = tap(emulated());
    const transport = memoryTransport(device);
    expect(await failure(Receiver.open(transport, { pagesPerRequest }))).toMatchObject({
      code: 'outOfRange',
      data: { what: 'pagesPerRequest' },
    });
    expect(requests).toEqual([]);
    expect(await failure(transport.read(0))).toMatchObject({ code: 'closed' });
  });

  it('and never while another request is outstanding', async () => {
    let outstanding = 0;
    let most = 0;
    const device = emulated({ database: content, replyDelayMs: 20 });
    const transport = memoryTransport({
      attach(wire) {
        const line = device.attach({
          send(bytes) {
            outstanding--;
            wire.send(bytes);
          },
          unplug: () => wire.unplug(),
        });
        return {
          receive(bytes) {
            most = Math.max(most, ++outstanding);
            line.receive(bytes);
          },
          detach: () => line.detach(),
        };
      },
    });
    const receiver = await settle(Receiver.open(transport));
    const [down, up] = await settle(
      Promise.all([
        collect(receiver.records('egv')),
        collect(receiver.records('egv', { order: 'oldestFirst' })),
      ]),
    );
    expect(down).toEqual(stored.toReversed());
    expect(up).toEqual(stored);
    expect(most).toBe(1);
  });
});

describe('a receiver that does not answer requests for several pages', () => {
  it.each<[string, (reply: Uint8Array) => Delivery]>([
    ['refuses them', () => [encodePacket(4)]],
    ['gives one page all the same', (reply) => [encodePacket(1, reply.slice(4, 4 + PAGE_SIZE))]],
    ['stops in the middle', (reply) => [reply.slice(0, 1200)]],
    ['says nothing', () => 'nothing'],
  ])('and %s, is asked for one at a time from then on', async (_, several) => {
    const { receiver, requests } = await answering(several);
    expect(await all(receiver.records('egv'))).toEqual(stored.toReversed());
    const asked = takeRequests(requests);
    const wide = asked.filter((request) => request === 'pages 4 25+4');
    expect(wide.length).toBeGreaterThan(0);
    expect(asked.slice(1 + wide.length)).toEqual(
      [25, 26, 27, 28, 24, 23, 22, 21, 20].map((page) => `pages 4 ${page}+1`),
    );
    expect(receiver.pagesPerRequest).toBe(1);
    expect(await all(receiver.records('egv', { order: 'oldestFirst' }))).toEqual(stored);
    expect(takeRequests(requests).filter((request) => request.endsWith('+4'))).toEqual([]);
  });

  it('is known the next time by what the caller remembers', async () => {
    const { receiver } = await answering(() => [encodePacket(4)]);
    await all(receiver.records('egv'));
    const { pagesPerRequest } = receiver;
    const next = await bench({ database: content }, { pagesPerRequest });
    await all(next.receiver.records('egv'));
    expect(takeRequests(next.requests)).not.toContainEqual(expect.stringMatching(/\+[2-4]$/));
  });
});

describe('a memory of devices', () => {
  it('spares a receiver the next time what it did not answer, and only that receiver', async () => {
    const memory = temporaryMemory();
    const refusing = {
      database: content,
      deliver: tamper('readDatabasePages', (reply) =>
        reply.length > ONE_PAGE_REPLY ? [encodePacket(4)] : undefined,
      ),
    };
    const first = await bench(refusing, { memory });
    await all(first.receiver.records('egv'));
    expect(takeRequests(first.requests)).toContain('pages 4 25+4');

    const again = await bench(refusing, { memory });
    expect(again.receiver.pagesPerRequest).toBe(1);
    expect(await all(again.receiver.records('egv'))).toEqual(stored.toReversed());
    expect(takeRequests(again.requests)).not.toContainEqual(expect.stringMatching(/\+[2-4]$/));

    const { serialNumber } = await again.receiver.identify();
    expect(await memory.load(serialNumber ?? '')).toEqual({ pagesPerRequest: 1 });
    expect(await memory.load('SM99999999')).toBeUndefined();
  });
});

describe('four pages that fail for another reason', () => {
  it('cost nothing for good: what one page is not given for either', async () => {
    const { receiver } = await bench({ database: content });
    const beyond = receiver.pages('egv', { range: { first: 29, last: 32 } });
    expect(await failure(beyond.next())).toMatchObject({ code: 'refused' });
    expect(receiver.pagesPerRequest).toBe(4);
  });

  it('are asked for once more if they came damaged', async () => {
    let damaged = false;
    const { receiver, requests } = await answering((reply) => {
      const copy = reply.slice();
      if (!damaged) copy[1000]! ^= 1;
      damaged = true;
      return [copy];
    });
    expect(await all(receiver.records('egv'))).toEqual(stored.toReversed());
    expect(takeRequests(requests).slice(1, 3)).toEqual(['pages 4 25+4', 'pages 4 25+4']);
    expect(receiver.pagesPerRequest).toBe(4);
  });
});

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}
