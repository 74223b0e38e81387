import { NEVER_SENT, type SettingsRecord } from '@egvkit/protocol/receiver';
import { encodePacket } from '@egvkit/protocol/receiver/wire';
import { describe, expect, it, vi } from 'vitest';
import { ReceiverDatabase } from '../../src/database.ts';
import { RECEIVER_PROFILES } from '../../src/profiles.ts';
import { g4 } from '../support/bench.ts';
import { hex } from '../support/bytes.ts';
import { NOW_MS, NOW_SECONDS, useFakeClock } from '../support/clock.ts';
import { egvs, history } from '../support/history.ts';
import { database, readings } from '../support/records.ts';
import { socket } from '../support/wire.ts';

useFakeClock();

const PING = '01 06 00 0A 5E 65';
const ACK = '01 06 00 01 35 D4';
const INVALID_COMMAND = '01 06 00 03 77 F4';
const INVALID_PARAM = '01 06 00 04 90 84';
const request = (code: number, ...payload: number[]) =>
  hex(encodePacket(code, Uint8Array.from(payload)));

describe('a command that must never be sent', () => {
  // receiver §12.11
  it('is refused and remembered, and nothing else is', () => {
    const { ask, device } = socket();
    for (const code of [32, 45, 46, 47, 50, 52, 53, 56, 58]) {
      expect(ask(request(code))).toEqual([INVALID_COMMAND]);
    }
    ask(PING);
    ask(request(44));
    expect(device.forbiddenSeen).toEqual([32, 45, 46, 47, 50, 52, 53, 56, 58]);
  });

  it('is every write but the clock on the screen', () => {
    const { ask, device } = socket();
    for (const code of [26, 28, 30, 36, 38, 40, 42, 60]) ask(request(code, 0, 0, 0, 0));
    expect(device.forbiddenSeen).toEqual([26, 28, 36, 38, 40, 42, 60]);
    expect(device.codesSeen).toContain(30);
  });

  it('is all that the table of such commands names', () => {
    const { ask, device } = socket();
    const codes = Object.values(NEVER_SENT).map(({ code }) => code);
    for (const code of codes) ask(request(code));
    expect(device.forbiddenSeen).toEqual(codes);
  });
});

describe('setting the clock on the screen', () => {
  const WRITE = '01 0A 00 1E 90 9D FF FF 97 9E';
  const READ = '01 06 00 1D 88 07';
  const nowMs = () => NOW_MS;

  it.each(Object.values(RECEIVER_PROFILES))('leaves a settings record on a $name', (profile) => {
    const content = history({ profile, days: 1, displayOffsetSeconds: 3600 });
    const before = content.records(12) as readonly SettingsRecord[];
    const options = { profile, database: content, nowMs, displayOffsetSeconds: 3600 };
    const { ask } = socket(options);
    expect(ask(WRITE)).toEqual([ACK]);
    expect(ask(READ)).toEqual(['01 0A 00 01 90 9D FF FF 34 FF']);
    expect(ask('01 06 00 22 34 C0')).toEqual(['01 0A 00 01 00 84 D7 17 30 17']);
    const after = content.records(12) as readonly SettingsRecord[];
    expect(after.slice(0, -1)).toEqual(before);
    expect(after.at(-1)).toEqual({
      ...before.at(-1),
      index: before.at(-1)!.index + 1,
      systemSeconds: NOW_SECONDS,
      displaySeconds: NOW_SECONDS - 25_200,
      displayOffsetSeconds: -25_200,
    });
  });

  it('is in the records that are stored from then on', () => {
    const content = history({ days: 1, grows: true });
    let now = NOW_MS;
    const { ask } = socket({ database: content, nowMs: () => now });
    ask(WRITE);
    const { index } = egvs(content).at(-1)!;
    now += 3_600_000;
    ask(PING);
    const fresh = egvs(content).filter((record) => record.index > index);
    expect(fresh.length).toBeGreaterThan(8);
    for (const { displaySeconds, systemSeconds } of fresh) {
      expect(Math.abs(displaySeconds - systemSeconds + 25_200)).toBeLessThanOrEqual(1);
    }
  });

  it('works where no settings are kept, and makes the first record where there is none', () => {
    expect(socket({ nowMs }).ask(WRITE)).toEqual([ACK]);
    const content = new ReceiverDatabase([
      { recordType: 12, revision: 3, firstPage: 0, records: [] },
    ]);
    expect(socket({ nowMs, database: content }).ask(WRITE)).toEqual([ACK]);
    expect(content.records(12)).toMatchObject([
      { systemSeconds: NOW_SECONDS, displayOffsetSeconds: -25_200, setUpState: 5 },
    ]);
  });
});

describe('what nobody knows is an option', () => {
  const BAD_CRC = '01 06 00 0A 5E 66';

  it('a request with a wrong CRC is met with silence, or a code', () => {
    expect(socket().ask(BAD_CRC)).toEqual([]);
    expect(socket({ refusals: { badCrc: 2 } }).ask(BAD_CRC)).toEqual(['01 06 00 02 56 E4']);
  });

  it('a request that stops in the middle is met with silence, or a code after some time', () => {
    const quiet = socket();
    quiet.send('01 06 00');
    expect(vi.getTimerCount()).toBe(0);
    const { send, sent, ask } = socket({ refusals: { truncated: { code: 5, afterMs: 100 } } });
    send('01 06 00');
    vi.advanceTimersByTime(99);
    send('0A');
    vi.advanceTimersByTime(99);
    expect(sent()).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(sent()).toEqual(['01 06 00 05 B1 94']);
    expect(ask(PING)).toEqual([ACK]);
    vi.advanceTimersByTime(1000);
    expect(sent()).toEqual([]);
  });

  it('as many pages in a request as it says, four unless told', () => {
    const content = database(g4, { egv: readings(2, 4 * 38) });
    const pages = (count: number) => request(17, 4, 0, 0, 0, 0, count);
    expect(socket({ database: content }).ask(pages(4))[0]).toHaveLength(2118 * 3 - 1);
    const one = socket({ database: content, maxPagesPerRequest: 1 });
    expect(one.ask(pages(2))).toEqual([INVALID_PARAM]);
    expect(one.ask(pages(1))[0]).toHaveLength(534 * 3 - 1);
  });

  it('the range of a type that is not there is refused, or empty', () => {
    expect(socket().ask(request(16, 18))).toEqual([INVALID_PARAM]);
    expect(socket({ missingPartition: 'empty' }).ask(request(16, 18))).toEqual([
      '01 0E 00 01 FF FF FF FF FF FF FF FF CD 1D',
    ]);
  });

  it('replies of unknown form are a byte, or what is given', () => {
    const unknownReplies = {
      hardwareBoardId: Uint8Array.of(1, 2, 3),
      enableSetupWizardFlag: Uint8Array.of(4),
      setupWizardState: new Uint8Array(0),
      deviceMode: 7,
    };
    const codes = [49, 55, 57, 43];
    const [byDefault, given] = [socket(), socket({ unknownReplies })];
    const reply = (...payload: number[]) => [request(1, ...payload)];
    expect(codes.map((code) => byDefault.ask(request(code)))).toEqual(codes.map(() => reply(0)));
    expect(codes.map((code) => given.ask(request(code)))).toEqual([
      reply(1, 2, 3),
      reply(4),
      reply(),
      reply(7),
    ]);
  });
});
