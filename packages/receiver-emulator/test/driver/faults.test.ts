import { encodePacket } from '@egvkit/protocol/receiver/wire';
import { Receiver } from '@egvkit/receiver';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryTransport } from '../../src/memory.ts';
import type { Delivery } from '../../src/options.ts';
import { bench, emulated, tamper, tap } from '../support/bench.ts';
import { ascii, concat, corrupted, cutAt } from '../support/bytes.ts';
import { failure, NOW_MS, NOW_SECONDS, settle, useFakeClock } from '../support/clock.ts';

useFakeClock();

const SYSTEM_TIME = '01 06 00 22 34 C0';
const PING = '01 06 00 0A 5E 65';
/** Bytes of the reply to it: 01, length, ACK, four of time, CRC. */
const REPLY_SIZE = 10;
const RIGHT = { systemSeconds: NOW_SECONDS };
const nowMs = () => NOW_MS;

/** Asks for the system time; its first, second … reply is changed as told. */
async function withReplies(...changes: ((reply: Uint8Array) => Delivery | undefined)[]) {
  const deliver = tamper('readSystemTime', (reply, number) => changes[number - 1]?.(reply));
  const { receiver, requests } = await bench({ deliver, nowMs });
  return { requests, ask: () => receiver.ask('readSystemTime', undefined) };
}

describe('a damaged reply', () => {
  it('costs one more request, and a time two more to be sure of, whichever byte it is', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(REPLY_SIZE - 1),
        fc.integer({ min: 1, max: 255 }),
        async (at, change) => {
          const { ask, requests } = await withReplies((reply) => [corrupted(reply, at, change)]);
          expect(await settle(ask())).toEqual(RIGHT);
          expect(requests).toEqual([SYSTEM_TIME, SYSTEM_TIME, PING, SYSTEM_TIME]);
        },
      ),
      { numRuns: 200, seed: 1 },
    );
  });

  it('twice in a row is reported as corrupt, with the damage', async () => {
    const damage = (reply: Uint8Array) => [corrupted(reply, 5)];
    const { ask, requests } = await withReplies(damage, damage);
    expect(await failure(ask())).toMatchObject({
      name: 'ReceiverError',
      code: 'corrupt',
      data: { command: 'readSystemTime', damage: 'crc', attempts: 2 },
      retryable: true,
    });
    expect(requests).toHaveLength(2);
  });

  it.each([1, 4, 9])('that stops after %i bytes is asked for again', async (length) => {
    const { ask } = await withReplies((reply) => [reply.slice(0, length)]);
    expect(await settle(ask())).toEqual(RIGHT);
  });

  it('does not damage the answer to the next request', async () => {
    const damage = (reply: Uint8Array) => [corrupted(reply, 1), reply.slice(0, 7)];
    const { ask } = await withReplies(damage, damage);
    expect(await failure(ask())).toMatchObject({ code: 'corrupt' });
    expect(await settle(ask())).toEqual(RIGHT);
  });
});

describe('a reply that comes in another shape', () => {
  it('is put together from two transfers, wherever it was cut', async () => {
    for (let at = 0; at <= REPLY_SIZE; at++) {
      const { ask, requests } = await withReplies((reply) => cutAt(reply, at));
      expect(await settle(ask())).toEqual(RIGHT);
      expect(requests).toHaveLength(1);
    }
  });

  it('is put together from single bytes', async () => {
    const { ask, requests } = await withReplies((reply) =>
      Array.from(reply, (byte) => Uint8Array.of(byte)),
    );
    expect(await settle(ask())).toEqual(RIGHT);
    expect(requests).toHaveLength(1);
  });

  it('is found behind stale bytes in the same transfer', async () => {
    for (const stale of ['AT+GCAP\r', '\x01', '\x01\x06', '\x01\x07\x00', '\x01\xff\x00\x01']) {
      const { ask } = await withReplies((reply) => [concat(ascii(stale), reply)]);
      expect(await settle(ask())).toEqual(RIGHT);
    }
  });

  it('is taken once if it comes twice, glued together', async () => {
    const { ask, requests } = await withReplies((reply) => [concat(reply, reply)]);
    expect(await settle(ask())).toEqual(RIGHT);
    expect(await settle(ask())).toEqual(RIGHT);
    expect(requests).toEqual([SYSTEM_TIME, SYSTEM_TIME, PING, SYSTEM_TIME]);
  });

  it('is told from a reply of another shape that is glued to its front', async () => {
    const { ask } = await withReplies((reply) => [concat(encodePacket(1), reply)]);
    expect(await settle(ask())).toEqual(RIGHT);
  });

  it('is not confused with what lay in the line before the request', async () => {
    const { receiver, inject } = await bench({ nowMs });
    inject(encodePacket(1, Uint8Array.of(1, 2, 3, 4)));
    inject(Uint8Array.of(1, 10, 0));
    expect(await settle(receiver.ask('readSystemTime', undefined))).toEqual(RIGHT);
  });

  it('is found behind what lay in the line when the receiver was opened', async () => {
    const { device, inject } = tap(emulated({ nowMs }));
    const transport = memoryTransport(device);
    inject(ascii('AT+GCAP'));
    const opening = Receiver.open(transport);
    setTimeout(() => inject(encodePacket(3)), 150);
    const receiver = await settle(opening);
    expect(await settle(receiver.ask('readSystemTime', undefined))).toEqual(RIGHT);
  });
});

describe('silence', () => {
  it('once costs one more request, and a time two more to be sure of', async () => {
    const { ask, requests } = await withReplies(() => 'nothing');
    expect(await settle(ask())).toEqual(RIGHT);
    expect(requests).toEqual([SYSTEM_TIME, SYSTEM_TIME, PING, SYSTEM_TIME]);
  });

  it('twice is a timeout, after the time of the command', async () => {
    const { ask } = await withReplies(
      () => 'nothing',
      () => 'nothing',
    );
    const start = performance.now();
    expect(await failure(ask())).toMatchObject({
      code: 'timeout',
      data: { command: 'readSystemTime', afterMs: 2000, attempts: 2 },
      retryable: true,
    });
    expect(performance.now() - start).toBe(2000 + 200 + 2000);
  });

  it('is not asked into again if told not to', async () => {
    const deliver = tamper('readSystemTime', () => 'nothing');
    const { receiver, requests } = await bench({ deliver }, { resends: 0 });
    expect(await failure(receiver.clock())).toMatchObject({ code: 'timeout' });
    expect(requests).toEqual([SYSTEM_TIME]);
  });

  it('that a stalled receiver breaks with every reply at once confuses nothing', async () => {
    // The first reply comes with the second, as after an alarm (§2.4).
    const held: Uint8Array[] = [];
    const { receiver } = await bench({
      nowMs,
      deliver: tamper('readSystemTime', (reply, number) => {
        held.push(reply);
        return number === 1 ? 'nothing' : held;
      }),
    });
    expect(await settle(receiver.ask('readSystemTime', undefined))).toEqual(RIGHT);
    const { rtcSeconds } = await settle(receiver.ask('readRtc', undefined));
    expect(rtcSeconds).toBeLessThan(NOW_SECONDS - 100_000_000);
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
    [200, 'an unknown response'],
  ])('with code %i is reported as %s and not repeated', async (code, name) => {
    const { ask, requests } = await withReplies(() => [encodePacket(code)]);
    expect(await failure(ask())).toMatchObject({
      code: 'refused',
      data: { command: 'readSystemTime', responseCode: code, responseName: name },
      retryable: false,
    });
    expect(requests).toHaveLength(1);
  });

  it('with a payload that nobody expects is one all the same', async () => {
    const { ask } = await withReplies(() => [encodePacket(4, Uint8Array.of(1, 2, 3, 4))]);
    expect(await failure(ask())).toMatchObject({ code: 'refused' });
  });

  it('that comes twice, because it was asked for twice, does not refuse the next', async () => {
    const { receiver, inject } = await bench({
      replyDelayMs: 150,
      deliver: tamper('readBatteryLevel', (_, number) => {
        if (number === 1) return 'nothing';
        setTimeout(() => inject(encodePacket(3)), 100);
        return [encodePacket(3)];
      }),
    });
    expect(await settle(receiver.battery())).toMatchObject({
      percent: undefined,
      state: { raw: 1 },
    });
  });
});

describe('a pulled cable', () => {
  it('ends the request under way and every later one as unplugged', async () => {
    const { ask, requests } = await withReplies(() => 'unplug');
    expect(await failure(ask())).toMatchObject({ code: 'unplugged', data: { path: 'memory' } });
    expect(await failure(ask())).toMatchObject({ code: 'unplugged' });
    expect(requests).toHaveLength(1);
  });
});

describe('three failures in a row', () => {
  const silent = () => 'nothing' as const;

  it('stop everything: nothing more is sent', async () => {
    const { receiver, requests } = await bench({
      deliver: (reply) => (reply.number === 0 ? undefined : 'nothing'),
    });
    for (const code of ['timeout', 'timeout', 'timeout']) {
      expect(await failure(receiver.clock())).toMatchObject({ code });
    }
    const sent = requests.length;
    expect(sent).toBe(6);
    for (const ask of [
      () => receiver.clock(),
      () => receiver.identify(),
      () => receiver.battery(),
      () => receiver.records('egv').next(),
    ]) {
      expect(await failure(ask())).toMatchObject({ code: 'stopped', data: { failures: 3 } });
    }
    expect(requests).toHaveLength(sent);
  });

  it('are no longer in a row after an answer', async () => {
    const { ask } = await withReplies(silent, silent, silent, silent, () => undefined, silent);
    await failure(ask());
    await failure(ask());
    expect(await settle(ask())).toEqual(RIGHT);
    expect(await settle(ask())).toEqual(RIGHT);
  });

  it('are no longer in a row after a refusal, which is an answer too', async () => {
    const { ask } = await withReplies(silent, silent, silent, silent, () => [encodePacket(2)]);
    await failure(ask());
    await failure(ask());
    expect(await failure(ask())).toMatchObject({ code: 'refused' });
    expect(await settle(ask())).toEqual(RIGHT);
  });
});
