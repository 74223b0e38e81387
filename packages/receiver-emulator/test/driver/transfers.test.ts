import { encodePacket, PAGE_SIZE } from '@egvkit/protocol/receiver/wire';
import { describe, expect, it } from 'vitest';
import { bench, g4, tamper } from '../support/bench.ts';
import { bitwiseCrc16, concat } from '../support/bytes.ts';
import { all, failure, settle, useFakeClock } from '../support/clock.ts';
import { database, readings } from '../support/records.ts';

useFakeClock();

/** A USB packet is full at this size; a shorter one ends a transfer. */
const FULL = 64; // receiver §12.3
const NOTHING = new Uint8Array(0);

const content = database(g4, { egv: readings(2, 200) });
const stored = content.records(4).toReversed();

/** As USB packets: full ones, and what is left. */
function usb(bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / FULL) }, (_, i) =>
    bytes.slice(i * FULL, (i + 1) * FULL),
  );
}

describe('a reply ends by its length', () => {
  it.each([
    ['one full packet', 58, []],
    ['two full packets', 122, []],
    ['a full packet and one without data', 58, [NOTHING]],
  ])('also when no short packet ends it: %s', async (_, size, after) => {
    const payload = Uint8Array.from({ length: size }, (_, i) => i);
    const reply = encodePacket(1, payload);
    expect(reply.length % FULL).toBe(0);
    const deliver = tamper('readHardwareBoardId', () => [...usb(reply), ...after]);
    const { receiver, requests } = await bench({ deliver });
    const start = performance.now();
    expect(await settle(receiver.ask('readHardwareBoardId', undefined))).toEqual(payload);
    expect(performance.now()).toBe(start);
    // Once more to make sure: it may be of any length, also that of the ping's reply.
    const boardId = '01 06 00 31 66 E2';
    expect(requests).toEqual([boardId, '01 06 00 0A 5E 65', boardId]);
    await settle(receiver.ping());
  });

  it('not at a short packet in the middle of it', async () => {
    const deliver = tamper('readDatabasePages', (reply) => [
      reply.slice(0, 10),
      NOTHING,
      reply.slice(10, 100),
      ...usb(reply.slice(100)),
    ]);
    const { receiver } = await bench({ database: content, deliver });
    expect(await all(receiver.records('egv'))).toEqual(stored);
  });

  it('and not at the end of a transfer that holds the beginning of the next', async () => {
    // What is behind a reply belongs to nobody: it is gone before the next request.
    const deliver = tamper('readDatabasePages', (reply) => [concat(reply, reply.slice(0, 500))]);
    const { receiver } = await bench({ database: content, deliver });
    expect(await all(receiver.records('egv'))).toEqual(stored);
  });

  it.each([1, 63, 64, 65, 512, 4096])('in transfers of %i bytes', async (size) => {
    const deliver = tamper('readDatabasePages', (reply) =>
      Array.from({ length: Math.ceil(reply.length / size) }, (_, i) =>
        reply.slice(i * size, (i + 1) * size),
      ),
    );
    const { receiver } = await bench({ database: content, deliver });
    expect(await all(receiver.records('egv'))).toEqual(stored);
  });
});

describe('the pages of one reply', () => {
  /** The reply with its pages in another order. */
  function shuffled(reply: Uint8Array, order: readonly number[]): Uint8Array {
    const pages = order.map((i) => reply.slice(4 + i * PAGE_SIZE, 4 + (i + 1) * PAGE_SIZE));
    return encodePacket(1, concat(...pages));
  }

  it.each([
    ['swapped', [0, 2, 1, 3]],
    ['doubled', [0, 0, 1, 2]],
    ['shifted', [1, 2, 3, 3]],
  ])('are asked for one by one if they come %s', async (_, order) => {
    const deliver = tamper('readDatabasePages', (reply) =>
      reply.length > 4 * PAGE_SIZE ? [shuffled(reply, order)] : undefined,
    );
    const { receiver } = await bench({ database: content, deliver });
    expect(await all(receiver.records('egv'))).toEqual(stored);
    expect(receiver.pagesPerRequest).toBe(1);
  });

  it('that claim more records of XML than one do not count', async () => {
    const deliver = tamper('readDatabasePages', (reply) => {
      const page = reply.slice(4, -2);
      page[4] = 2;
      const crc = bitwiseCrc16(page.subarray(0, 26));
      page[26] = crc;
      page[27] = crc >> 8;
      return [encodePacket(1, page)];
    });
    const { receiver } = await bench({ database: content, deliver });
    expect(await failure(receiver.records('manufacturing').next())).toMatchObject({
      code: 'badPage',
      data: { problem: { kind: 'recordCount', count: 2, fit: 1 } },
    });
  });
});
