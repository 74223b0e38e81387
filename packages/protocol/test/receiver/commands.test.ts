import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Command } from '../../src/receiver/command.ts';
import { COMMANDS, type CommandName, commandByCode, NO_PAGE } from '../../src/receiver/commands.ts';
import { decodePage, encodePageHeader, PAGE_SIZE } from '../../src/receiver/page.ts';
import { prepareRequest } from '../../src/receiver/request.ts';
import { hex, unhex } from '../support/bytes.ts';
import { packetVector, VECTORS } from '../support/vectors.ts';

const NAMES = Object.keys(COMMANDS) as CommandName[];

const WRITES = { allowWrites: true };

/** The literal requests of spec §2.5 that are sent, by their number there. */
const REQUESTS = [
  [1, prepareRequest('ping', undefined), '01 06 00 0A 5E 65'],
  [2, prepareRequest('readFirmwareHeader', undefined), '01 06 00 0B 7F 75'],
  [3, prepareRequest('readDatabasePartitionInfo', undefined), '01 06 00 0F FB 35'],
  [4, prepareRequest('readDatabasePageRange', { recordType: 0 }), '01 07 00 10 00 0F F8'],
  [5, prepareRequest('readDatabasePageRange', { recordType: 4 }), '01 07 00 10 04 8B B8'],
  [6, prepareRequest('readDatabasePageRange', { recordType: 10 }), '01 07 00 10 0A 45 59'],
  [7, prepareRequest('readDatabasePageRange', { recordType: 12 }), '01 07 00 10 0C 83 39'],
  [8, prepareRequest('readDatabasePageRange', { recordType: 18 }), '01 07 00 10 12 7C CA'],
  [9, pages(0, 0, 1), '01 0C 00 11 00 00 00 00 00 01 6E 45'],
  [10, pages(4, 42, 1), '01 0C 00 11 04 2A 00 00 00 01 D5 0D'],
  [11, pages(4, 300, 1), '01 0C 00 11 04 2C 01 00 00 01 E4 B6'],
  [12, pages(4, 297, 4), '01 0C 00 11 04 29 01 00 00 04 16 C5'],
  [13, pages(5, 38, 1), '01 0C 00 11 05 26 00 00 00 01 5E C3'],
  [14, prepareRequest('readTransmitterId', undefined), '01 06 00 19 0C 47'],
  [15, prepareRequest('readLanguage', undefined), '01 06 00 1B 4E 67'],
  [16, prepareRequest('readDisplayTimeOffset', undefined), '01 06 00 1D 88 07'],
  [
    17,
    prepareRequest('writeDisplayTimeOffset', { displayOffsetSeconds: -25_200 }, WRITES),
    '01 0A 00 1E 90 9D FF FF 97 9E',
  ],
  [18, prepareRequest('readRtc', undefined), '01 06 00 1F CA 27'],
  [19, prepareRequest('readBatteryLevel', undefined), '01 06 00 21 57 F0'],
  [20, prepareRequest('readSystemTime', undefined), '01 06 00 22 34 C0'],
  [21, prepareRequest('readSystemTimeOffset', undefined), '01 06 00 23 15 D0'],
  [22, prepareRequest('readGlucoseUnit', undefined), '01 06 00 25 D3 B0'],
  [23, prepareRequest('readClockMode', undefined), '01 06 00 29 5F 71'],
  [24, prepareRequest('readBatteryState', undefined), '01 06 00 30 47 F2'],
  [25, prepareRequest('readFirmwareSettings', undefined), '01 06 00 36 81 92'],
  [27, header(4, 42), '01 0B 00 12 04 2A 00 00 00 AB 7A'],
  [28, header(4, 300), '01 0B 00 12 04 2C 01 00 00 02 6A'],
] as const;

function pages(recordType: number, firstPage: number, pageCount: number) {
  return prepareRequest('readDatabasePages', { recordType, firstPage, pageCount });
}

function header(recordType: number, page: number) {
  return prepareRequest('readDatabasePageHeader', { recordType, page });
}

describe('requests', () => {
  it.each(REQUESTS)('%i of §2.5 is exactly its bytes', (_number, request, literal) => {
    expect(hex(request.packet)).toBe(hex(unhex(literal)));
  });

  const vectors = VECTORS.packets.filter((vector) => vector.direction === 'request');
  it.each(vectors.filter(({ command }) => commandByCode(command)))('$name', (vector) => {
    const name = commandByCode(vector.command) as CommandName;
    const row = COMMANDS[name] as Command<unknown, unknown>;
    const request = row.request.decode(unhex(vector.payload));
    expect(hex(prepareRequest(name, request as never, WRITES).packet)).toBe(vector.packet);
  });

  it('that are not in the table cannot be made: the vectors of all other commands', () => {
    const others = vectors.filter(({ command }) => commandByCode(command) === undefined);
    const codes = [...new Set(others.map(({ command }) => command))].sort((a, b) => a - b);
    expect(codes).toEqual([46, 51, 60]);
  });

  it.each([
    ['type -1', () => pages(-1, 0, 1)],
    ['type 256', () => pages(256, 0, 1)],
    ['page -1', () => pages(4, -1, 1)],
    ['page 2^32', () => pages(4, 2 ** 32, 1)],
    ['no page', () => pages(4, 0, 0)],
    ['five pages', () => pages(4, 0, 5)],
    ['one and a half pages', () => pages(4, 0, 1.5)],
    ['type NaN', () => prepareRequest('readDatabasePageRange', { recordType: Number.NaN })],
  ])('with %s are refused before anything is sent', (_name, make) => {
    expect(make).toThrow(expect.objectContaining({ name: 'InputError', code: 'outOfRange' }));
  });
});

describe('the command table', () => {
  it('holds no command that could harm a receiver (§12.11)', () => {
    const allowed = [
      10, 11, 15, 16, 17, 18, 25, 27, 29, 31, 33, 34, 35, 37, 39, 41, 43, 48, 49, 54, 55, 57, 59,
    ];
    const codes = (effect: 'read' | 'write') =>
      NAMES.filter((name) => COMMANDS[name].effect === effect).map((name) => COMMANDS[name].code);
    expect(codes('read')).toEqual(allowed);
    expect(codes('write')).toEqual([30]);
  });

  it('holds every command once, and finds it by its code', () => {
    expect(new Set(NAMES.map((name) => COMMANDS[name].code)).size).toBe(NAMES.length);
    for (let code = 0; code < 256; code++) {
      const expected = NAMES.find((name) => COMMANDS[name].code === code);
      expect(commandByCode(code)).toBe(expected);
    }
  });

  it('waits several times as long as a reply was ever seen to take (§12.6)', () => {
    const slowestMs: Partial<Record<CommandName, number>> = {
      readDatabasePartitionInfo: 218.9,
      readFirmwareHeader: 38.2,
      readDatabasePages: 54.7,
    };
    for (const name of NAMES) {
      expect(COMMANDS[name].timeoutMs).toBeGreaterThan(5 * (slowestMs[name] ?? 33.5));
    }
  });

  it('lays the fields of every request and reply end to end', () => {
    for (const name of NAMES) {
      for (const { fields } of [COMMANDS[name].request, COMMANDS[name].reply]) {
        let offset = 0;
        for (const field of fields) {
          expect(field.offset, name).toBe(offset);
          offset += field.size;
        }
      }
    }
  });

  it('tells of each command what it is and where that is known from', () => {
    for (const name of NAMES) {
      const { doc, source, evidence } = COMMANDS[name];
      expect(doc).toMatch(/^[A-Z].*\.$/);
      expect(source).toMatch(/§\d/);
      expect(['captured', 'several sources', 'one source', 'inferred']).toContain(evidence);
    }
  });
});

describe('replies', () => {
  const range = { first: 0, last: 300 };
  it.each([
    ['readDatabasePageRange', 'PageRange 0..300', range],
    ['readDatabasePageRange', 'PageRange 5..47', { first: 5, last: 47 }],
    ['readDatabasePageRange', 'PageRange empty partition', { first: NO_PAGE, last: NO_PAGE }],
    ['readSystemTime', 'SystemTime', { systemSeconds: 400_000_000 }],
    ['readDisplayTimeOffset', 'DisplayTimeOffset', { displayOffsetSeconds: -25_200 }],
    ['readRtc', 'RTC', { rtcSeconds: 399_987_655 }],
    ['readRtc', 'RTC counter from its own zero', { rtcSeconds: 20_000_000 }],
    ['readSystemTimeOffset', 'SystemTimeOffset', { systemOffsetSeconds: 12_345 }],
    ['readSystemTimeOffset', 'SystemTimeOffset large', { systemOffsetSeconds: 380_000_000 }],
    ['readBatteryLevel', 'BatteryLevel 84%', { percent: 84 }],
    ['readBatteryState', 'BatteryState CHARGING', { state: { raw: 1, name: 'charging' } }],
    ['readBatteryState', 'BatteryState NOT_CHARGING', { state: { raw: 2, name: 'notCharging' } }],
    ['readGlucoseUnit', 'GlucoseUnit mg/dL', { unit: { raw: 1, name: 'mg/dL' } }],
    ['readGlucoseUnit', 'GlucoseUnit mmol/L', { unit: { raw: 2, name: 'mmol/L' } }],
    ['readClockMode', 'ClockMode 24h', { mode: { raw: 0, name: '24-hour' } }],
    ['readClockMode', 'ClockMode 12h', { mode: { raw: 1, name: '12-hour' } }],
    ['readLanguage', 'Language English', { language: { raw: 0x0409, name: 'English' } }],
    ['readBlindedMode', 'BlindedMode off', { blinded: { raw: 0, blinded: false } }],
    ['readDeviceMode', 'DeviceMode 0', { mode: 0 }],
    [
      'readChargerCurrentSetting',
      'ChargerCurrentSetting PowerMax',
      { current: { raw: 3, name: 'maximum' }, more: new Uint8Array(0) },
    ],
    [
      'readFirmwareSettings',
      'FirmwareSettings (empty image id)',
      '<FirmwareSettings FirmwareImageId="" />',
    ],
    ['writeDisplayTimeOffset', 'ACK (ping reply / empty ack)', undefined],
    ['readTransmitterId', 'TransmitterId 5 chars', '6ABCD'],
    ['readTransmitterId', 'TransmitterId 6 chars', '8GHJK2'],
    ['ping', 'ACK (ping reply / empty ack)', undefined],
  ] as const)('to %s: %s', (name, vectorName, value) => {
    const payload = unhex(packetVector(vectorName).payload);
    const codec = COMMANDS[name].reply as Command<unknown, unknown>['reply'];
    expect(codec.decode(payload)).toEqual(value);
    expect(hex(codec.encode(value))).toBe(hex(payload));
    const request = { recordType: 4, displayOffsetSeconds: 0 };
    const { answers, longestReply } = prepareRequest(name, request as never, WRITES);
    expect(answers(payload)).toBe(true);
    expect(longestReply).toBeGreaterThanOrEqual(payload.length + 6);
  });

  it('of text and pages come as they are', () => {
    const header = unhex(packetVector('FirmwareHeader (invented values)').payload);
    const text = COMMANDS.readFirmwareHeader.reply.decode(header);
    expect(text).toMatch(/^<FirmwareHeader .*\/>$/);
    expect(hex(COMMANDS.readFirmwareHeader.reply.encode(text))).toBe(hex(header));
    const two = unhex(
      packetVector('ReadDatabasePages reply: 2 EGV pages concatenated (rev4)').payload,
    );
    expect(COMMANDS.readDatabasePages.reply.decode(two)).toBe(two);
    expect(COMMANDS.readDatabasePages.reply.encode(two)).toBe(two);
    for (const count of [1, 4]) {
      const bytes = new Uint8Array(count * PAGE_SIZE);
      expect(COMMANDS.readDatabasePages.reply.decode(bytes)).toBe(bytes);
    }
  });

  it.each([0, 1, 527, 529, 5 * 528])('of %i bytes are no pages', (length) => {
    const { decode, encode } = COMMANDS.readDatabasePages.reply;
    for (const attempt of [
      () => decode(new Uint8Array(length)),
      () => encode(new Uint8Array(length)),
    ]) {
      expect(attempt).toThrow(expect.objectContaining({ code: 'outOfRange' }));
    }
  });

  it('of XML may have 4096 characters, all others no more than they need', () => {
    expect(prepareRequest('readFirmwareHeader', undefined).longestReply).toBe(4102);
    expect(prepareRequest('readDatabasePartitionInfo', undefined).longestReply).toBe(4102);
    expect(prepareRequest('ping', undefined).longestReply).toBe(6);
    expect(prepareRequest('readSystemTime', undefined).longestReply).toBe(10);
    expect(prepareRequest('readTransmitterId', undefined).longestReply).toBe(12);
  });

  it('of a blinded receiver may be any number but 0', () => {
    const { reply } = COMMANDS.readBlindedMode;
    for (const raw of [1, 2, 255]) {
      const value = reply.decode(Uint8Array.of(raw));
      expect(value).toEqual({ blinded: { raw, blinded: true } });
      expect([...reply.encode(value)]).toEqual([raw]);
    }
  });

  it('of the charger current may have four bytes: the first counts, the others are kept (D24)', () => {
    const { reply } = COMMANDS.readChargerCurrentSetting;
    const value = reply.decode(Uint8Array.of(2, 0, 0, 9));
    expect(value.current).toEqual({ raw: 2, name: '500 mA' });
    expect([...reply.encode(value)]).toEqual([2, 0, 0, 9]);
    for (const length of [0, 5]) {
      expect(() => reply.decode(new Uint8Array(length))).toThrow(
        expect.objectContaining({ code: 'outOfRange' }),
      );
    }
  });

  it.each(['readHardwareBoardId', 'readEnableSetupWizardFlag', 'readSetupWizardState'] as const)(
    'to %s are bytes, whatever they are',
    (name) => {
      const { reply } = COMMANDS[name];
      for (const length of [0, 1, 4, 4096]) {
        const bytes = Uint8Array.from({ length }, (_, i) => i);
        expect(reply.decode(bytes)).toEqual(bytes);
        expect(reply.decode(bytes)).not.toBe(bytes);
        expect(reply.encode(bytes)).toEqual(bytes);
      }
      expect(() => reply.decode(new Uint8Array(4097))).toThrow(
        expect.objectContaining({ code: 'outOfRange' }),
      );
    },
  );

  it('whose value has no name keep the number, and encode again', () => {
    fc.assert(
      fc.property(fc.nat(255), (raw) => {
        const { reply } = COMMANDS.readBatteryState;
        const { state } = reply.decode(Uint8Array.of(raw));
        expect(state.raw).toBe(raw);
        expect(state.name === 'unknown').toBe(raw > 4);
        expect([...reply.encode({ state })]).toEqual([raw]);
      }),
    );
  });

  it('of the wrong size are not the answer to any request', () => {
    for (const name of NAMES) {
      const request = {
        recordType: 4,
        firstPage: 0,
        pageCount: 1,
        page: 0,
        displayOffsetSeconds: 0,
      };
      const prepared = prepareRequest(name, request as never, WRITES);
      const { minSize } = COMMANDS[name].reply;
      if (minSize > 0) expect(prepared.answers(new Uint8Array(minSize - 1))).toBe(false);
      expect(prepared.answers(new Uint8Array(prepared.longestReply - 6 + 1))).toBe(false);
    }
  });
});

describe('which reply is the answer to a request for pages', () => {
  const reply = unhex(packetVector('ReadDatabasePages reply: 1 EGV page (rev2)').payload);

  it('the page of that type and number, as many as were asked for', () => {
    expect(pages(4, 300, 1).answers(reply)).toBe(true);
    for (const other of [pages(4, 301, 1), pages(3, 300, 1), pages(18, 300, 1), pages(4, 300, 2)]) {
      expect(other.answers(reply)).toBe(false);
    }
  });

  it('the header of that type and page', () => {
    const bytes = reply.slice(0, 28);
    expect(header(4, 300).answers(bytes)).toBe(true);
    expect(header(4, 300).decode(bytes)).toMatchObject({ pageNumber: 300, recordCount: 9 });
    for (const other of [header(4, 299), header(5, 300)]) expect(other.answers(bytes)).toBe(false);
  });

  it('a page whose header is damaged: its reader says what is wrong with it', () => {
    const damaged = reply.slice();
    damaged[10] = 0x99; // the page number, and the header's CRC no longer holds
    expect(pages(4, 300, 1).answers(damaged)).toBe(true);
    expect(header(4, 300).answers(damaged.slice(0, 28))).toBe(false);
  });

  it('every page must be of its number, not only the first', () => {
    const two = new Uint8Array([...reply, ...reply]);
    expect(pages(4, 300, 2).answers(two)).toBe(false);
    two.set(encodePageHeader({ ...decodePage(reply).header, pageNumber: 301 }), PAGE_SIZE);
    expect(pages(4, 300, 2).answers(two)).toBe(true);
  });

  it.each([1, 2, 3, 4])('%i pages: no longer reply is expected', (count) => {
    expect(pages(4, 0, count).longestReply).toBe(6 + count * PAGE_SIZE);
  });
});
