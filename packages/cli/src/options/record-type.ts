import { Argument } from '@commander-js/extra-typings';
import type { RecordName } from '@egvkit/receiver';
import { type Choices, namesOf } from './choice.ts';

/** Record types by their names, for people. The receiver's own names and numbers are taken too. */
export const RECORD_TYPES: Choices<RecordName> = {
  egv: 'glucose readings, every five minutes',
  backfilledEgv: 'readings that arrived late (touchscreen receivers)',
  meter: 'values of a blood glucose meter that were entered',
  event: 'carbohydrates, insulin, exercise and health, as entered',
  insertion: 'begins and ends of sensor sessions',
  calibration: 'calibrations of the sensor',
  sensor: 'raw counts of the sensor',
  settings: 'settings, after every change',
  log: 'key presses, screens, power: hundreds a day',
  error: 'errors of the receiver',
  aberration: 'aberrations of the sensor',
  manufacturing: 'serial number and hardware',
  firmwareParameters: 'parameters of the firmware',
  pcSoftwareParameters: 'parameters for software on a computer',
};

export const TYPE_ARGUMENT = new Argument('<type>', 'record type: egv, meter, event … (see below)');
// Offered by completion; a type may also be given by its number, so the action reads it.
TYPE_ARGUMENT.argChoices = [...namesOf(RECORD_TYPES)];
