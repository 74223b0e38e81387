import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Command } from '../../src/receiver/command.ts';
import { NO_PAGE } from '../../src/receiver/commands/database.ts';
import { COMMANDS, type CommandName } from '../../src/receiver/commands.ts';
import { decodePage, encodePageHeader } from '../../src/receiver/page.ts';
import { PAGE_SIZE } from '../../src/receiver/page-header.ts';
import { prepareRequest } from '../../src/receiver/request.ts';
import { hex, unhex } from '../support/bytes.ts';
import { packetVector } from '../support/vectors.ts';

const WRITES = { allowWrites: true };
const NAMES = Object.keys(COMMANDS) as CommandName[];

function pages(recordType: number, firstPage: number, pageCount: number) {
  return prepareRequest('readDatabasePages', { recordType, firstPage, pageCount });
}

function header(recordType: number, page: number) {
  return prepareRequest('readDatabasePageHeader', { recordType, page });
}

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

  it('of XML may have 4096 characters, all others what they need or a refusal does', () => {
    expect(prepareRequest('readFirmwareHeader', undefined).longestReply).toBe(4102);
    expect(prepareRequest('readDatabasePartitionInfo', undefined).longestReply).toBe(4102);
    expect(prepareRequest('ping', undefined).longestReply).toBe(22);
    expect(prepareRequest('readSystemTime', undefined).longestReply).toBe(22);
    expect(prepareRequest('readTransmitterId', undefined).longestReply).toBe(22);
  });

  it('of a blinded receiver may be any number but 0', () => {
    const { reply } = COMMANDS.readBlindedMode;
    for (const raw of [1, 2, 255]) {
      const value = reply.decode(Uint8Array.of(raw));
      expect(value).toEqual({ blinded: { raw, blinded: true } });
      expect([...reply.encode(value)]).toEqual([raw]);
    }
  });

  it('of the charger current may have four bytes: the first counts, the others are kept', () => {
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
