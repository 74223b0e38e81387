import { EgvkitError, ShareError, SharingError } from '@egvkit/protocol';
import {
  type AlertChoices,
  decodeSubscription,
  ENDPOINTS,
  encodeAlertSettings,
  type FaultCode,
  PERMISSIONS,
  type Permission,
  type Subscription,
} from '@egvkit/protocol/share';
import { asking, type Caller } from './caller.ts';
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

const NAME_TAKEN: ReadonlySet<FaultCode | undefined> = new Set([
  'ContactNameAlreadyExists',
  'ContactAlreadyExists',
]);

/** A contact in one of these states follows already, or has an invitation that still counts. */
const TAKEN: ReadonlySet<string | undefined> = new Set(['active', 'paused']);

/** The account's followers. */
export async function listSubscriptions(
  caller: Caller,
  { signal }: CallOptions,
): Promise<Subscription[]> {
  const items = await caller.value(ENDPOINTS.ListPublisherAccountSubscriptions, asking(), signal);
  return items.map(decodeSubscription);
}

/** A contact with its e-mail address. */
export async function readContact(caller: Caller, contactId: string, { signal }: CallOptions) {
  const raw = await caller.value(ENDPOINTS.ReadContact, asking({ contactId }), signal);
  return { contactId: raw.ContactId, email: raw.Email ?? undefined, raw };
}

/** Removes a contact with all that hangs on it. */
export async function deleteContact(
  caller: Caller,
  contactId: string,
  { signal }: CallOptions,
): Promise<void> {
  await caller.value(ENDPOINTS.DeleteContact, asking({ contactId }), signal);
}

/** The contact that has the name, if it may be invited anew: same address, no follower yet. */
async function reusable(
  caller: Caller,
  { name, email }: Invitation,
  options: CallOptions,
): Promise<string | undefined> {
  const listed = await listSubscriptions(caller, options);
  const same = listed.find(({ contactName }) => contactName === name);
  const pending = same?.state.name === 'invited' && (same.inviteExpiresMs ?? 0) > caller.now();
  if (same?.contactId === undefined || pending || TAKEN.has(same.state.name)) return undefined;
  const contact = await readContact(caller, same.contactId, options);
  const isSame = contact.email?.toLowerCase() === email.toLowerCase();
  return isSame ? same.contactId : undefined;
}

async function findOrCreate(
  caller: Caller,
  invitation: Invitation,
  options: CallOptions,
): Promise<Pick<Invited, 'contactId' | 'contactCreated'>> {
  const { name, email } = invitation;
  const made = await caller.call(
    ENDPOINTS.CreateContact,
    asking({ contactName: name, emailAddress: email }),
    options.signal,
  );
  if (made.refusal === undefined) return { contactId: made.value, contactCreated: true };
  const { verdict, error } = made.refusal;
  if (!NAME_TAKEN.has(verdict.known)) throw error;
  const contactId = await reusable(caller, invitation, options);
  if (contactId === undefined) throw error;
  return { contactId, contactCreated: false };
}

/** Takes back what an invitation that failed has left; tells if it cannot. */
async function undo(caller: Caller, contactId: string, cause: unknown): Promise<never> {
  try {
    // Not given up with the caller's signal: what was begun is cleaned up.
    await deleteContact(caller, contactId, {});
  } catch (error) {
    const reason = error instanceof EgvkitError ? error.code : 'unknown';
    const endpoint = ENDPOINTS.CreateSubscriptionInvitation.method;
    throw new SharingError('undoFailed', { endpoint, reason }, { cause });
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
  const contact = await findOrCreate(caller, invitation, options);
  const { contactId } = contact;
  const data = (sessionId: string) => ({ query: { sessionId, contactId }, body });
  try {
    const row = ENDPOINTS.CreateSubscriptionInvitation;
    return { ...contact, subscriptionId: await caller.value(row, data, options.signal) };
  } catch (error) {
    const sent = await wasSent(caller, contactId, error);
    if (sent !== undefined) return { ...contact, subscriptionId: sent };
    if (!contact.contactCreated) throw error;
    return undo(caller, contactId, error);
  }
}

/** The subscription of an invitation whose outcome is unknown, if it is there after all. */
async function wasSent(
  caller: Caller,
  contactId: string,
  error: unknown,
): Promise<string | undefined> {
  if (!(error instanceof ShareError) || !error.outcomeUnknown) return undefined;
  const listed = await listSubscriptions(caller, {});
  return listed.find((item) => item.contactId === contactId)?.subscriptionId;
}
