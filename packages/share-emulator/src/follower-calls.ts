import { publisherOf } from './login.ts';
import { Refusal } from './refusal.ts';
import type { Handlers, ServiceState } from './state.ts';
import type { StoredAccount, StoredContact, StoredSubscription } from './store.ts';
import { alertsReadBack, listed } from './subscription.ts';

/** Finds a contact of the account; refuses an unknown one. */
function contactOf({ store }: ServiceState, account: StoredAccount, id: string): StoredContact {
  const contact = store.contact(id);
  if (contact === undefined || contact.accountId !== account.id) {
    throw new Refusal('ContactIdNotFound');
  }
  return contact;
}

/** Finds a subscription of the account; refuses an unknown one. */
function subscriptionOf(
  { store, behaviour }: ServiceState,
  account: StoredAccount,
  id: string,
): StoredSubscription {
  const subscription = store.subscription(id);
  if (subscription === undefined || subscription.accountId !== account.id) {
    throw new Refusal(behaviour.unknownSubscriptionCode);
  }
  return subscription;
}

function requireFreeName({ store }: ServiceState, account: StoredAccount, name: string): void {
  if (store.contactByName(account.id, name) !== undefined) {
    throw new Refusal('ContactNameAlreadyExists');
  }
}

/** Changes a subscription and its time of change. */
function change(
  state: ServiceState,
  query: { readonly sessionId: string; readonly subscriptionId: string },
  changed: Partial<StoredSubscription>,
): void {
  const account = publisherOf(state, query.sessionId);
  const subscription = subscriptionOf(state, account, query.subscriptionId);
  state.store.saveSubscription({ ...subscription, ...changed, modifiedMs: state.now() });
}

/** Calls of the wearer about contacts, invitations and subscriptions. */
export const FOLLOWER_CALLS = {
  DoesContactExistByName: (state, { query }) => {
    const account = publisherOf(state, query.sessionId);
    return state.store.contactByName(account.id, query.contactName) !== undefined;
  },

  CreateContact: (state, { query }) => {
    const account = publisherOf(state, query.sessionId);
    requireFreeName(state, account, query.contactName);
    const id = crypto.randomUUID();
    state.store.saveContact({
      id,
      accountId: account.id,
      name: query.contactName,
      email: query.emailAddress,
      createdMs: state.now(),
    });
    return id;
  },

  CreateSubscriptionInvitation: (state, { query, body }) => {
    const { store, behaviour, now } = state;
    const account = publisherOf(state, query.sessionId);
    const contact = contactOf(state, account, query.contactId);
    // A new contact is not found everywhere at once (share §2.1).
    if (now() - contact.createdMs < behaviour.contactLagMs) throw new Refusal('ContactIdNotFound');
    const id = crypto.randomUUID();
    store.saveSubscription({
      id,
      accountId: account.id,
      contactId: contact.id,
      invitationId: crypto.randomUUID(),
      subscriberId: undefined,
      displayName: body.DisplayName,
      permissions: body.Permissions,
      paused: false,
      removed: false,
      alerts: JSON.stringify(body.AlertSettings),
      createdMs: now(),
      modifiedMs: now(),
      inviteExpiresMs: now() + behaviour.inviteLifetimeMs,
    });
    return id;
  },

  ListPublisherAccountSubscriptions: (state, { query }) => {
    const account = publisherOf(state, query.sessionId);
    return state.store.subscriptionsOf(account.id).map((subscription) => {
      const contact = state.store.contact(subscription.contactId);
      return listed(state, subscription, account, contact?.name ?? null);
    });
  },

  DeleteContact: (state, { query }) => {
    const { store, behaviour, now } = state;
    const account = publisherOf(state, query.sessionId);
    const contact = contactOf(state, account, query.contactId);
    const theirs = store.subscriptionsOf(account.id).filter((one) => one.contactId === contact.id);
    for (const one of theirs) {
      if (behaviour.deletedSubscriptions === 'gone') store.deleteSubscription(one.id);
      else store.saveSubscription({ ...one, removed: true, modifiedMs: now() });
    }
    store.deleteContact(contact.id);
  },

  // The field of the name is not on record: `ContactName` is ours (share §2.2).
  ReadContact: (state, { query }) => {
    const account = publisherOf(state, query.sessionId);
    const { id, name, email } = contactOf(state, account, query.contactId);
    return { ContactId: id, ContactName: name, Email: email };
  },

  UpdateContactName: (state, { query }) => {
    const account = publisherOf(state, query.sessionId);
    const contact = contactOf(state, account, query.contactId);
    if (contact.name === query.contactName) return;
    requireFreeName(state, account, query.contactName);
    state.store.saveContact({ ...contact, name: query.contactName });
  },

  UpdateSubscriptionPermissions: (state, { query }) =>
    change(state, query, { permissions: query.permissions }),

  // Ours: that a pending invitation can be paused, and stays listed as invited.
  PauseSubscription: (state, { query }) => change(state, query, { paused: true }),

  ResumeSubscription: (state, { query }) => change(state, query, { paused: false }),

  ReadSubscriptionAlerts: (state, { query }) => {
    const account = publisherOf(state, query.sessionId);
    const subscription = subscriptionOf(state, account, query.subscriptionId);
    return alertsReadBack(subscription, state.behaviour);
  },
} satisfies Partial<Handlers>;
