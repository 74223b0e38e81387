import {
  createContact,
  decodeSubscription,
  deleteContact,
  type FaultCode,
  listPublisherAccountSubscriptions,
  readContact,
  type Subscription,
  subscriptionStatus,
} from '@egvkit/protocol/share';
import type { CallOptions } from '../call-options.ts';
import { FollowerError } from '../errors/follower-error.ts';
import { ShareError } from '../errors/share-error.ts';
import { asking, type Caller } from '../session/caller.ts';

/** A person that the wearer knows, invited or not. */
interface Person {
  readonly name: string;
  readonly email: string;
}

const NAME_TAKEN: ReadonlySet<FaultCode | undefined> = new Set([
  'ContactNameAlreadyExists',
  'ContactAlreadyExists',
]);

/** A contact to invite. */
export interface Invitee {
  readonly contactId: string;
  readonly created: boolean;
  /** Subscriptions that the contact has had; an invitation makes one more. */
  readonly earlier: ReadonlySet<string>;
}

/** Lists the account's followers. */
export async function listSubscriptions(
  caller: Caller,
  options: CallOptions,
): Promise<Subscription[]> {
  const items = await caller.value(listPublisherAccountSubscriptions, asking(), options);
  return items.map(decodeSubscription);
}

/** A contact of the wearer's; other fields of the service stand in `raw`. */
export interface Contact {
  readonly contactId: string;
  readonly email: string | undefined;
  readonly raw: object;
}

/** Reads a contact with its e-mail address. */
export async function lookUpContact(
  caller: Caller,
  contactId: string,
  options: CallOptions,
): Promise<Contact> {
  const raw = await caller.value(readContact, asking({ contactId }), options);
  return { contactId: raw.ContactId, email: raw.Email ?? undefined, raw };
}

/** Removes a contact with all that hangs on it. */
export async function removeContact(
  caller: Caller,
  contactId: string,
  options: CallOptions,
): Promise<void> {
  await caller.value(deleteContact, asking({ contactId }), options);
}

/** True for a request that may have been carried out although no clear answer came. */
export function isUncertain(error: unknown): error is ShareError {
  return error instanceof ShareError && error.outcomeUnknown;
}

/** Reads the e-mail address of a contact; undefined if it is gone, and only lingers in the list. */
async function emailOf(
  caller: Caller,
  contactId: string,
  options: CallOptions,
): Promise<string | undefined> {
  const read = await caller.call(readContact, asking({ contactId }), options);
  if (read.refusal === undefined) return read.value.Email ?? undefined;
  if (read.refusal.verdict.known === 'ContactIdNotFound') return undefined;
  throw read.refusal.error;
}

/**
 * Finds the contact that has the name, if it may be invited anew: same address, and nothing but
 * invitations that are over. An unknown state may be a follower's.
 */
async function reusable(
  caller: Caller,
  { name, email }: Person,
  options: CallOptions,
): Promise<Invitee | undefined> {
  const listed = await listSubscriptions(caller, options);
  const named = new Set(
    listed.flatMap(({ contactName, contactId = '' }) => (contactName === name ? [contactId] : [])),
  );
  named.delete('');
  const theirs = listed.filter(
    (item) => item.contactName === name || named.has(item.contactId ?? ''),
  );
  const nowMs = caller.now();
  const isOver = (item: Subscription) =>
    ['expired', 'removed'].includes(subscriptionStatus(item, nowMs) ?? 'unknown');
  if (!theirs.every(isOver)) return undefined;
  const earlier = new Set(theirs.map(({ subscriptionId }) => subscriptionId));
  for (const contactId of named) {
    const known = await emailOf(caller, contactId, options);
    if (known?.toLowerCase() === email.toLowerCase()) return { contactId, created: false, earlier };
  }
  return undefined;
}

/** Makes a contact. One that is made without an answer has an id that no call tells. */
async function addContact(caller: Caller, { name, email }: Person, options: CallOptions) {
  const row = createContact;
  try {
    return await caller.call(row, asking({ contactName: name, emailAddress: email }), options);
  } catch (error) {
    if (!isUncertain(error)) throw error;
    const data = { endpoint: row.method, reason: error.code, outcomeUnknown: true } as const;
    throw new FollowerError('contactUncertain', data, { cause: error });
  }
}

/** Makes or finds the contact to invite: a new one, or one whose invitations are all over. */
export async function findOrCreate(
  caller: Caller,
  contact: Person,
  options: CallOptions,
): Promise<Invitee> {
  const made = await addContact(caller, contact, options);
  if (made.refusal === undefined) {
    return { contactId: made.value, created: true, earlier: new Set() };
  }
  const { verdict, error } = made.refusal;
  if (!NAME_TAKEN.has(verdict.known)) throw error;
  const found = await reusable(caller, contact, options);
  if (found === undefined) throw error;
  return found;
}
