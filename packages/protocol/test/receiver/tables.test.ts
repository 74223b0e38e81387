import { describe, expect, it } from 'vitest';
import { named } from '../../src/named.ts';
import * as tables from '../../src/receiver/enumerations.ts';
import * as usb from '../../src/receiver/usb.ts';
import { TREND_NAMES } from '../../src/trend.ts';
import { unhex } from '../support/bytes.ts';
import { specNames, specSection, specTable } from '../support/spec.ts';
import { VECTORS } from '../support/vectors.ts';

describe('the USB constants', () => {
  const device = unhex(VECTORS.usb.deviceDescriptor);
  const configuration = unhex(VECTORS.usb.configurationDescriptor);

  /** The descriptors of the block by their type (length, type, content). */
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

  it('are the class requests and line settings that were captured', () => {
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

  it('of response codes are those of the specification', () => {
    const names = specTable('2.3').map(([code, name = '']) => [code, name.split(' ')[0]]);
    expect(names).toHaveLength(8);
    expect(tables.RESPONSE_CODES).toEqual(Object.fromEntries(names));
    expect(tables.RESPONSE_CODES[tables.ACK]).toBe('ACK');
  });

  it('of languages are those of the specification', () => {
    expect(tables.LANGUAGES).toEqual(specNames('6.10'));
    expect(tables.LANGUAGES[1033]).toBe('English');
  });

  it('of trend arrows are those of the specification and of the vectors', () => {
    const names = [...specSection('6.1').matchAll(/\b(\d) ([a-z -]+);/g)].map((match) => [
      Number(match[1]),
      match[2]?.replaceAll(/[ -]/g, ''),
    ]);
    expect(TREND_NAMES.map((name, i) => [i, name.toLowerCase()])).toEqual(names);
    for (const vector of VECTORS.records) {
      const { trend, trendName } = vector.decoded;
      if (typeof trend === 'number') expect(TREND_NAMES[trend]).toBe(trendName);
    }
  });

  it('of special glucose codes are those that the specification names', () => {
    const named = specTable('6.3').flatMap(([code = '']) => (/^\d+$/.test(code) ? [code] : []));
    expect(named).toHaveLength(9);
    expect(Object.keys(tables.SPECIAL_GLUCOSE_CODES)).toEqual(named);
  });

  it('of small settings are those of the specification', () => {
    expect(Object.keys(tables.CHARGER_CURRENTS)).toEqual(Object.keys(specNames('6.6')));
    expect(Object.keys(tables.BATTERY_STATES)).toEqual(Object.keys(specNames('6.7')));
    expect(tables.GLUCOSE_UNITS).toEqual(specNames('6.8'));
    expect(tables.CLOCK_MODES).toEqual(specNames('6.9'));
  });

  it('are "unknown" for every number without a name, never undefined', () => {
    for (const raw of [5, 99, 0xffff]) {
      expect(named(tables.GLUCOSE_UNITS, raw)).toEqual({ raw, name: 'unknown' });
    }
  });
});
