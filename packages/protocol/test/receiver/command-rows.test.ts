import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Command } from '../../src/receiver/command.ts';
import { COMMANDS, type CommandName } from '../../src/receiver/commands.ts';
import { encodePacket } from '../../src/receiver/packet.ts';
import { PAGE_SIZE } from '../../src/receiver/page-header.ts';
import { byteByByte, cutAt, hex } from '../support/bytes.ts';
import { decodeAll } from '../support/stream.ts';

const ROWS = Object.entries(COMMANDS) as [CommandName, Command<unknown, unknown>][];

/** Any bytes of a size that the codec allows, most of them short. */
function bytesFor(name: CommandName, codec: Command<unknown, unknown>['reply']) {
  const { minSize, maxSize } = codec;
  const counts = fc.integer({ min: 1, max: 4 });
  const lengths =
    name === 'readDatabasePages' && minSize === PAGE_SIZE
      ? counts.map((count) => count * PAGE_SIZE)
      : fc.integer({ min: minSize, max: Math.min(maxSize, minSize + 40) });
  return lengths.chain((length) => fc.uint8Array({ minLength: length, maxLength: length }));
}

describe.each(ROWS)('%s', (name, row) => {
  it('encodes every reply it decodes to the same bytes, at any chunking', () => {
    fc.assert(
      fc.property(
        bytesFor(name, row.reply),
        fc.array(fc.nat(60), { maxLength: 5 }),
        (payload, cuts) => {
          const packet = encodePacket(1, payload);
          for (const pieces of [cutAt(packet, cuts), byteByByte(packet)]) {
            const { events, held } = decodeAll(pieces);
            expect(held).toEqual([]);
            const [event] = events;
            if (event?.kind !== 'packet') throw new Error('no packet came out');
            expect(hex(row.reply.encode(row.reply.decode(event.payload)))).toBe(hex(payload));
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('encodes every request it decodes to the same bytes', () => {
    fc.assert(
      fc.property(bytesFor(name, row.request), (payload) => {
        const request = row.request.decode(payload);
        if (name === 'readDatabasePages' && (payload[5]! < 1 || payload[5]! > 4)) return;
        expect(hex(row.request.encode(request))).toBe(hex(payload));
      }),
      { numRuns: 60 },
    );
  });
});
