import { RECEIVER_ERRORS } from '@egvkit/receiver';
import { ACCESS_ERRORS } from '@egvkit/receiver/browser';
import { receiverReference as referenceOf } from '../../protocol/reference/receiver.ts';
import { SERIAL_PORT_ERRORS } from '../src/errors.ts';

/** Writes the whole of docs/reference/receiver.md. */
export function receiverReference(): string {
  return referenceOf({
    'Errors of the receiver': RECEIVER_ERRORS,
    'Errors of serial ports': SERIAL_PORT_ERRORS,
    'Errors of web pages': ACCESS_ERRORS,
  });
}
