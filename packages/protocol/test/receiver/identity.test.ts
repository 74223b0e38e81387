import { describe, expect, it } from 'vitest';
import { parseFirmwareHeader, parsePartitionInfo } from '../../src/receiver/identity.ts';
import { encodePacket } from '../../src/receiver/packet.ts';
import { decodePage, encodePage } from '../../src/receiver/page.ts';
import { serialNumberOf, type XmlRecord, xmlRecordBytes } from '../../src/receiver/records/xml.ts';
import { formatXml, parseXml, type XmlElement } from '../../src/receiver/xml.ts';
import { ascii, hex, unhex } from '../support/bytes.ts';
import { packetVector, VECTORS } from '../support/vectors.ts';

function textOf(packetName: string): string {
  return String.fromCharCode(...unhex(packetVector(packetName).payload));
}

const SINGLE = { quote: "'", end: '/>' } as const;
const DOUBLE = { quote: '"', end: ' />' } as const;

describe('the firmware header', () => {
  // The attributes of a G4 in their order (§3.4): 253 characters.
  const attributes = {
    SchemaVersion: '1',
    ApiVersion: '2.2.0.0',
    TestApiVersion: '2.4.0.0',
    ProductId: 'G4Receiver',
    ProductName: 'Dexcom G4 Receiver',
    SoftwareNumber: 'SW10050',
    FirmwareVersion: '2.0.1.104',
    PortVersion: '4.6.4.45',
    RFVersion: '1.0.0.27',
    DexBootVersion: '3',
  };

  it('of a G4, written in its style, has the 253 characters and the CRC of the captured one', () => {
    const text = formatXml({ name: 'FirmwareHeader', attributes, children: [] }, SINGLE);
    expect(text).toHaveLength(253);
    const packet = encodePacket(1, ascii(text));
    expect(packet).toHaveLength(259);
    expect(hex(packet.slice(-2))).toBe('d8d4');
    expect(parseFirmwareHeader(text)).toEqual({
      productId: 'G4Receiver',
      productName: 'Dexcom G4 Receiver',
      softwareNumber: 'SW10050',
      firmwareVersion: '2.0.1.104',
      attributes,
    });
  });

  it('of the vectors reads, and writes back the same', () => {
    const text = textOf('FirmwareHeader (invented values)');
    expect(parseFirmwareHeader(text)).toMatchObject({
      productId: 'OrionReceiver',
      productName: 'Dexcom G6 Touchscreen Receiver',
      softwareNumber: 'SW99999',
      firmwareVersion: '9.9.9.999',
    });
    expect(formatXml(parseXml(text) as XmlElement, SINGLE)).toBe(text);
  });

  it('may leave things out, and may use double quotes', () => {
    expect(parseFirmwareHeader('<FirmwareHeader ProductId="X" />')).toEqual({
      productId: 'X',
      productName: undefined,
      softwareNumber: undefined,
      firmwareVersion: undefined,
      attributes: { ProductId: 'X' },
    });
  });

  it.each(['', 'G4Receiver', "<Firmware ProductId='X'/>", "<FirmwareHeader ProductId='X'"])(
    'is not %j',
    (text) => expect(parseFirmwareHeader(text)).toBeUndefined(),
  );
});

describe('the partition list', () => {
  const rows = VECTORS.partitionsG4.rows;
  const element: XmlElement = {
    name: 'PartitionInfo',
    attributes: { SchemaVersion: '1', PageHeaderVersion: '1', PageDataLength: '500' },
    children: rows.map((row) => ({
      name: 'Partition',
      attributes: {
        Name: row.name,
        Id: String(row.id),
        RecordRevision: String(row.revision),
        RecordLength: String(row.recordLength),
      },
      children: [],
    })),
  };

  it('of a G4, written in its style, has exactly the 1104 characters that were captured', () => {
    const text = formatXml(element, SINGLE);
    expect(text).toHaveLength(1104);
    expect(text).toBe(textOf('PartitionInfo (G4 SW10050 table)'));
    expect(parseXml(text)).toEqual(element);
  });

  it('gives the 13 partitions of a G4', () => {
    expect(parsePartitionInfo(textOf('PartitionInfo (G4 SW10050 table)'))).toEqual(
      rows.map((row) => ({
        recordType: row.id,
        name: row.name,
        recordRevision: row.revision,
        recordLength: row.recordLength,
      })),
    );
  });

  it('gives the partitions of an invented newer receiver', () => {
    expect(parsePartitionInfo(textOf('PartitionInfo (invented newer device)'))).toEqual([
      { recordType: 3, name: 'SensorData', recordRevision: 1, recordLength: 20 },
      { recordType: 4, name: 'EGVData', recordRevision: 5, recordLength: 25 },
      { recordType: 18, name: 'BackfilledEGVData', recordRevision: 5, recordLength: 25 },
    ]);
  });

  it('may be empty', () => expect(parsePartitionInfo('<PartitionInfo/>')).toEqual([]));

  const row = "<Partition Name='A' Id='1' RecordRevision='1' RecordLength='20'/>";
  it.each([
    '',
    row,
    `<Other>${row}</Other>`,
    `<PartitionInfo>${row.replace('Partition', 'Part')}</PartitionInfo>`,
    `<PartitionInfo>${row.replace("Id='1'", "Id='0x1'")}</PartitionInfo>`,
    `<PartitionInfo>${row.replace("Id='1'", "Id='-1'")}</PartitionInfo>`,
    `<PartitionInfo>${row.replace("Id='1'", "Id=''")}</PartitionInfo>`,
    `<PartitionInfo>${row.replace("Name='A' ", '')}</PartitionInfo>`,
    `<PartitionInfo>${row}${row.replace("'20'", "'12345678901'")}</PartitionInfo>`,
  ])('is not %j', (text) => expect(parsePartitionInfo(text)).toBeUndefined());
});

describe('firmware settings', () => {
  it('are written in the other style of the receiver', () => {
    const text = textOf('FirmwareSettings (empty image id)');
    expect(text).toHaveLength(39);
    expect(formatXml(parseXml(text) as XmlElement, DOUBLE)).toBe(text);
  });
});

describe('the manufacturing record', () => {
  const record = (text: string): XmlRecord => {
    const vector = VECTORS.pages.find((page) => page.name === 'Manufacturing XML');
    const page = decodePage(unhex(vector?.hex ?? ''));
    const changed = { ...(page.records[0] as XmlRecord), bytes: xmlRecordBytes(text) };
    return decodePage(encodePage({ ...page.header, records: [changed] })).records[0] as XmlRecord;
  };
  const element = (serial: string) => `<ManufacturingParameters SerialNumber="${serial}" />`;

  it.each([
    ['SM00000001', 'SM00000001'],
    ['sm00000001', 'SM00000001'],
    [' SM00000001 ', 'SM00000001'],
  ])('with serial number %j gives %j', (serial, expected) => {
    expect(serialNumberOf(record(element(serial)))).toBe(expected);
  });

  it.each([element(''), element('  '), '<ManufacturingParameters />', 'no XML', ''])(
    '%j gives no serial number',
    (text) => {
      expect(record(text).text).toBe(text);
      expect(serialNumberOf(record(text))).toBeUndefined();
    },
  );

  it('may fill all 490 bytes, and no more', () => {
    const longest = element('S'.repeat(490 - element('').length));
    expect(longest).toHaveLength(490);
    expect(record(longest).text).toBe(longest);
    expect(() => xmlRecordBytes(`${longest} `)).toThrow(
      expect.objectContaining({ name: 'InputError', code: 'outOfRange' }),
    );
  });

  it('keeps the bytes behind the first NUL, though they are no text', () => {
    const bytes = xmlRecordBytes(`${element('SM00000001')}\0rest`);
    const page = decodePage(unhex(VECTORS.pages.find((p) => p.recordType === 0)?.hex ?? ''));
    const changed = { ...(page.records[0] as XmlRecord), bytes };
    const again = encodePage({ ...page.header, records: [changed] });
    const read = decodePage(again).records[0] as XmlRecord;
    expect(read.text).toBe(element('SM00000001'));
    expect(hex(read.bytes)).toBe(hex(bytes));
  });
});
