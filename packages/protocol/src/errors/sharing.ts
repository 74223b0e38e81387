import { type DataOf, row, TableError } from './error.ts';

/** Why an account takes no readings, or was not left as it was found. */
export const SHARING_ERRORS = {
  receiverNotAssigned: row<{ status: string; advice: string }>({
    message: ({ status }) =>
      `The Share account does not take readings from this receiver (the service says ${status}).`,
    help: ({ advice }) => advice,
    retryable: false,
  }),
  monitoringInactive: row<{ endpoint: string; advice: string }>({
    message: () => 'The Share account is not sharing at the moment, so it takes no readings.',
    help: ({ advice }) => advice,
    retryable: true,
  }),
  undoFailed: row<{ endpoint: string; reason: string }>({
    message: ({ endpoint }) =>
      `${endpoint} failed, and the contact that was made for it could not be removed again.`,
    help: 'Remove the contact before inviting it again; its name is taken until then.',
    retryable: false,
  }),
} as const;

export type SharingErrorCode = keyof typeof SHARING_ERRORS;

/** A Share account is not in the state that a call needs, or not in the one it was in. */
export class SharingError<Code extends SharingErrorCode = SharingErrorCode> extends TableError<
  typeof SHARING_ERRORS,
  Code
> {
  override readonly name = 'SharingError';
  /** Nothing has taken effect: the service has said no. */
  readonly outcomeUnknown = false;

  constructor(
    code: Code,
    data: DataOf<typeof SHARING_ERRORS, Code>,
    options?: { cause?: unknown },
  ) {
    super(SHARING_ERRORS, code, data, options);
  }
}
