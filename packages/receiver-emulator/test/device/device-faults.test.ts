import { encodePacket } from '@egvkit/protocol/receiver/wire';
import { describe, expect, it, vi } from 'vitest';
import { memoryTransport } from '../../src/memory.ts';
import type { EmulatedReply } from '../../src/options.ts';
import { emulated, g4 } from '../support/bench.ts';
import { hex } from '../support/bytes.ts';
import { useFakeClock } from '../support/clock.ts';
import { database, readings } from '../support/records.ts';
import { socket } from '../support/wire.ts';

useFakeClock();

const PING = '01 06 00 0A 5E 65';
const ACK = '01 06 00 01 35 D4';
const INVALID_COMMAND = '01 06 00 03 77 F4';
const INVALID_PARAM = '01 06 00 04 90 84';
const INVALID_MODE = '01 06 00 07 F3 B4';

const request = (code: number, ...payload: number[]) =>
  hex(encodePacket(code, Uint8Array.from(payload)));

describe('a request that is cut or surrounded by garbage', () => {
  it('is answered when its last byte has come', () => {
    const { send, sent } = socket();
    const bytes = PING.split(' ');
    for (const byte of bytes.slice(0, -1)) send(byte);
    expect(sent()).toEqual([]);
    send(bytes.at(-1)!);
    expect(sent()).toEqual([ACK]);
  });

  it.each([
    ['modem commands before it', '41 54 2B 47 43 41 50 0D'],
    ['an impossible length before it', '01 00 00'],
    ['a length that no request has before it', '01 FF 7F 0A'],
    ['the start of another before it', '01 01'],
  ])('is answered with %s', (_, garbage) => {
    const { ask } = socket();
    expect(ask(`${garbage} ${PING}`)).toEqual([ACK]);
  });

  it('is answered once with 624 zero bytes behind it', () => {
    // receiver §8
    const { ask } = socket();
    expect(ask(PING + '00'.repeat(624))).toEqual([ACK]);
    expect(ask(PING)).toEqual([ACK]);
  });

  it('with a wrong CRC is met with silence, and the next one answered', () => {
    const { ask, device } = socket();
    expect(ask('01 06 00 0A 5E 66')).toEqual([]);
    expect(device.codesSeen).toEqual([]);
    expect(ask(PING)).toEqual([ACK]);
  });

  it('is answered as often as it is in one transfer', () => {
    const { ask } = socket();
    expect(ask(PING + PING)).toEqual([ACK, ACK]);
  });

  it('is forgotten half-sent when the host goes away', () => {
    const device = emulated();
    const sent: string[] = [];
    const wire = { send: (bytes: Uint8Array) => void sent.push(hex(bytes)), unplug: () => {} };
    const first = device.attach(wire);
    first.receive(Uint8Array.of(1, 6, 0, 0x0a));
    first.detach();
    const second = device.attach(wire);
    second.receive(Uint8Array.of(0x5e, 0x65));
    expect(sent).toEqual([]);
    second.receive(Uint8Array.of(1, 6, 0, 0x0a, 0x5e, 0x65));
    expect(sent).toEqual([ACK]);
  });
});

describe('a request that makes no sense', () => {
  const content = database(g4, { egv: readings(2, 40), egvFirstPage: 7 });

  it.each([
    ['an unknown command', request(44), INVALID_COMMAND],
    [
      'an unknown command with a long payload',
      request(200, ...new Array(200).fill(1)),
      INVALID_COMMAND,
    ],
    ['a forbidden command', request(45), INVALID_COMMAND],
    ['a command without the payload it needs', request(16), INVALID_PARAM],
    ['a command with a payload it does not take', request(10, 0), INVALID_PARAM],
    ['a payload that is too long', request(16, 4, 0), INVALID_PARAM],
    ['the range of a type that does not exist', request(16, 18), INVALID_PARAM],
    ['no page', request(17, 4, 7, 0, 0, 0, 0), INVALID_PARAM],
    ['more than four pages', request(17, 4, 7, 0, 0, 0, 5), INVALID_PARAM],
    ['a page before the first', request(17, 4, 6, 0, 0, 0, 1), INVALID_PARAM],
    ['a page after the last', request(17, 4, 9, 0, 0, 0, 1), INVALID_PARAM],
    ['pages that run past the last', request(17, 4, 8, 0, 0, 0, 2), INVALID_PARAM],
    ['a page of a type that does not exist', request(17, 5, 7, 0, 0, 0, 1), INVALID_PARAM],
    ['the last number a page can have', request(17, 4, 255, 255, 255, 255, 1), INVALID_PARAM],
    ['the header of a page that does not exist', request(18, 4, 9, 0, 0, 0), INVALID_PARAM],
  ])('%s is refused', (_, bytes, refusal) => {
    const { ask } = socket({ database: content });
    expect(ask(bytes)).toEqual([refusal]);
    expect(ask(PING)).toEqual([ACK]);
  });

  it('is refused with the codes that were asked for', () => {
    const { ask } = socket({ refusals: { unknownCommand: 7 } });
    expect(ask(request(44))).toEqual([INVALID_MODE]);
    expect(ask(request(16, 18))).toEqual([INVALID_PARAM]);
    const other = socket({ refusals: { badParameter: 3 } });
    expect(other.ask(request(44))).toEqual([INVALID_COMMAND]);
    expect(other.ask(request(16, 18))).toEqual([INVALID_COMMAND]);
  });

  it('is remembered by its code, in order, so that a test can see it', () => {
    const { ask, device } = socket();
    for (const code of [10, 53, 10, 16]) ask(request(code));
    expect(device.codesSeen).toEqual([10, 53, 10, 16]);
  });
});

describe('deliver', () => {
  it('is told the command, a number and the whole packet', () => {
    const replies: EmulatedReply[] = [];
    const { ask } = socket({
      deliver: (reply) => {
        replies.push(reply);
        return undefined;
      },
    });
    expect(ask(PING)).toEqual([ACK]);
    ask(request(44));
    expect(replies.map(({ command, number, bytes }) => [command, number, hex(bytes)])).toEqual([
      ['ping', 0, ACK],
      [undefined, 1, INVALID_COMMAND],
    ]);
  });

  it('can send other transfers, nothing, or pull the cable', () => {
    const deliveries = [[Uint8Array.of(1), Uint8Array.of(2, 3)], 'nothing', 'unplug'] as const;
    const { ask, unplugged } = socket({ deliver: ({ number }) => deliveries[number] });
    expect(ask(PING)).toEqual(['01', '02 03']);
    expect(ask(PING)).toEqual([]);
    expect(unplugged()).toBe(false);
    expect(ask(PING)).toEqual([]);
    expect(unplugged()).toBe(true);
  });
});

describe('replyDelayMs', () => {
  it('holds every reply back that long, in order', () => {
    const { ask, sent } = socket({ replyDelayMs: 100 });
    expect(ask(PING)).toEqual([]);
    vi.advanceTimersByTime(60);
    expect(ask(request(44))).toEqual([]);
    vi.advanceTimersByTime(39);
    expect(sent()).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(sent()).toEqual([ACK]);
    vi.advanceTimersByTime(60);
    expect(sent()).toEqual([INVALID_COMMAND]);
  });

  it('drops the replies that are due when the host goes away', () => {
    const { ask, sent, detach } = socket({ replyDelayMs: 100 });
    ask(PING);
    detach();
    vi.advanceTimersByTime(1000);
    expect(sent()).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leaves no timer behind when the transport is closed or the cable pulled', async () => {
    const transport = memoryTransport(emulated({ replyDelayMs: 100 }));
    await transport.write(encodePacket(10));
    await transport.close();
    expect(vi.getTimerCount()).toBe(0);

    const pulled = memoryTransport(emulated({ replyDelayMs: 100, deliver: () => 'unplug' }));
    await pulled.write(encodePacket(10));
    await pulled.write(encodePacket(10));
    vi.advanceTimersByTime(100);
    expect(vi.getTimerCount()).toBe(0);
    await expect(pulled.read(0)).rejects.toMatchObject({ code: 'unplugged' });
  });
});
