import { describe, expect, it } from 'vitest';
import * as tables from '../../src/receiver/enumerations.ts';
import * as usb from '../../src/receiver/usb.ts';
import { TREND_NAMES } from '../../src/trend.ts';
import { unhex } from '../support/bytes.ts';
import { VECTORS } from '../support/vectors.ts';

describe('the USB constants', () => {
  const device = unhex(VECTORS.usb.deviceDescriptor);
  const configuration = unhex(VECTORS.usb.configurationDescriptor);

  /** The descriptors of the block by their type (USB 2.0 §9.6: length, type, content). */
  function descriptors(type: number): Uint8Array[] {
    const found: Uint8Array[] = [];
    for (let at = 0; at < configuration.length; at += configuration[at]!) {
      if (configuration[at + 1] === type) {
        found.push(configuration.subarray(at, at + configuration[at]!));
      }
    }
    return found;
  }

  it('are those of the captured device descriptor', () => {
    expect(usb.DEXCOM_VENDOR_ID).toBe(device[8]! + 256 * device[9]!);
    expect(usb.RECEIVER_PRODUCT_ID).toBe(device[10]! + 256 * device[11]!);
    expect(usb.CDC_DEVICE_CLASS).toBe(device[4]);
    expect(usb.DEXCOM_VENDOR_ID).toBe(VECTORS.usb.decoded.idVendor);
    expect(usb.RECEIVER_PRODUCT_ID).toBe(VECTORS.usb.decoded.idProduct);
  });

  it('are those of the captured interfaces', () => {
    const [control, data] = descriptors(4);
    expect(usb.CDC_CONTROL_INTERFACE_CLASS).toBe(control?.[5]);
    expect(usb.CDC_ACM_SUBCLASS).toBe(control?.[6]);
    expect(usb.CDC_DATA_INTERFACE_CLASS).toBe(data?.[5]);
  });

  it('ask for whole USB packets, and for more than the longest reply', () => {
    const bulkIn = descriptors(5).find((endpoint) => endpoint[2] === 0x83);
    expect(bulkIn?.[4]).toBe(64);
    expect(usb.TRANSFER_IN_BYTES % 64).toBe(0);
    expect(usb.TRANSFER_IN_BYTES).toBeGreaterThan(2118);
  });

  it('know the G7 receiver, to name it', () => expect(usb.G7_RECEIVER_PRODUCT_ID).toBe(0x48));

  it('are the class requests and line settings of §1', () => {
    expect(usb.CDC_REQUEST).toEqual({
      setLineCoding: 0x20,
      getLineCoding: 0x21,
      setControlLineState: 0x22,
      sendBreak: 0x23,
    });
    expect(usb.LINE_SETTINGS).toEqual({ baudRate: 115_200, dataBits: 8, stopBits: 1 });
  });
});

describe('the names of numbers', () => {
  it('of record types are those of the G4 partition list, and backfill', () => {
    const names = Object.fromEntries(VECTORS.partitionsG4.rows.map((row) => [row.id, row.name]));
    expect(tables.RECORD_TYPES).toEqual({ ...names, 18: 'BackfilledEGVData' });
  });

  it('of response codes are those of §2.3', () => {
    expect(Object.values(tables.RESPONSE_CODES)).toEqual([
      'NULL',
      'ACK',
      'NAK',
      'INVALID_COMMAND',
      'INVALID_PARAM',
      'INCOMPLETE_PACKET_RECEIVED',
      'RECEIVER_ERROR',
      'INVALID_MODE',
    ]);
    expect(tables.RESPONSE_CODES[tables.ACK]).toBe('ACK');
  });

  it('of languages are those of §6.10', () => {
    const listed: Record<number, string> = {
      1029: 'Czech',
      1030: 'Danish',
      1031: 'German',
      1033: 'English',
      1034: 'Spanish',
      1035: 'Finnish',
      1036: 'French',
      1038: 'Hungarian',
      1040: 'Italian',
      1043: 'Dutch',
      1044: 'Norwegian Bokmål',
      1045: 'Polish',
      1046: 'Portuguese (Brazil)',
      1053: 'Swedish',
      1055: 'Turkish',
      3084: 'French (Canada)',
      0: 'none',
    };
    expect(tables.LANGUAGES).toEqual(listed);
  });

  it('of trend arrows are those of §6.1', () => {
    for (const vector of VECTORS.records) {
      const { trend, trendName } = vector.decoded;
      if (typeof trend === 'number') expect(TREND_NAMES[trend]).toBe(trendName);
    }
    expect(TREND_NAMES).toHaveLength(10);
  });

  it('of small settings are those of §6.6 to §6.9', () => {
    expect(Object.keys(tables.CHARGER_CURRENTS)).toEqual(['0', '1', '2', '3', '4']);
    expect(tables.GLUCOSE_UNITS).toEqual({ 0: 'none', 1: 'mg/dL', 2: 'mmol/L' });
    expect(tables.CLOCK_MODES).toEqual({ 0: '24-hour', 1: '12-hour' });
  });

  it('are "unknown" for every number without a name, never undefined', () => {
    for (const raw of [5, 99, 0xffff]) {
      expect(tables.named(tables.GLUCOSE_UNITS, raw)).toEqual({ raw, name: 'unknown' });
    }
  });
});
