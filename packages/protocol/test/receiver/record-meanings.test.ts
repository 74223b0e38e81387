import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { float64 } from '../../src/fields.ts';
import { parseFirmwareSettings } from '../../src/receiver/identity.ts';
import { SETTING_FLAGS, settingFlags } from '../../src/receiver/records/clock-settings.ts';
import { eventAmount } from '../../src/receiver/records/event.ts';
import { logMeaning } from '../../src/receiver/records/log.ts';
import {
  asciiTransmitterId,
  packTransmitterId,
  unpackTransmitterId,
} from '../../src/receiver/records/transmitter-id.ts';
import { manufacturingParametersOf, pcParametersOf } from '../../src/receiver/records/xml.ts';
import { parseXml } from '../../src/receiver/xml.ts';
import { VECTORS } from '../support/vectors.ts';

const outOfRange = expect.objectContaining({ name: 'InputError', code: 'outOfRange' });

describe('packed transmitter ids', () => {
  const examples = [...VECTORS.transmitterIdBase32, { int: 6_397_714, id: '637QJ' }];
  it.each(examples)('$int is $id', ({ int, id }) => {
    expect(unpackTransmitterId(int)).toBe(id);
    expect(packTransmitterId(id)).toBe(int);
  });

  it('of any 25 bits go both ways; more bits are no id', () => {
    fc.assert(
      fc.property(fc.nat(0x1ff_ffff), (int) => {
        const id = unpackTransmitterId(int) ?? '';
        expect(id).toMatch(/^[0-9A-HJ-NP-UWXY]{5}$/);
        expect(packTransmitterId(id)).toBe(int);
      }),
    );
    for (const int of [0x200_0000, 0xffff_ffff, -1, 0.5]) {
      expect(unpackTransmitterId(int)).toBeUndefined();
    }
  });

  it.each(['', '6ABC', '6ABCDE', '6ABCI', '6abcd', '6AB D'])('%s cannot be packed', (id) => {
    expect(() => packTransmitterId(id)).toThrow(outOfRange);
  });

  it('in characters end at a NUL, and may be none', () => {
    expect(asciiTransmitterId('4ABCDE')).toEqual({ raw: '4ABCDE', id: '4ABCDE' });
    expect(asciiTransmitterId('6ABCD\0')).toEqual({ raw: '6ABCD\0', id: '6ABCD' });
    expect(asciiTransmitterId('      ').id).toBeNull();
  });
});

describe('log entries', () => {
  const none = new Uint8Array(8);
  it.each([
    [9, 0x3b, 'displayOff'],
    [9, 0x0a, 'meterValueConfirmed'],
    [9, 0x11, 'carbohydrateDialogue'],
    [9, 0x13, 'carbohydratesStored'],
    [9, 0x16, 'insulinStored'],
    [9, 0x06, 'menu'],
    [9, 0x94, 'popUp'],
    [9, 0x7f, 'unknown'],
    [16, 1, 'sessionStopped'],
    [16, 3, 'sessionStarted'],
    [16, 2, 'unknown'],
    [22, 1, 'powerAttached'],
    [22, 2, 'powerRemoved'],
    [1, 1, 'unknown'],
  ])('category %i code %i: %s', (category, code, what) => {
    expect(logMeaning(category, code, none)).toEqual({ what });
  });

  it('of the trend screen tell what it showed, of the battery its current with its sign', () => {
    const shown = Uint8Array.of(0x70, 1, 4, 14, 0, 0, 0, 0);
    expect(logMeaning(9, 1, shown)).toEqual({
      what: 'trendScreenShown',
      shownGlucose: 0x170,
      arrow: { raw: 4, name: 'Flat' },
      icon: 14,
    });
    const sample = Uint8Array.of(0x06, 0xff, 3, 77, 0, 0, 0, 0);
    expect(logMeaning(18, 40, sample)).toEqual({
      what: 'batterySample',
      current: -250,
      percent: 77,
    });
  });
});

describe('setting flags', () => {
  it('are each one bit, and every other bit is kept as unknown', () => {
    for (let bit = 0; bit < 32; bit++) {
      const word = (1 << bit) >>> 0;
      const flags = settingFlags(word);
      const set = Object.entries(SETTING_FLAGS).filter(([, mask]) => mask === word);
      expect(flags.raw).toBe(word);
      expect(flags.unknownBits).toBe(set.length === 0 ? word : 0);
      for (const [name, mask] of Object.entries(SETTING_FLAGS)) {
        expect(flags[name as keyof typeof SETTING_FLAGS]).toBe(mask === word);
      }
    }
  });
});

describe('event amounts', () => {
  it('are hundredths for insulin: 350 is 3.5 U', () => {
    expect(eventAmount(2, 350)).toEqual({ raw: 350, value: 3.5, unit: 'U' });
    expect(eventAmount(5, 7)).toEqual({ raw: 7, value: null, unit: null });
  });
});

describe('doubles', () => {
  it('keep their bits, also those of a NaN', () => {
    expect(float64(850.5)).toEqual({ raw: '408a940000000000', value: 850.5 });
    expect(float64(-0).raw).toBe('8000000000000000');
  });
});

describe('XML records', () => {
  const xml = (text: string) => ({ element: parseXml(text) });
  const textOf = (name: string) =>
    String(VECTORS.records.find((vector) => vector.name.startsWith(name))?.decoded.xml);

  it('of manufacture give their parameters, the serial number in capitals', () => {
    const name = 'Manufacturing XML, lower-case serial';
    expect(manufacturingParametersOf(xml(textOf(name)))).toEqual({
      serialNumber: 'SM00000001',
      hardwarePartNumber: 'MD0000-MT00000',
      hardwareRevision: '0',
      dateTimeCreated: '2021-01-01 00:00:00.000 -08:00',
      hardwareId: '{00000000-0000-0000-0000-000000000000}',
    });
  });

  it('of the PC software give theirs', () => {
    expect(pcParametersOf(xml(textOf('PC software parameter XML')))).toEqual({
      receiverId: '{00000000-0000-0000-0000-000000000001}',
      firmwareImageId: '',
      dateTimeCreated: '2021-01-01 00:00:00.000 -08:00',
      nickname: 'sm00000001',
    });
  });

  it('of anything else give nothing, and missing attributes are undefined', () => {
    expect(manufacturingParametersOf(xml('<a/>'))).toBeUndefined();
    expect(pcParametersOf(xml('no xml'))).toBeUndefined();
    expect(manufacturingParametersOf(xml('<ManufacturingParameters SerialNumber=" "/>'))).toEqual({
      serialNumber: undefined,
      hardwarePartNumber: undefined,
      hardwareRevision: undefined,
      dateTimeCreated: undefined,
      hardwareId: undefined,
    });
  });
});

describe('firmware settings', () => {
  it('are read by attributes, in both quotes', () => {
    const empty = { firmwareImageId: '', attributes: { FirmwareImageId: '' } };
    expect(parseFirmwareSettings('<FirmwareSettings FirmwareImageId="" />')).toEqual(empty);
    expect(parseFirmwareSettings("<FirmwareSettings FirmwareImageId=''/>")).toEqual(empty);
    expect(parseFirmwareSettings('<FirmwareSettings/>')?.firmwareImageId).toBeUndefined();
    expect(parseFirmwareSettings('<FirmwareHeader/>')).toBeUndefined();
  });
});
