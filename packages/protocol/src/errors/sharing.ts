import { type DataOf, row, TableError } from './error.ts';

/**
 * Why an account takes no readings, or was not left as it was found. A contact id only refers to
 * somebody: whoever has it can do nothing without signing in (spec/share §2.1), so it may be shown.
 */
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
    retryable: false,
  }),
  contactUncertain: row<{ endpoint: string; reason: string; outcomeUnknown: true }>({
    message: ({ endpoint, reason }) =>
      `The contact may have been made: ${endpoint} got no clear answer (${reason}).`,
    help:
      'Nothing was e-mailed, but the name may be taken now: followers.contactExists(name) tells. ' +
      'If it is, use another name; no call is known that finds a contact without an invitation.',
    retryable: true,
  }),
  invitationUncertain: row<{
    endpoint: string;
    contactId: string;
    reason: string;
    outcomeUnknown: true;
  }>({
    message: ({ endpoint, reason }) =>
      `The invitation may have been sent: ${endpoint} got no clear answer, and then the followers could not be listed (${reason}).`,
    help: ({ contactId }) =>
      `See later whether followers.list() has an open invitation of the contact ${contactId}. If ` +
      `not, followers.remove('${contactId}') frees the name, so that it can be invited again.`,
    retryable: false,
  }),
  undoFailed: row<{
    endpoint: string;
    contactId: string;
    reason: string;
    /** Whether the contact is there still is unknown; the invitation has failed for certain. */
    outcomeUnknown: boolean;
  }>({
    message: ({ endpoint, reason, outcomeUnknown }) =>
      `${endpoint} failed, and the contact that was made for it ` +
      `${outcomeUnknown ? 'may not have been' : 'could not be'} removed again (${reason}).`,
    help: ({ contactId }) =>
      `Remove it with followers.remove('${contactId}') before inviting it again: its name is ` +
      'taken until then, and no list shows it.',
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
  /** What was wanted may have taken effect, or have been undone: find out before repeating it. */
  readonly outcomeUnknown: boolean;

  constructor(
    code: Code,
    data: DataOf<typeof SHARING_ERRORS, Code>,
    options?: { cause?: unknown },
  ) {
    super(SHARING_ERRORS, code, data, options);
    this.outcomeUnknown = 'outcomeUnknown' in data && data.outcomeUnknown === true;
  }
}
