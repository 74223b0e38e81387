import { type DataOf, mayPass, TableError } from '@egvkit/protocol';

/** A receiver that was found, by the serial number it says or the reason for which it says none. */
export interface AskedReceiver {
  readonly path: string;
  /** Null if it says none. */
  readonly serialNumber: string | null;
  /** Null if it could be asked. */
  readonly problem: string | null;
}

function describeAsked({ path, serialNumber, problem }: AskedReceiver): string {
  if (problem !== null) return problem.replace(/\.$/, '');
  return `the one on ${path} ${serialNumber === null ? 'says none' : `is ${serialNumber}`}`;
}

/** Failures to find the receiver that a serial number names. */
export const RECEIVER_CHOICE_ERRORS = {
  serialNotFound: mayPass<{ serial: string; asked: readonly AskedReceiver[] }>(
    ({ serial, asked }) =>
      `The receiver ${serial} is not connected: ${asked.map(describeAsked).join('; ')}.`,
    'Plug it in with a data cable. For another one give --serial, or ' +
      '"egvkit settings set serial".',
  ),
} as const;

export type ReceiverChoiceErrorCode = keyof typeof RECEIVER_CHOICE_ERRORS;

/** No connected receiver has the serial number that was named. */
export class ReceiverChoiceError<
  Code extends ReceiverChoiceErrorCode = ReceiverChoiceErrorCode,
> extends TableError<typeof RECEIVER_CHOICE_ERRORS, Code> {
  override readonly name = 'ReceiverChoiceError';

  constructor(
    code: Code,
    data: DataOf<typeof RECEIVER_CHOICE_ERRORS, Code>,
    options?: { cause?: unknown },
  ) {
    super(RECEIVER_CHOICE_ERRORS, code, data, options);
  }
}
