import { type DataOf, mayPass, stays, TableError } from '@egvkit/protocol';

/**
 * Failures of an invitation that leave something behind. A contact id only refers to somebody:
 * without a login it is of no use, so it may be shown.
 */
export const FOLLOWER_ERRORS = {
  contactUncertain: mayPass<{ endpoint: string; reason: string; outcomeUnknown: true }>(
    (data) =>
      `The contact may have been made: ${data.endpoint} got no clear answer (${data.reason}).`,
    'Nothing was e-mailed, but the name may be taken now: followers.contactExists(name) tells. ' +
      'If it is, use another name; no call is known that finds a contact without an invitation.',
  ),
  invitationUncertain: stays<{
    endpoint: string;
    contactId: string;
    reason: string;
    outcomeUnknown: true;
  }>(
    (data) =>
      `The invitation may have been sent: ${data.endpoint} got no clear answer, and then the followers could not be listed (${data.reason}).`,
    (data) =>
      `See later whether followers.list() has an open invitation of the contact ${data.contactId}. If ` +
      `not, followers.remove('${data.contactId}') frees the name, so that it can be invited again.`,
  ),
  undoFailed: stays<{
    endpoint: string;
    contactId: string;
    reason: string;
    /** True if the contact may be gone; the invitation has failed for certain. */
    outcomeUnknown: boolean;
  }>(
    (data) =>
      `${data.endpoint} failed, and the contact that was made for it ` +
      `${data.outcomeUnknown ? 'may not have been' : 'could not be'} removed again (${data.reason}).`,
    (data) =>
      `Remove it with followers.remove('${data.contactId}') before inviting it again: its name is ` +
      'taken until then, and no list shows it.',
  ),
} as const;

export type FollowerErrorCode = keyof typeof FOLLOWER_ERRORS;

/** Contact or invitation that is in doubt, or could not be undone. */
export class FollowerError<Code extends FollowerErrorCode = FollowerErrorCode> extends TableError<
  typeof FOLLOWER_ERRORS,
  Code
> {
  override readonly name = 'FollowerError';
  /** True if contact or invitation may be there: find out before repeating the call. */
  readonly outcomeUnknown: boolean;

  constructor(
    code: Code,
    data: DataOf<typeof FOLLOWER_ERRORS, Code>,
    options?: { cause?: unknown },
  ) {
    super(FOLLOWER_ERRORS, code, data, options);
    this.outcomeUnknown = (data as { outcomeUnknown?: boolean }).outcomeUnknown === true;
  }
}
