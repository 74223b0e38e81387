import type { ErrorRow, ErrorRows } from '@egvkit/protocol';
import { RECEIVER_ERRORS } from '@egvkit/receiver';
import { ACCESS_ERRORS, type PageApi, type Runtime } from '@egvkit/receiver/browser';
import { receiverReference as referenceOf } from '../../protocol/reference/receiver.ts';
import { webSerial } from '../../receiver-webserial/reference/access.ts';
import { webUsb } from '../../receiver-webusb/reference/access.ts';
import { SERIAL_PORT_ERRORS } from '../src/errors.ts';

/** The errors of access by one way to a receiver, on a system that nothing special is said of. */
function accessErrors(describe: (runtime: Runtime) => PageApi): ErrorRows {
  const facts = describe({ platform: 'other' });
  const rows = Object.entries(ACCESS_ERRORS as Readonly<Record<string, ErrorRow<object>>>);
  return Object.fromEntries(
    rows.map(([code, { message, help, retryable }]) => {
      const known = (sample: object): object => Object.setPrototypeOf({ ...facts }, sample);
      const told: ErrorRow<object> = {
        message: (sample) => message(known(sample)),
        help: typeof help === 'string' ? help : (sample) => help(known(sample)),
        retryable,
      };
      return [code, told];
    }),
  );
}

/** Writes the whole of docs/reference/receiver.md. */
export function receiverReference(): string {
  return referenceOf({
    'Errors of the receiver': RECEIVER_ERRORS,
    'Errors of serial ports': SERIAL_PORT_ERRORS,
    'Errors of web pages by WebUSB': accessErrors(webUsb),
    'Errors of web pages by Web Serial': accessErrors(webSerial),
  });
}
