import { encodePacket, encodePage } from '@egvkit/protocol/receiver/wire';
import { describe, expect, it } from 'vitest';
import { Receiver } from '../src/receiver.ts';
import { failure, settle, useFakeClock } from './support/clock.ts';
import { hex, port, unhex } from './support/port.ts';

useFakeClock();

const PING = '01 06 00 0A 5E 65';
const ACK = '01 06 00 01 35 D4';
const ASK_ID = '01 06 00 19 0C 47';
const EMPTY_RANGE = '01 0E 00 01 FF FF FF FF FF FF FF FF CD 1D';

/** An opened receiver that knows these replies and refuses everything else. */
async function open(replies: Readonly<Record<string, string>>) {
  const script = port(
    (request) =>
      ({ [PING]: ACK, [ASK_ID]: text('6A3B7'), ...replies })[request] ?? '01 06 00 03 77 F4',
  );
  const receiver = await settle(Receiver.open(script.transport));
  script.log.length = 0;
  return { receiver, ...script };
}

function text(xml: string): string {
  return hex(
    encodePacket(
      1,
      Uint8Array.from(xml, (character) => character.charCodeAt(0)),
    ),
  );
}

describe('the bytes of the specification', () => {
  // receiver §2.5
  it('are sent and understood for the clock', async () => {
    const { receiver, written } = await open({
      '01 06 00 22 34 C0': '01 0A 00 01 01 1B 25 0B 92 93',
      '01 06 00 1D 88 07': '01 0A 00 01 9E AB FF FF 6B 2A',
    });
    expect(await settle(receiver.clock())).toMatchObject({
      systemSeconds: 186_981_121,
      displayOffsetSeconds: -21_602,
      displaySeconds: 186_959_519,
    });
    expect(written()).toEqual([
      ...['01 06 00 22 34 C0', '01 06 00 1D 88 07'],
      // Both are four bytes: the second is made sure of, with a ping between.
      ...[PING, '01 06 00 1D 88 07'],
    ]);
  });

  it('are sent and understood for the battery', async () => {
    const { receiver, written } = await open({
      '01 06 00 21 57 F0': '01 0A 00 01 61 00 00 00 AA 31',
      '01 06 00 30 47 F2': '01 07 00 01 01 6C D8',
    });
    expect(await settle(receiver.battery())).toEqual({
      percent: 97,
      state: { raw: 1, name: 'charging' },
    });
    expect(written()).toEqual(['01 06 00 21 57 F0', '01 06 00 30 47 F2']);
  });

  it('are sent and understood for the screen', async () => {
    const { receiver } = await open({
      '01 06 00 25 D3 B0': '01 07 00 01 01 6C D8',
      '01 06 00 29 5F 71': '01 07 00 01 00 4D C8',
      '01 06 00 1B 4E 67': '01 08 00 01 09 04 A1 8A',
    });
    expect(await settle(receiver.display())).toMatchObject({
      unit: { raw: 1 },
      clockMode: { raw: 0 },
      language: { raw: 0x0409, name: 'English' },
    });
  });

  it('are sent and understood for page ranges', async () => {
    const { receiver } = await open({
      '01 07 00 10 04 8B B8': '01 0E 00 01 00 00 00 00 B7 00 00 00 D0 1B',
      '01 07 00 10 12 7C CA': EMPTY_RANGE,
      '01 07 00 10 00 0F F8': hex(encodePacket(1, new Uint8Array(8))),
    });
    expect(await settle(receiver.pageRange('egv'))).toEqual({ first: 0, last: 183 });
    expect(await settle(receiver.pageRange('backfilledEgv'))).toBeUndefined();
    expect(await settle(receiver.pageRange('manufacturing'))).toEqual({ first: 0, last: 0 });
  });

  it('are sent for a page', async () => {
    const page = encodePage({
      recordType: 4,
      revision: 2,
      pageNumber: 300,
      firstRecordIndex: 11_400,
      records: [],
    });
    const { receiver, written } = await open({
      '01 0C 00 11 04 2C 01 00 00 01 E4 B6': hex(encodePacket(1, page)),
    });
    const pages = receiver.pages('egv', { range: { first: 300, last: 300 } });
    expect((await settle(pages.next())).value).toMatchObject({ pageNumber: 300, bytes: page });
    expect(written()).toHaveLength(1);
  });

  it('are sent for four pages at once, whose reply comes in pieces of 64', async () => {
    const bytes = new Uint8Array(4 * 528);
    for (let i = 0; i < 4; i++) {
      const pageNumber = 297 + i;
      const header = { recordType: 4, revision: 2, pageNumber, firstRecordIndex: 0 };
      bytes.set(encodePage({ ...header, records: [] }), i * 528);
    }
    const reply = encodePacket(1, bytes);
    const script = port((request) => {
      if (request === PING) return ACK;
      for (let at = 0; at < reply.length; at += 64) {
        setTimeout(() => script.push(hex(reply.slice(at, at + 64))), at / 64);
      }
      return undefined;
    });
    const receiver = await settle(Receiver.open(script.transport));
    const request = { recordType: 4, firstPage: 297, pageCount: 4 };
    expect(await settle(receiver.ask('readDatabasePages', request))).toEqual(bytes);
    expect(script.written()).toEqual([PING, '01 0C 00 11 04 29 01 00 00 04 16 C5']);
  });
});

describe('a page range with one empty end', () => {
  it.each([['FF FF FF FF 05 00 00 00'], ['05 00 00 00 FF FF FF FF']])(
    'is empty: %s',
    async (payload) => {
      const reply = hex(encodePacket(1, unhex(payload)));
      const { receiver } = await open({ '01 07 00 10 04 8B B8': reply });
      expect(await settle(receiver.pageRange('egv'))).toBeUndefined();
    },
  );
});

describe('identify', () => {
  it('reads a header in either kind of quotes and keeps what it does not know', async () => {
    const { receiver } = await open({
      '01 06 00 0B 7F 75': text('<FirmwareHeader ProductId="OrionReceiver" New=\'1\' />'),
      '01 06 00 19 0C 47': '01 0C 00 01 38 47 48 4A 4B 32 52 C0',
      '01 07 00 10 00 0F F8': EMPTY_RANGE,
    });
    const identity = await settle(receiver.identify());
    expect(identity).toMatchObject({
      firmware: { productId: 'OrionReceiver', productName: undefined },
      transmitterId: '8GHJK2',
      serialNumber: undefined,
    });
    expect({ ...identity.firmware?.attributes }).toEqual({ ProductId: 'OrionReceiver', New: '1' });
  });

  it('fails if the line does, instead of telling half', async () => {
    const { receiver, inbox } = await open({});
    inbox.close();
    expect(await failure(receiver.identify())).toMatchObject({ code: 'closed' });
  });
});

describe('open and close', () => {
  it('closes the transport once, after a failed opening', async () => {
    const { transport, log } = port(() => undefined);
    expect(await failure(Receiver.open(transport))).toMatchObject({
      code: 'timeout',
      data: { command: 'ping', attempts: 2 },
    });
    expect(log.filter((entry) => entry === 'close')).toHaveLength(1);
    expect(log.at(-1)).toBe('close');
  });

  it('stops waiting for an answer when it is aborted', async () => {
    const { transport, log } = port(() => undefined);
    const abort = new AbortController();
    const error = failure(Receiver.open(transport, { signal: abort.signal }));
    setTimeout(() => abort.abort('enough'), 500);
    expect(await error).toBe('enough');
    expect(log.at(-1)).toBe('close');
    expect(performance.now()).toBe(500);
  });

  it('sends nothing on closing', async () => {
    const { receiver, log } = await open({});
    await receiver.close();
    await receiver[Symbol.asyncDispose]();
    expect(log).toEqual(['close', 'close']);
  });
});
