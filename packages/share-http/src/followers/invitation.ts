import { EgvkitError } from '@egvkit/protocol';
import {
  type AlertChoices,
  createSubscriptionInvitation,
  encodeAlertSettings,
  PERMISSIONS,
  type Permission,
  type Subscription,
} from '@egvkit/protocol/share';
import type { CallOptions } from '../call-options.ts';
import { FollowerError } from '../errors/follower-error.ts';
import type { ShareError } from '../errors/share-error.ts';
import type { Caller } from '../session/caller.ts';
import {
  findOrCreate,
  type Invitee,
  isUncertain,
  listSubscriptions,
  removeContact,
} from './contact.ts';

/** A person to invite, and the rights that come with it. */
export interface Invitation {
  /** The wearer's name for the follower; unique among the contacts. */
  readonly name: string;
  /** Address that the service sends the invitation to. */
  readonly email: string;
  /** The wearer's name as the follower sees it. */
  readonly displayName: string;
  /** `graph` if left out. */
  readonly permissions?: Permission | undefined;
  /** The follower's first alerts; those of the original application if left out. */
  readonly alerts?: AlertChoices | undefined;
}

/** An invitation that was sent. */
export interface Invited {
  readonly contactId: string;
  /** Deduced from the answer; `list()` tells for certain. */
  readonly subscriptionId: string;
  /** False if an existing contact of that name and address has been used. */
  readonly contactCreated: boolean;
}

function codeOf(error: unknown): string {
  return error instanceof EgvkitError ? error.code : 'unknown';
}

/** Removes the contact of an invitation that failed; throws its error, or `undoFailed`. */
async function undo(caller: Caller, contactId: string, cause: unknown): Promise<never> {
  try {
    // Without the caller's signal: an invitation that was begun is cleaned up.
    await removeContact(caller, contactId, {});
  } catch (error) {
    const endpoint = createSubscriptionInvitation.method;
    const why = { reason: codeOf(error), outcomeUnknown: isUncertain(error) };
    throw new FollowerError('undoFailed', { endpoint, contactId, ...why }, { cause });
  }
  throw cause;
}

/**
 * Makes a contact and invites it. The service sends the e-mail. If the invitation fails, the
 * contact is removed again, so that its name is free.
 */
export async function invite(
  caller: Caller,
  invitation: Invitation,
  options: CallOptions,
): Promise<Invited> {
  const body = {
    AlertSettings: encodeAlertSettings(invitation.alerts),
    Permissions: PERMISSIONS[invitation.permissions ?? 'graph'],
    DisplayName: invitation.displayName,
  };
  const invitee = await findOrCreate(caller, invitation, options);
  const { contactId, created: contactCreated } = invitee;
  const data = (sessionId: string) => ({ query: { sessionId, contactId }, body });
  try {
    const row = createSubscriptionInvitation;
    const subscriptionId = await caller.value(row, data, options);
    return { contactId, contactCreated, subscriptionId };
  } catch (error) {
    const subscriptionId = isUncertain(error) ? await findSent(caller, invitee, error) : undefined;
    if (subscriptionId !== undefined) return { contactId, contactCreated, subscriptionId };
    if (!contactCreated) throw error;
    return undo(caller, contactId, error);
  }
}

/** Finds the subscription of an invitation whose outcome is unknown, if it is there after all. */
async function findSent(
  caller: Caller,
  { contactId, earlier }: Invitee,
  cause: ShareError,
): Promise<string | undefined> {
  let listed: readonly Subscription[];
  try {
    listed = await listSubscriptions(caller, {});
  } catch (error) {
    const endpoint = createSubscriptionInvitation.method;
    const why = { reason: codeOf(error), outcomeUnknown: true } as const;
    throw new FollowerError('invitationUncertain', { endpoint, contactId, ...why }, { cause });
  }
  const sent = listed.find(
    (item) => item.contactId === contactId && !earlier.has(item.subscriptionId),
  );
  return sent?.subscriptionId;
}
