import { describe, expect, it } from 'vitest';
import { Exchange } from '../../src/receiver/exchange.ts';
import { encodePacket } from '../../src/receiver/packet.ts';
import { prepareRequest } from '../../src/receiver/request.ts';
import { byteByByte, concat, cutAt, hex, unhex } from '../support/bytes.ts';
import { after, play } from '../support/line.ts';
import { packetVector } from '../support/vectors.ts';

const readSystemTime = prepareRequest('readSystemTime', undefined);
const SYSTEM_TIME = unhex('01 0A 00 01 00 84 D7 17 30 17');
const REQUEST = hex(unhex('01 06 00 22 34 C0'));
const REPLY = { systemSeconds: 400_000_000 };

describe('an exchange that goes well', () => {
  it('drains what is left over without waiting, sends, reads once, and is done', () => {
    const run = play(readSystemTime, { replies: [[after(14, SYSTEM_TIME)]] });
    expect(run.outcome).toEqual({
      kind: 'reply',
      reply: REPLY,
      payload: unhex('0084d717'),
      attempts: 1,
      noiseBytes: 0,
    });
    expect(run.steps).toEqual(['0 drain 0 3000', '0 send', '0 read 2000', '14 done reply']);
    expect(run.sent).toEqual([REQUEST]);
  });

  it('knows its command', () => {
    expect(new Exchange(readSystemTime).command).toBe('readSystemTime');
  });

  it('takes the reply in any pieces, looking again after short pauses', () => {
    const pieces = cutAt(SYSTEM_TIME, [1, 4, 9]).map((bytes, i) => after(100 + 150 * i, bytes));
    const run = play(readSystemTime, { replies: [pieces] });
    expect(run.outcome).toMatchObject({ kind: 'reply', reply: REPLY, attempts: 1, noiseBytes: 0 });
    expect(run.steps).toEqual([
      '0 drain 0 3000',
      '0 send',
      '0 read 2000',
      '100 read 200',
      '250 read 200',
      '400 read 200',
      '550 done reply',
    ]);
  });

  it('takes the reply byte by byte, also with pauses longer than the quiet time between bytes', () => {
    const pieces = byteByByte(SYSTEM_TIME).map((byte, i) => after(190 * i, byte));
    const slow = byteByByte(SYSTEM_TIME.subarray(0, 4)).map((byte, i) => after(450 * i, byte));
    slow.push(after(1999, SYSTEM_TIME.slice(4)));
    for (const replies of [pieces, slow]) {
      const run = play(readSystemTime, { replies: [replies] });
      expect(run.outcome).toMatchObject({
        kind: 'reply',
        reply: REPLY,
        attempts: 1,
        noiseBytes: 0,
      });
    }
  });

  it('takes a reply that ends on the last millisecond', () => {
    const run = play(readSystemTime, { replies: [[after(2000, SYSTEM_TIME)]] });
    expect(run.outcome).toMatchObject({ kind: 'reply', attempts: 1 });
    expect(run.endedAtMs).toBe(2000);
  });

  it('takes four pages in one reply', () => {
    const vector = packetVector('ReadDatabasePages reply: 4 EGV pages, last one partly filled');
    const request = prepareRequest('readDatabasePages', {
      recordType: 4,
      firstPage: 37,
      pageCount: 4,
    });
    const chunks = cutAt(
      unhex(vector.packet),
      Array.from({ length: 33 }, (_, i) => 64 * i),
    );
    const run = play(request, { replies: [chunks.map((bytes, i) => after(40 + i, bytes))] });
    expect(run.outcome).toMatchObject({ kind: 'reply', attempts: 1, noiseBytes: 0 });
    expect(run.outcome.kind === 'reply' && hex(run.outcome.reply)).toBe(vector.payload);
  });
});

describe('what does not belong to the exchange', () => {
  it('stale bytes are dropped before the request is sent', () => {
    const stale = concat([unhex('41 54 0d 01'), SYSTEM_TIME]);
    const fresh = encodePacket(1, unhex('01 84 d7 17'));
    const run = play(readSystemTime, { stale, replies: [[after(10, fresh)]] });
    expect(run.drainedBytes).toBe(stale.length);
    expect(run.outcome).toMatchObject({
      kind: 'reply',
      reply: { systemSeconds: 400_000_001 },
      noiseBytes: stale.length,
    });
  });

  it('noise before the reply is counted and passed over', () => {
    const run = play(readSystemTime, {
      replies: [[after(5, unhex('41 54 0d')), after(20, SYSTEM_TIME)]],
    });
    expect(run.outcome).toMatchObject({ kind: 'reply', reply: REPLY, attempts: 1, noiseBytes: 3 });
    expect(run.steps).toEqual([
      '0 drain 0 3000',
      '0 send',
      '0 read 2000',
      '5 read 1995',
      '20 done reply',
    ]);
  });

  it('the late reply of an earlier request is passed over: page range for system time', () => {
    const late = unhex(packetVector('PageRange 0..300').packet);
    const run = play(readSystemTime, { replies: [[after(3, late), after(20, SYSTEM_TIME)]] });
    expect(run.outcome).toMatchObject({
      kind: 'reply',
      reply: REPLY,
      attempts: 1,
      noiseBytes: late.length,
    });
  });

  it('the late reply and the reply in one piece give the reply', () => {
    const late = unhex(packetVector('ClockMode 12h').packet);
    const run = play(readSystemTime, { replies: [[after(20, concat([late, SYSTEM_TIME]))]] });
    expect(run.outcome).toMatchObject({ kind: 'reply', reply: REPLY, noiseBytes: late.length });
  });

  it('pages of an earlier request are told by their number', () => {
    const page = (n: number) => {
      const bytes = unhex(packetVector('ReadDatabasePages reply: 1 EGV page (rev2)').payload);
      bytes[10] = n & 0xff;
      bytes[11] = n >> 8;
      return encodePacket(1, bytes);
    };
    const request = prepareRequest('readDatabasePages', {
      recordType: 4,
      firstPage: 301,
      pageCount: 1,
    });
    const run = play(request, { replies: [[after(5, page(300)), after(30, page(301))]] });
    expect(run.outcome).toMatchObject({ kind: 'reply', attempts: 1, noiseBytes: 534 });
    expect(run.steps.slice(2)).toEqual(['0 read 5000', '5 read 200', '30 done reply']);
  });
});

describe('a refusal', () => {
  it.each([
    [0, 'NULL'],
    [2, 'NAK'],
    [3, 'INVALID_COMMAND'],
    [4, 'INVALID_PARAM'],
    [5, 'INCOMPLETE_PACKET_RECEIVED'],
    [6, 'RECEIVER_ERROR'],
    [7, 'INVALID_MODE'],
    [8, 'an unknown response'],
    [255, 'an unknown response'],
  ])('with code %i ends the exchange at once as %s', (code, name) => {
    const run = play(readSystemTime, { replies: [[after(9, encodePacket(code))]] });
    expect(run.outcome).toEqual({ kind: 'refused', code, name });
    expect(run.sent).toHaveLength(1);
    expect(run.endedAtMs).toBe(9);
  });

  it('may carry a payload', () => {
    const nak = encodePacket(4, unhex('de ad'));
    const run = play(readSystemTime, { replies: [[after(9, nak)]] });
    expect(run.outcome).toEqual({ kind: 'refused', code: 4, name: 'INVALID_PARAM' });
  });
});

describe('options', () => {
  it('wait for quiet before the first request too, if an earlier reply may still come', () => {
    const stale = encodePacket(1, unhex('00 00 00 00'));
    const run = play(
      readSystemTime,
      { stale, replies: [[after(14, SYSTEM_TIME)]] },
      { unsettled: true },
    );
    expect(run.steps).toEqual(['0 drain 200 3000', '200 send', '200 read 2000', '214 done reply']);
    expect(run.outcome).toMatchObject({ kind: 'reply', reply: REPLY, noiseBytes: 10 });
  });

  it.each([0, 1, 2, 3])('resends %i times', (resends) => {
    const run = play(readSystemTime, {}, { resends });
    expect(run.outcome).toEqual({ kind: 'timeout', afterMs: 2000, attempts: resends + 1 });
    expect(run.sent).toEqual(new Array(resends + 1).fill(REQUEST));
  });

  it('waits for as much quiet as is asked for', () => {
    const damaged = SYSTEM_TIME.slice();
    damaged[9] = 0;
    const run = play(
      readSystemTime,
      { replies: [[after(10, damaged)]] },
      { quietMs: 50, resends: 1 },
    );
    expect(run.steps.slice(2, 6)).toEqual([
      '0 read 2000',
      '10 read 50',
      '60 drain 50 3000',
      '110 send',
    ]);
  });
});
