import type { AccountSeed } from './options.ts';
import type { ServiceState } from './state.ts';
import type { StoredSubscription } from './store.ts';

/** Makes the accounts a service starts with, or brings them up to date in a store that lasts. */
export async function addAccounts(
  { store, passwords }: ServiceState,
  accounts: readonly AccountSeed[],
): Promise<void> {
  for (const { name, password, accountId, email, receiver, sharing } of accounts) {
    const known = store.accountByName(name);
    store.saveAccount({
      id: known?.id ?? accountId ?? crypto.randomUUID(),
      side: 'publisher',
      name,
      passwordHash: await passwords.hash(password),
      email: email ?? known?.email ?? (name.includes('@') ? name : `${name}@example.invalid`),
      receiver: receiver?.trim().toUpperCase() ?? known?.receiver,
      sharing: sharing ?? known?.sharing ?? false,
      refusals: known?.refusals ?? 0,
      lockedUntilMs: known?.lockedUntilMs ?? 0,
      runtimeInfo: known?.runtimeInfo,
    });
  }
}

/** Credentials of a follower's application. */
export interface FollowerCredentials {
  readonly accountId: string;
  readonly password: string;
}

/** Invitation that cannot be accepted. */
export class InvitationError extends Error {
  override readonly name = 'InvitationError';
}

function openInvitation({ store, now }: ServiceState, subscriptionId: string): StoredSubscription {
  const subscription = store.subscription(subscriptionId);
  if (subscription === undefined || subscription.removed) {
    throw new InvitationError('There is no such invitation.');
  }
  if (subscription.subscriberId !== undefined) {
    throw new InvitationError('The invitation has been accepted before.');
  }
  if (now() >= subscription.inviteExpiresMs) {
    throw new InvitationError('The invitation has expired.');
  }
  return subscription;
}

/**
 * Accepts an invitation, as the Follow application does in an unknown call: for a named follower, or
 * for a new one with an anonymous id and a password made here.
 *
 * @throws InvitationError
 */
export async function acceptInvitation(
  state: ServiceState,
  subscriptionId: string,
  follower?: FollowerCredentials,
): Promise<FollowerCredentials> {
  const { store, passwords, now } = state;
  openInvitation(state, subscriptionId);
  const credentials = follower ?? {
    accountId: crypto.randomUUID(),
    password: crypto.randomUUID(),
  };
  const known = store.accountById(credentials.accountId);
  if (follower !== undefined && known?.side !== 'subscriber') {
    throw new InvitationError('There is no such follower.');
  }
  if (known === undefined) {
    store.saveAccount({
      id: credentials.accountId,
      side: 'subscriber',
      name: credentials.accountId,
      passwordHash: await passwords.hash(credentials.password),
      email: '',
      receiver: undefined,
      sharing: false,
      refusals: 0,
      lockedUntilMs: 0,
      runtimeInfo: undefined,
    });
  }
  // Looked up again: the password took a while.
  const subscription = openInvitation(state, subscriptionId);
  const { accountId: subscriberId } = credentials;
  store.saveSubscription({ ...subscription, subscriberId, modifiedMs: now() });
  return credentials;
}
