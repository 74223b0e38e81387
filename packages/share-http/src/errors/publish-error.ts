import { type DataOf, mayPass, stays, TableError } from '@egvkit/protocol';

/** Refusals of readings, or of a part of them, by the account that they are posted to. */
export const PUBLISH_ERRORS = {
  receiverNotAssigned: stays<{ status: string; advice: string }>(
    (data) =>
      `The Share account does not take readings from this receiver (the service says ${data.status}).`,
    (data) => data.advice,
  ),
  notSharing: stays<{ endpoint: string; advice: string }>(
    () => 'The Share account is not sharing at the moment, so it takes no readings.',
    (data) => data.advice,
  ),
  duplicateBatch: mayPass<{ endpoint: string; count: number; outcomeUnknown: true }>(
    (data) =>
      `The Share service refused ${data.endpoint}: at least one of its ${data.count} readings is stored already.`,
    'Read back which are stored before sending the others again.',
  ),
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
    this.outcomeUnknown = (data as { outcomeUnknown?: boolean }).outcomeUnknown === true;
  }
}
