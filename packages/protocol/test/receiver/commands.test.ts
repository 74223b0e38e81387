import { describe, expect, it } from 'vitest';
import type { Command } from '../../src/receiver/command.ts';
import { COMMANDS, type CommandName, commandByCode } from '../../src/receiver/commands.ts';
import { prepareRequest } from '../../src/receiver/request.ts';
import { hex, unhex } from '../support/bytes.ts';
import { VECTORS } from '../support/vectors.ts';

const NAMES = Object.keys(COMMANDS) as CommandName[];

const WRITES = { allowWrites: true };

/** The literal requests of the specification that are sent, by their number there. */
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
  it.each(REQUESTS)(
    'number %i of the literal requests is exactly its bytes',
    (_number, request, literal) => {
      expect(hex(request.packet)).toBe(hex(unhex(literal)));
    },
  );

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
  it('holds no command that could harm a receiver', () => {
    // receiver §12.11
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

  it('waits several times as long as a reply was ever seen to take', () => {
    // receiver §12.6
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
