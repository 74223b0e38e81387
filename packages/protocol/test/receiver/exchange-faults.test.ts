import { describe, expect, it } from 'vitest';
import { encodePacket } from '../../src/receiver/packet.ts';
import { prepareRequest } from '../../src/receiver/request.ts';
import { unhex } from '../support/bytes.ts';
import { after, always, play } from '../support/line.ts';

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
    ['a wrong CRC', damaged(9), 'crc'],
    ['a wrong CRC, before what looks like a beginning', badReply('08 00 00 00'), 'crc'],
    ['a length of 0', unhex('01 00 00 01 95 66'), 'length'],
    ['a length of 5', unhex('01 05 00 01 00 00'), 'length'],
    ['a length of 65535', unhex('01 ff ff 02'), 'length'],
    ['one byte too many', encodePacket(1, new Uint8Array(5)), 'otherReply'],
    ['one byte too few', encodePacket(1, new Uint8Array(3)), 'otherReply'],
    ['an end too early', SYSTEM_TIME.slice(0, 7), 'unfinished'],
    ['no packet at all', unhex('41 54 0d 0a'), 'noPacket'],
  ])('with %s says so', (_name, bytes, damage) => {
    const run = play(readSystemTime, always(after(10, bytes)));
    expect(run.outcome).toEqual({ kind: 'corrupt', damage, attempts: 2 });
  });

  it('and then silence is still a damaged reply, not silence', () => {
    const run = play(readSystemTime, { replies: [[after(10, damaged(9))], []] });
    expect(run.outcome).toEqual({ kind: 'corrupt', damage: 'crc', attempts: 2 });
  });

  it('is what is told, whatever noise comes before or behind it', () => {
    const noise = unhex('41 54 0d');
    for (const replies of [
      [[after(10, damaged(9)), after(20, noise)], []],
      [[after(10, noise), after(20, damaged(9))], []],
      [[after(10, damaged(9))], [after(10, noise)]],
    ]) {
      const run = play(readSystemTime, { replies });
      expect(run.outcome).toMatchObject({ kind: 'corrupt', damage: 'crc' });
    }
  });

  it('followed by the good one within the quiet time needs no second request', () => {
    const run = play(readSystemTime, {
      replies: [[after(10, damaged(9)), after(150, SYSTEM_TIME)]],
    });
    expect(run.outcome).toMatchObject({ kind: 'reply', reply: REPLY, attempts: 1, noiseBytes: 10 });
  });
});

describe('the end of the time', () => {
  it.each([1999, 2000])('is the end, with noise at %i ms or without', (ms) => {
    const run = play(readSystemTime, { replies: [[after(ms, unhex('00'))]] }, { resends: 0 });
    expect(run.endedAtMs).toBe(2000);
    expect(run.steps.filter((step) => step.includes('read 0'))).toEqual([]);
    expect(run.outcome).toMatchObject({ kind: 'corrupt', damage: 'noPacket' });
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
      damage: 'unfinished',
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
