import { decodePage } from '@egvkit/protocol/receiver';
import { encodePacket } from '@egvkit/protocol/receiver/wire';
import { describe, expect, it } from 'vitest';
import { ReceiverDatabase } from '../../src/database.ts';
import { g4, g6 } from '../support/bench.ts';
import { hex, unhex } from '../support/bytes.ts';
import { NOW_MS, NOW_SECONDS } from '../support/clock.ts';
import { database, egv, readings } from '../support/records.ts';
import { socket } from '../support/wire.ts';

const nowMs = () => NOW_MS;
const ACK = '01 06 00 01 35 D4';

/** 38 readings on page 42: the page whose header the specification shows. */
const page42 = database(g4, { egv: readings(2, 38), egvFirstPage: 42 });

describe('the requests of the specification get the replies of the specification', () => {
  // receiver §2.5
  it.each([
    ['Ping', '01 06 00 0A 5E 65', ACK],
    ['ReadSystemTime', '01 06 00 22 34 C0', '01 0A 00 01 00 84 D7 17 30 17'],
    ['ReadDisplayTimeOffset', '01 06 00 1D 88 07', '01 0A 00 01 90 9D FF FF 34 FF'],
    ['ReadBatteryLevel', '01 06 00 21 57 F0', '01 0A 00 01 54 00 00 00 06 A1'],
    ['ReadBatteryState', '01 06 00 30 47 F2', '01 07 00 01 01 6C D8'],
    ['ReadGlucoseUnit', '01 06 00 25 D3 B0', '01 07 00 01 01 6C D8'],
    ['ReadClockMode', '01 06 00 29 5F 71', '01 07 00 01 00 4D C8'],
    ['ReadLanguage', '01 06 00 1B 4E 67', '01 08 00 01 09 04 A1 8A'],
    ['ReadTransmitterId', '01 06 00 19 0C 47', '01 0B 00 01 36 41 42 43 44 7D 82'],
    [
      'ReadDatabasePageHeader(EGV, 42)',
      '01 0B 00 12 04 2A 00 00 00 AB 7A',
      '01 22 00 01 3C 06 00 00 26 00 00 00 04 02 2A 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 DB 56 02 4F',
    ],
  ])('%s', (_, request, reply) => {
    const { ask } = socket({ nowMs, displayOffsetSeconds: -25_200, database: page42 });
    expect(ask(request)).toEqual([reply]);
  });

  it('ReadTransmitterId of a G6', () => {
    const { ask } = socket({ profile: g6 });
    expect(ask('01 06 00 19 0C 47')).toEqual(['01 0C 00 01 38 47 48 4A 4B 32 52 C0']);
  });

  it('ReadDatabasePageRange of pages 0 to 300', () => {
    const full = database(g4, { egv: readings(2, 300 * 38 + 9) });
    const { ask } = socket({ database: full });
    expect(ask('01 07 00 10 04 8B B8')).toEqual(['01 0E 00 01 00 00 00 00 2C 01 00 00 60 F4']);
  });

  it('ReadDatabasePageRange of an empty partition', () => {
    const { ask } = socket();
    expect(ask('01 07 00 10 04 8B B8')).toEqual(['01 0E 00 01 FF FF FF FF FF FF FF FF CD 1D']);
  });

  it('ReadDatabasePageRange of a single page, which is not empty', () => {
    const { ask } = socket();
    const reply = hex(encodePacket(1, new Uint8Array(8)));
    expect(ask('01 07 00 10 00 0F F8')).toEqual([reply]);
  });
});

describe('ReadDatabasePages', () => {
  it('gives the page of 528 bytes in one transfer of 534', () => {
    const { ask } = socket({ database: page42 });
    const [reply, ...more] = ask('01 0C 00 11 04 2A 00 00 00 01 D5 0D');
    expect(more).toEqual([]);
    expect(unhex(reply!)).toEqual(encodePacket(1, page42.page(4, 42)));
    expect(unhex(reply!)).toHaveLength(534);
  });

  it('gives the literal records of the specification, filled up with FF', () => {
    const records = [
      egv(2, { systemSeconds: NOW_SECONDS }),
      egv(2, { systemSeconds: NOW_SECONDS + 300, word: 191 | 0x8000 }),
      egv(2, { systemSeconds: NOW_SECONDS + 600, word: 39, trend: 0x16 }),
      egv(2, { systemSeconds: NOW_SECONDS + 900, word: 401, trend: 0x12 }),
      egv(2, { systemSeconds: NOW_SECONDS + 1200, word: 5, trend: 0x58 }),
    ];
    const { ask } = socket({ database: database(g4, { egv: records, egvFirstPage: 42 }) });
    const [reply] = ask('01 0C 00 11 04 2A 00 00 00 01 D5 0D');
    const data = reply!
      .split(' ')
      .slice(4 + 28, -2)
      .join(' ');
    expect(data).toBe(
      [
        '00 84 D7 17 90 21 D7 17 70 00 14 B8 CD',
        '2C 85 D7 17 BC 22 D7 17 BF 80 14 6D 18',
        '58 86 D7 17 E8 23 D7 17 27 00 16 C4 C7',
        '84 87 D7 17 14 25 D7 17 91 01 12 F2 0C',
        'B0 88 D7 17 40 26 D7 17 05 00 58 B4 6F',
        ...new Array(500 - 5 * 13).fill('FF'),
      ].join(' '),
    );
  });

  it('gives four pages ascending, end to end', () => {
    const content = database(g4, { egv: readings(2, 4 * 38), egvFirstPage: 297 });
    const { ask } = socket({ database: content });
    const [reply] = ask('01 0C 00 11 04 29 01 00 00 04 16 C5');
    const bytes = unhex(reply!);
    expect(bytes).toHaveLength(2118);
    const numbers = [0, 1, 2, 3].map((i) => {
      const page = decodePage(bytes.subarray(4 + 528 * i, 4 + 528 * (i + 1)));
      expect(page.problems).toEqual([]);
      return page.header.pageNumber;
    });
    expect(numbers).toEqual([297, 298, 299, 300]);
  });
});

describe('the clocks', () => {
  it.each([0, -98, 19_168_117, -(NOW_SECONDS - 600)])(
    'RTC and SystemTimeOffset add up to SystemTime when it is %i s off',
    (clockErrorSeconds) => {
      const { ask } = socket({ nowMs, clockErrorSeconds });
      const read = (request: string) => {
        const reply = unhex(ask(request)[0]!);
        return new DataView(reply.buffer).getInt32(4, true);
      };
      const systemTime = read('01 06 00 22 34 C0');
      expect(systemTime).toBe(NOW_SECONDS + clockErrorSeconds);
      const rtc = read('01 06 00 1F CA 27');
      expect(rtc + read('01 06 00 23 15 D0')).toBe(systemTime);
      // It runs since the unit was built, whatever happened to the internal clock.
      expect(rtc).toBe(NOW_SECONDS - 126_000_000);
    },
  );

  it('go on with the clock that was given', () => {
    let now = NOW_MS;
    const { ask } = socket({ nowMs: () => now });
    expect(ask('01 06 00 22 34 C0')).toEqual(['01 0A 00 01 00 84 D7 17 30 17']);
    now += 999;
    expect(ask('01 06 00 22 34 C0')).toEqual(['01 0A 00 01 00 84 D7 17 30 17']);
    now += 1;
    expect(ask('01 06 00 22 34 C0')).toEqual([hex(encodePacket(1, unhex('01 84 D7 17')))]);
  });
});

describe('the texts', () => {
  const text = (reply: string) => String.fromCharCode(...unhex(reply).slice(4, -2));

  it('the firmware header is written as a G4 writes it', () => {
    // receiver §3.4
    const { ask } = socket();
    const [reply] = ask('01 06 00 0B 7F 75');
    expect(text(reply!)).toBe(
      "<FirmwareHeader SchemaVersion='1' ApiVersion='2.2.0.0' TestApiVersion='2.4.0.0' " +
        "ProductId='G4Receiver' ProductName='Dexcom G4 Receiver' SoftwareNumber='SW10050' " +
        "FirmwareVersion='2.0.1.104' PortVersion='4.6.4.45' RFVersion='1.0.0.27' DexBootVersion='3'/>",
    );
  });

  it('the partition list is written as a G4 writes it', () => {
    // receiver §3.5
    const { ask } = socket();
    const [reply] = ask('01 06 00 0F FB 35');
    expect(text(reply!)).toBe(
      "<PartitionInfo SchemaVersion='1' PageHeaderVersion='1' PageDataLength='500'>" +
        "<Partition Name='ManufacturingData' Id='0' RecordRevision='1' RecordLength='500'/>" +
        "<Partition Name='EGVData' Id='4' RecordRevision='2' RecordLength='13'/>" +
        '</PartitionInfo>',
    );
  });

  it('the partition list of a database without partitions is a single tag', () => {
    const { ask } = socket({ database: new ReceiverDatabase([]) });
    const [reply] = ask('01 06 00 0F FB 35');
    expect(text(reply!)).toBe(
      "<PartitionInfo SchemaVersion='1' PageHeaderVersion='1' PageDataLength='500'/>",
    );
  });
});
