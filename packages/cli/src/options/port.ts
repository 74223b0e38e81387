import { Option } from '@commander-js/extra-typings';
import { invalid } from './usage.ts';

/** The port of the one receiver that is plugged in. */
export const AUTO = 'auto';

function parsePort(text: string): string {
  if (text.trim() !== '') return text;
  throw invalid(
    '--port',
    text,
    `name the port of the receiver, or leave --port out to have it found`,
  );
}

export const PORT_OPTION = new Option(
  '--port <port>',
  'port of the receiver, such as COM3 or /dev/ttyACM0 (found by itself if left out)',
).argParser(parsePort);

/** A serial number as receivers say it: in capitals. */
function parseSerial(text: string): string {
  const serial = text.trim().toUpperCase();
  if (/^[A-Z0-9]{4,20}$/.test(serial)) return serial;
  throw invalid(
    '--serial',
    text,
    'use the serial number of a receiver, such as SM12345678 (egvkit receivers shows it)',
  );
}

export const SERIAL_OPTION = new Option(
  '--serial <number>',
  'serial number of the receiver, where there are several: SM12345678',
).argParser(parseSerial);

/** Values of the options that choose a receiver. */
export interface ReceiverOptions {
  readonly port?: string | undefined;
  readonly serial?: string | undefined;
}
