import { encodePacket, PAGE_SIZE } from '@egvkit/protocol/receiver/wire';
import { describe, expect, it, vi } from 'vitest';
import { type FaultRule, scriptedFaults, seededFaults } from '../../src/fault-schedule.ts';
import { applyFault, FAULT_COSTS, type Fault } from '../../src/faults.ts';
import { g4 } from '../support/bench.ts';
import { bitwiseCrc16, hex, unhex } from '../support/bytes.ts';
import { useFakeClock } from '../support/clock.ts';
import { database, readings } from '../support/records.ts';
import { socket } from '../support/wire.ts';

useFakeClock();

const PING = '01 06 00 0A 5E 65';
const ACK = '01 06 00 01 35 D4';
const TWO_PAGES = hex(encodePacket(17, Uint8Array.of(4, 7, 0, 0, 0, 2)));
const content = database(g4, { egv: readings(2, 60), egvFirstPage: 7 });

/** Reply to a ping while that rule holds. */
function pinged(fault: Fault, rule: Partial<FaultRule> = {}) {
  const { ask } = socket({ deliver: scriptedFaults([{ fault, ...rule }]) });
  return ask(PING);
}

describe('a fault of the line', () => {
  it.each<[Fault, string[]]>([
    [{ kind: 'stale', bytes: Uint8Array.of(0x41, 0x54) }, [`41 54 ${ACK}`]],
    [{ kind: 'split', at: 2 }, ['01 06', '00 01 35 D4']],
    [{ kind: 'byteByByte' }, ['01', '06', '00', '01', '35', 'D4']],
    [{ kind: 'chunks', size: 4 }, ['01 06 00 01', '35 D4']],
    [{ kind: 'twice' }, [`${ACK} ${ACK}`]],
    [{ kind: 'packetCrc' }, ['01 06 00 01 35 81']],
    [{ kind: 'flip', at: 8, change: 0x0f }, ['01 06 0F 01 35 D4']],
    [{ kind: 'short', length: 4 }, ['01 06 00 01']],
    [{ kind: 'lost' }, []],
    [{ kind: 'refuse', code: 6 }, ['01 06 00 06 D2 A4']],
  ])('%o is what it says', (fault, transfers) => {
    expect(pinged(fault)).toEqual(transfers);
  });

  it.each([
    [2, '01 06 00 02 56 E4'],
    [3, '01 06 00 03 77 F4'],
    [4, '01 06 00 04 90 84'],
    [5, '01 06 00 05 B1 94'],
    [6, '01 06 00 06 D2 A4'],
    [7, '01 06 00 07 F3 B4'],
  ])('refuses with code %i as the specification shows it', (code, reply) => {
    expect(pinged({ kind: 'refuse', code })).toEqual([reply]);
  });

  it('chunks are packets of 64 bytes unless it says otherwise', () => {
    const { ask } = socket({
      database: content,
      deliver: scriptedFaults([{ fault: { kind: 'chunks' } }]),
    });
    const sizes = ask(TWO_PAGES).map((transfer) => unhex(transfer).length);
    expect(sizes).toEqual([...new Array(16).fill(64), 1062 - 16 * 64]);
  });

  it('held back comes glued in front of the next reply', () => {
    const deliver = scriptedFaults([{ fault: { kind: 'heldBack' } }]);
    const { ask } = socket({ deliver });
    expect(ask(PING)).toEqual([]);
    expect(ask(hex(encodePacket(44)))).toEqual([`${ACK} 01 06 00 03 77 F4`]);
    expect(ask(PING)).toEqual([ACK]);
  });

  it('late comes when it says, and keeps nobody else waiting', () => {
    const deliver = scriptedFaults([{ fault: { kind: 'late', afterMs: 2100 } }]);
    const { ask, sent } = socket({ deliver });
    expect(ask(PING)).toEqual([]);
    expect(ask(PING)).toEqual([ACK]);
    vi.advanceTimersByTime(2099);
    expect(sent()).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(sent()).toEqual([ACK]);
  });

  it('reset stops in the middle, loses requests, and is over after its time', () => {
    const deliver = scriptedFaults([{ fault: { kind: 'reset', at: 3, restartMs: 250 } }]);
    const { ask, device } = socket({ deliver });
    expect(ask(PING)).toEqual(['01 06 00']);
    vi.advanceTimersByTime(249);
    expect(ask(PING)).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(ask(PING)).toEqual([ACK]);
    expect(device.codesSeen).toEqual([10, 10]);
  });

  it('unplug pulls the cable behind so many bytes', () => {
    const { ask, unplugged } = socket({
      deliver: scriptedFaults([{ fault: { kind: 'unplug', at: 2 } }]),
    });
    expect(ask(PING)).toEqual(['01 06']);
    expect(unplugged()).toBe(true);
  });
});

describe('a fault of a page', () => {
  /** The two pages of a reply, its packet checked. */
  function damaged(fault: Fault): Uint8Array[] {
    const { ask } = socket({ database: content, deliver: scriptedFaults([{ fault }]) });
    const [reply] = ask(TWO_PAGES).map(unhex);
    expect(reply).toHaveLength(1062);
    const crcAt = reply!.length - 2;
    expect(reply![crcAt]! | (reply![crcAt + 1]! << 8)).toBe(
      bitwiseCrc16(reply!.subarray(0, crcAt)),
    );
    return [0, 1].map((i) => reply!.slice(4 + i * PAGE_SIZE, 4 + (i + 1) * PAGE_SIZE));
  }
  const headerHolds = (page: Uint8Array) =>
    (page[26]! | (page[27]! << 8)) === bitwiseCrc16(page.subarray(0, 26));
  const whole = [content.page(4, 7)!, content.page(4, 8)!];

  it.each<[Fault, number, (page: Uint8Array) => unknown, unknown, boolean]>([
    [
      { kind: 'headerCrc', page: 1 },
      1,
      (page) => [...page.subarray(28)],
      [...whole[1]!.subarray(28)],
      false,
    ],
    [{ kind: 'pageNumber' }, 0, (page) => page[10], 8, true],
    [{ kind: 'recordType', recordType: 18 }, 0, (page) => page[8], 18, true],
    [{ kind: 'recordCount', count: 39, page: 5 }, 1, (page) => page[4], 39, true],
    [{ kind: 'revision', revision: 77 }, 0, (page) => page[9], 77, true],
  ])('%o changes that page alone, within a whole packet', (fault, changed, look, seen, holds) => {
    const pages = damaged(fault);
    expect(pages[1 - changed]).toEqual(whole[1 - changed]);
    expect(pages[changed]).not.toEqual(whole[changed]);
    expect(look(pages[changed]!)).toEqual(seen);
    expect(headerHolds(pages[changed]!)).toBe(holds);
  });

  it('of a record is one byte, where it says', () => {
    const pages = damaged({ kind: 'recordCrc', page: 1, at: 14 });
    const differing = [...pages[1]!.keys()].filter((i) => pages[1]![i] !== whole[1]![i]);
    expect(differing).toEqual([28 + 14]);
    expect(pages[0]).toEqual(whole[0]);
  });

  it('leaves replies that hold no pages alone', () => {
    for (const kind of ['headerCrc', 'recordCrc', 'pageNumber', 'revision'] as const) {
      expect(pinged({ kind })).toEqual([ACK]);
    }
  });
});

describe('a list of faults', () => {
  it('counts the replies to its command, from and as often as it says', () => {
    const deliver = scriptedFaults([
      { fault: { kind: 'lost' }, command: 'ping', from: 2, times: 2 },
      { fault: { kind: 'twice' }, command: 'ping', from: 3, times: Number.POSITIVE_INFINITY },
    ]);
    const { ask } = socket({ deliver });
    const unknown = hex(encodePacket(44));
    const replies = [PING, unknown, PING, unknown, PING, PING, PING].map((one) => ask(one).length);
    expect(replies).toEqual([1, 1, 0, 1, 0, 1, 1]);
    expect(ask(PING)).toEqual([`${ACK} ${ACK}`]);
  });
});

describe('faults from a seed', () => {
  function injectedFaults(seed: number, rate: number): string[] {
    const kinds: string[] = [];
    const deliver = seededFaults({ seed, rate, onFault: ({ kind }) => kinds.push(kind) });
    const { ask } = socket({ deliver });
    for (let i = 0; i < 300; i++) {
      ask(PING);
      vi.advanceTimersByTime(5000);
    }
    return kinds;
  }

  it('are the same for the same, and others for another', () => {
    expect(injectedFaults(1, 0.5)).toEqual(injectedFaults(1, 0.5));
    expect(injectedFaults(1, 0.5)).not.toEqual(injectedFaults(2, 0.5));
    expect(injectedFaults(1, 0.5).length).toBeGreaterThan(50);
    expect(injectedFaults(1, 0)).toEqual([]);
  });

  it('never hit a driver twice that has not got over the first', () => {
    const costly: number[] = [];
    const deliver = seededFaults({
      seed: 3,
      rate: 1,
      onFault: ({ kind }, { number }) => FAULT_COSTS[kind] !== 'nothing' && costly.push(number),
    });
    for (let number = 0; number < 500; number++) {
      deliver({ command: 'ping', number, bytes: unhex(ACK) });
    }
    expect(costly.length).toBeGreaterThan(30);
    for (const [i, number] of costly.entries()) {
      if (i > 0) expect(number - costly[i - 1]!).toBeGreaterThan(6);
    }
  });
});

it('a fault does not change the bytes of the reply it is applied to', () => {
  const reply = encodePacket(1, content.page(4, 7));
  const before = reply.slice();
  for (const kind of ['packetCrc', 'headerCrc', 'recordCrc', 'pageNumber', 'twice'] as const) {
    applyFault({ kind }, reply);
  }
  expect(reply).toEqual(before);
});
