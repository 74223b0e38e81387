import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodePacket } from '../../src/receiver/packet.ts';
import { PAGE_SIZE } from '../../src/receiver/page-header.ts';
import { type PreparedRequest, prepareRequest } from '../../src/receiver/request.ts';
import { concat, unhex } from '../support/bytes.ts';
import { after, always, play } from '../support/line.ts';
import { EGV_KINDS, fullPage } from '../support/records.ts';
import { stream } from '../support/stream.ts';
import { packetVector } from '../support/vectors.ts';

const readSystemTime = prepareRequest('readSystemTime', undefined);
const SYSTEM_TIME = unhex('01 0A 00 01 00 84 D7 17 30 17');
const REPLY = { systemSeconds: 400_000_000 };

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
    expect(run.outcome).toEqual({ kind: 'corrupt', damage: 'otherReply', attempts: 2 });
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
