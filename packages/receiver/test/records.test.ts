import { RECORD_TYPES, type RecordTypeName } from '@egvkit/protocol/receiver';
import { describe, expect, it } from 'vitest';
import { RECORD_NAMES, type RecordName, recordNameOf, recordTypeOf } from '../src/records.ts';

/** The names in a receiver's own list of its record types. */
const OF_RECEIVERS: Readonly<Record<RecordName, RecordTypeName>> = {
  manufacturing: 'ManufacturingData',
  firmwareParameters: 'FirmwareParameterData',
  pcSoftwareParameters: 'PCSoftwareParameter',
  sensor: 'SensorData',
  egv: 'EGVData',
  calibration: 'CalSet',
  aberration: 'Aberration',
  insertion: 'InsertionTime',
  log: 'ReceiverLogData',
  error: 'ReceiverErrorData',
  meter: 'MeterData',
  event: 'UserEventData',
  settings: 'UserSettingData',
  backfilledEgv: 'BackfilledEGVData',
};

describe('record types', () => {
  it.each(RECORD_NAMES)('%s has the number that receivers give it', (name) => {
    const number = recordTypeOf(name);
    expect(RECORD_TYPES[number as keyof typeof RECORD_TYPES]).toBe(OF_RECEIVERS[name]);
    expect(recordNameOf(number)).toBe(name);
  });

  it('are all there are', () => {
    expect(RECORD_NAMES).toHaveLength(Object.keys(RECORD_TYPES).length);
    expect(recordNameOf(13)).toBeUndefined();
  });
});
