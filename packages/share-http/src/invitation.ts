import { EgvkitError, type ShareError, SharingError } from '@egvkit/protocol';
import {
  type AlertChoices,
  ENDPOINTS,
  encodeAlertSettings,
  PERMISSIONS,
  type Permission,
  type Subscription,
} from '@egvkit/protocol/share';
import type { Caller } from './caller.ts';
import {
  deleteContact,
  findOrCreate,
  type Invitee,
  isUncertain,
  listSubscriptions,
} from './contact.ts';
import type { CallOptions } from './readings.ts';

/** Whom to invite, and to what. */
export interface Invitation {
  /** What the wearer calls the follower; unique among the contacts. */
  readonly name: string;
  /** Where the service sends the invitation. */
  readonly email: string;
  /** How the wearer is shown to the follower. */
  readonly displayName: string;
  /** `graph` if left out. */
  readonly permissions?: Permission | undefined;
  /** The alerts it starts with; those of the original application if left out. */
  readonly alerts?: AlertChoices | undefined;
}

/** An invitation that was sent. */
export interface Invited {
  readonly contactId: string;
  /** Deduced to be the subscription's (spec/share §2.1); `list()` tells for certain. */
  readonly subscriptionId: string;
  /** False if a contact of that name and address was there and has been used. */
  readonly contactCreated: boolean;
}

function codeOf(error: unknown): string {
  return error instanceof EgvkitError ? error.code : 'unknown';
}

/** Takes back what an invitation that failed has left; tells if it cannot. */
async function undo(caller: Caller, contactId: string, cause: unknown): Promise<never> {
  try {
    // Not given up with the caller's signal: what was begun is cleaned up.
    await deleteContact(caller, contactId, {});
  } catch (error) {
    const endpoint = ENDPOINTS.CreateSubscriptionInvitation.method;
    const why = { reason: codeOf(error), outcomeUnknown: isUncertain(error) };
    throw new SharingError('undoFailed', { endpoint, contactId, ...why }, { cause });
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
    const row = ENDPOINTS.CreateSubscriptionInvitation;
    const subscriptionId = await caller.value(row, data, options.signal);
    return { contactId, contactCreated, subscriptionId };
  } catch (error) {
    const subscriptionId = isUncertain(error) ? await findSent(caller, invitee, error) : undefined;
    if (subscriptionId !== undefined) return { contactId, contactCreated, subscriptionId };
    if (!contactCreated) throw error;
    return undo(caller, contactId, error);
  }
}

/** The subscription of an invitation whose outcome is unknown, if it is there after all. */
async function findSent(
  caller: Caller,
  { contactId, earlier }: Invitee,
  cause: ShareError,
): Promise<string | undefined> {
  let listed: readonly Subscription[];
  try {
    listed = await listSubscriptions(caller, {});
  } catch (error) {
    const endpoint = ENDPOINTS.CreateSubscriptionInvitation.method;
    const why = { reason: codeOf(error), outcomeUnknown: true } as const;
    throw new SharingError('invitationUncertain', { endpoint, contactId, ...why }, { cause });
  }
  const sent = listed.find(
    (item) => item.contactId === contactId && !earlier.has(item.subscriptionId),
  );
  return sent?.subscriptionId;
}
