import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PreparedRequest, prepareRequest } from '../../src/receiver/commands.ts';
import { encodePacket } from '../../src/receiver/packet.ts';
import { PAGE_SIZE } from '../../src/receiver/page.ts';
import { concat, unhex } from '../support/bytes.ts';
import { type Arrival, after, play } from '../support/line.ts';
import { EGV_KINDS, fullPage } from '../support/records.ts';
import { stream } from '../support/stream.ts';
import { packetVector } from '../support/vectors.ts';

const readSystemTime = prepareRequest('readSystemTime', undefined);
const SYSTEM_TIME = unhex('01 0A 00 01 00 84 D7 17 30 17');
const REPLY = { systemSeconds: 400_000_000 };

function damaged(at: number): Uint8Array {
  const bytes = SYSTEM_TIME.slice();
  bytes[at] = bytes[at]! ^ 0x40;
  return bytes;
}

/** A reply with that payload and a wrong CRC. */
function badReply(payload: string): Uint8Array {
  const bytes = encodePacket(1, unhex(payload));
  bytes[bytes.length - 1] = bytes[bytes.length - 1]! ^ 0xff;
  return bytes;
}

/** The same fault in reply to every request. */
function always(...arrivals: Arrival[]): { replies: Arrival[][] } {
  return { replies: [arrivals, arrivals, arrivals] };
}

describe('silence', () => {
  it('is a timeout after one more try, each after the full time of the command', () => {
    const run = play(readSystemTime, {});
    expect(run.outcome).toEqual({ kind: 'timeout', afterMs: 2000, attempts: 2 });
    expect(run.steps).toEqual([
      '0 drain 0 3000',
      '0 send',
      '0 read 2000',
      '2000 drain 200 3000',
      '2200 send',
      '2200 read 2000',
      '4200 done timeout',
    ]);
  });

  it.each([
    [prepareRequest('ping', undefined), 2000],
    [prepareRequest('readFirmwareHeader', undefined), 3000],
    [prepareRequest('readDatabasePartitionInfo', undefined), 3000],
    [prepareRequest('readDatabasePageHeader', { recordType: 4, page: 0 }), 2000],
  ])('after $command lasts as long as the command may take', (request, timeoutMs) => {
    const run = play<unknown>(request, {}, { resends: 0 });
    expect(run.outcome).toEqual({ kind: 'timeout', afterMs: timeoutMs, attempts: 1 });
    expect(run.endedAtMs).toBe(timeoutMs);
  });

  it('and a reply to the second request is a reply', () => {
    const run = play(readSystemTime, { replies: [[], [after(12, SYSTEM_TIME)]] });
    expect(run.outcome).toMatchObject({ kind: 'reply', reply: REPLY, attempts: 2, noiseBytes: 0 });
  });

  it('broken by a late reply is drained, so that it does not answer the second request', () => {
    const late = encodePacket(1, unhex('00 00 00 00'));
    const run = play(readSystemTime, { replies: [[after(2100, late)], [after(12, SYSTEM_TIME)]] });
    expect(run.outcome).toMatchObject({ kind: 'reply', reply: REPLY, attempts: 2, noiseBytes: 10 });
    expect(run.steps.slice(3, 5)).toEqual(['2000 drain 200 3000', '2300 send']);
  });
});

describe('a damaged reply', () => {
  it.each([4, 5, 8, 9])('(byte %i) is asked for again after 200 ms of quiet', (at) => {
    const run = play(readSystemTime, {
      replies: [[after(10, damaged(at))], [after(10, SYSTEM_TIME)]],
    });
    expect(run.outcome).toMatchObject({ kind: 'reply', reply: REPLY, attempts: 2, noiseBytes: 10 });
    expect(run.steps).toEqual([
      '0 drain 0 3000',
      '0 send',
      '0 read 2000',
      '10 read 200',
      '210 drain 200 3000',
      '410 send',
      '410 read 2000',
      '420 done reply',
    ]);
  });

  it('in any byte, every time, is never taken for a reply', () => {
    for (let at = 0; at < SYSTEM_TIME.length; at++) {
      const run = play(readSystemTime, always(after(10, damaged(at))));
      expect(run.outcome, `byte ${at}`).toMatchObject({ kind: 'corrupt', attempts: 2 });
      expect(run.sent).toHaveLength(2);
    }
  });

  it.each([
    ['a wrong CRC', damaged(9), 'its CRC is wrong'],
    [
      'a wrong CRC, before what looks like a beginning',
      badReply('08 00 00 00'),
      'its CRC is wrong',
    ],
    ['a length of 0', unhex('01 00 00 01 95 66'), 'its length is impossible'],
    ['a length of 5', unhex('01 05 00 01 00 00'), 'its length is impossible'],
    ['a length of 65535', unhex('01 ff ff 02'), 'its length is impossible'],
    ['one byte too many', encodePacket(1, new Uint8Array(5)), 'its length is impossible'],
    [
      'one byte too few',
      encodePacket(1, new Uint8Array(3)),
      'it cannot be the answer to this request',
    ],
    ['an end too early', SYSTEM_TIME.slice(0, 7), 'it stopped after 7 bytes'],
    ['no packet at all', unhex('41 54 0d 0a'), 'what came was no packet'],
  ])('with %s says so', (_name, bytes, reason) => {
    const run = play(readSystemTime, always(after(10, bytes)));
    expect(run.outcome).toEqual({ kind: 'corrupt', reason, attempts: 2 });
  });

  it('and then silence is still a damaged reply, not silence', () => {
    const run = play(readSystemTime, { replies: [[after(10, damaged(9))], []] });
    expect(run.outcome).toEqual({ kind: 'corrupt', reason: 'its CRC is wrong', attempts: 2 });
  });

  it('followed by the good one within the quiet time needs no second request', () => {
    const run = play(readSystemTime, {
      replies: [[after(10, damaged(9)), after(150, SYSTEM_TIME)]],
    });
    expect(run.outcome).toMatchObject({ kind: 'reply', reply: REPLY, attempts: 1, noiseBytes: 10 });
  });
});

describe('an unfinished reply', () => {
  it('is waited for until the time of the command is over', () => {
    const run = play(
      readSystemTime,
      { replies: [[after(10, SYSTEM_TIME.slice(0, 6))]] },
      { resends: 0 },
    );
    expect(run.outcome).toEqual({
      kind: 'corrupt',
      reason: 'it stopped after 6 bytes',
      attempts: 1,
    });
    expect(run.endedAtMs).toBe(2000);
  });

  it('does not spoil the reply to the next request', () => {
    const run = play(readSystemTime, {
      replies: [[after(10, SYSTEM_TIME.slice(0, 6))], [after(10, SYSTEM_TIME)]],
    });
    expect(run.outcome).toMatchObject({ kind: 'reply', reply: REPLY, attempts: 2, noiseBytes: 6 });
  });
});

describe('pages', () => {
  const reply = packetVector('ReadDatabasePages reply: 1 EGV page (rev2)');
  const page = unhex(reply.payload);
  const ask = (recordType: number, firstPage: number, pageCount: number) =>
    prepareRequest('readDatabasePages', { recordType, firstPage, pageCount });

  it.each([
    ['of another page', ask(4, 299, 1)],
    ['of another type', ask(3, 300, 1)],
    ['of fewer pages', ask(4, 300, 2)],
  ])('%s than asked for are not the answer', (_name, request) => {
    const run = play(request, always(after(30, encodePacket(1, page))));
    const reason = 'it cannot be the answer to this request';
    expect(run.outcome).toEqual({ kind: 'corrupt', reason, attempts: 2 });
  });

  it('more than asked for have an impossible length', () => {
    const run = play(ask(4, 300, 1), always(after(30, encodePacket(1, concat([page, page])))));
    expect(run.outcome).toMatchObject({ kind: 'corrupt', attempts: 2 });
  });

  it('that do not come are waited for five seconds', () => {
    const run = play(ask(4, 300, 1), {}, { resends: 0 });
    expect(run.outcome).toEqual({ kind: 'timeout', afterMs: 5000, attempts: 1 });
  });
});

describe('garbage', () => {
  it('whose false header claims more than comes does not hide the reply', () => {
    const full = fullPage(EGV_KINDS[1]);
    const request = prepareRequest('readDatabasePages', {
      recordType: 4,
      firstPage: 0,
      pageCount: 1,
    });
    // Claims 534 bytes, begins 4 bytes before the reply: 4 bytes are missing at the end.
    const hidden = concat([unhex('01 16 02 07'), encodePacket(1, full).subarray(0, 500)]);
    const rest = encodePacket(1, full).slice(500, 530);
    const last = encodePacket(1, full).slice(530);
    for (const arrivals of [
      [after(10, concat([hidden, rest, last]))],
      [after(10, hidden), after(20, rest), after(30, last)],
    ]) {
      const run = play(request, { replies: [arrivals] });
      expect(run.outcome).toMatchObject({ kind: 'reply', attempts: 1 });
      expect(run.outcome.kind === 'reply' && run.outcome.reply).toHaveLength(PAGE_SIZE);
    }
  });

  it('that is only a false header is found out after one quiet time', () => {
    const text = encodePacket(1, unhex('3c 61 2f 3e'));
    const request = prepareRequest('readFirmwareHeader', undefined);
    const run = play(request, { replies: [[after(10, concat([unhex('01 00 0f 01'), text]))]] });
    expect(run.outcome).toMatchObject({ kind: 'reply', reply: '<a/>', attempts: 1, noiseBytes: 4 });
    expect(run.steps.slice(2)).toEqual(['0 read 3000', '10 read 200', '210 done reply']);
  });

  it.each([
    ['that can begin no packet', 0x00],
    ['of start bytes', 0x01],
    ['of length bytes', 0x06],
  ])('dripping without end (%s) ends in bounded time', (_name, byte) => {
    const drip = Array.from({ length: 2000 }, (_, i) => after(i * 10, Uint8Array.of(byte)));
    const run = play(readSystemTime, { replies: [drip] });
    expect(run.outcome).toMatchObject({ kind: 'corrupt', attempts: 2 });
    // Two waits of 2 s, and one drain that gives up on quiet after 3 s.
    expect(run.endedAtMs).toBeGreaterThanOrEqual(2000 + 3000);
    expect(run.endedAtMs).toBeLessThanOrEqual(2000 + 3000 + 2000);
    expect(run.sent).toHaveLength(2);
  });
});

describe('whatever comes', () => {
  const requests: readonly PreparedRequest[] = [
    prepareRequest('ping', undefined),
    readSystemTime,
    prepareRequest('readTransmitterId', undefined),
    prepareRequest('readFirmwareHeader', undefined),
  ];
  const arrivals = fc.array(
    fc.tuple(fc.nat(2500), stream).map(([ms, bytes]) => after(ms, bytes)),
    { maxLength: 5 },
  );

  it('the exchange ends within its time, asks at most twice, and reads no longer than it says', () => {
    fc.assert(
      fc.property(fc.constantFrom(...requests), arrivals, arrivals, (request, first, second) => {
        const run = play(request, { replies: [first, second] });
        expect(run.sent.length).toBeLessThanOrEqual(2);
        expect(run.endedAtMs).toBeLessThanOrEqual(2 * request.timeoutMs + 3000);
      }),
      { numRuns: 200 },
    );
  });

  it('noise around a good reply, none of it a packet, never costs the reply', () => {
    const noStart = fc.uint8Array({ maxLength: 30 }).map((b) => b.map((n) => (n === 1 ? 0 : n)));
    fc.assert(
      fc.property(noStart, noStart, fc.nat(300), (before, behind, ms) => {
        const run = play(readSystemTime, {
          replies: [[after(ms, before), after(ms + 5, concat([SYSTEM_TIME, behind]))]],
        });
        expect(run.outcome).toMatchObject({
          kind: 'reply',
          reply: REPLY,
          attempts: 1,
          noiseBytes: before.length,
        });
      }),
      { numRuns: 150 },
    );
  });
});
