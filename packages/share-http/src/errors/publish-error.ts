import { type DataOf, row, TableError } from '@egvkit/protocol';

/** Refusals of readings, or of a part of them, by the account that they are posted to. */
export const PUBLISH_ERRORS = {
  receiverNotAssigned: row<{ status: string; advice: string }>({
    message: (data) =>
      `The Share account does not take readings from this receiver (the service says ${data.status}).`,
    help: (data) => data.advice,
    retryable: false,
  }),
  notSharing: row<{ endpoint: string; advice: string }>({
    message: () => 'The Share account is not sharing at the moment, so it takes no readings.',
    help: (data) => data.advice,
    retryable: false,
  }),
  duplicateBatch: row<{ endpoint: string; count: number; outcomeUnknown: true }>({
    message: (data) =>
      `The Share service refused ${data.endpoint}: at least one of its ${data.count} readings is stored already.`,
    help: 'Read back which are stored before sending the others again.',
    retryable: true,
  }),
} as const;

export type PublishErrorCode = keyof typeof PUBLISH_ERRORS;

/** Refusal of readings by the account that they are posted to. */
export class PublishError<Code extends PublishErrorCode = PublishErrorCode> extends TableError<
  typeof PUBLISH_ERRORS,
  Code
> {
  override readonly name = 'PublishError';
  /** True if some of the readings are stored: find out which before repeating the call. */
  readonly outcomeUnknown: boolean;

  constructor(
    code: Code,
    data: DataOf<typeof PUBLISH_ERRORS, Code>,
    options?: { cause?: unknown },
  ) {
    super(PUBLISH_ERRORS, code, data, options);
    this.outcomeUnknown = 'outcomeUnknown' in data && data.outcomeUnknown === true;
  }
}
