import { type FaultCode, ZERO_ID } from '@egvkit/protocol/share';
import { Refusal } from './refusal.ts';
import type { ServiceState } from './state.ts';
import type { Side, StoredAccount } from './store.ts';

/** Looks up an account: by name or by id. */
type Find = () => StoredAccount | undefined;

/** Makes the refusal of a wrong name or password: the same, or from 2018 to 2021 not. */
function refusalOf({ behaviour }: ServiceState, wrong: 'account' | 'password'): Refusal {
  const codes: Record<typeof wrong, FaultCode> =
    behaviour.credentialFaults === 'one'
      ? { account: 'AccountPasswordInvalid', password: 'AccountPasswordInvalid' }
      : { account: 'SSO_AuthenticateAccountNotFound', password: 'SSO_AuthenticatePasswordInvalid' };
  return new Refusal(codes[wrong]);
}

async function authenticate(
  state: ServiceState,
  side: Side,
  find: Find,
  password: string,
): Promise<StoredAccount> {
  const { store, behaviour, passwords, now } = state;
  const claimed = find();
  if (claimed === undefined || claimed.side !== side) {
    // The same work as for a known one: its duration does not tell names that have an account.
    await passwords.hash(password);
    throw refusalOf(state, 'account');
  }
  if (now() < claimed.lockedUntilMs) throw new Refusal(behaviour.lockedCode);
  const right = await passwords.matches(password, claimed.passwordHash);
  // Looked at again: another program may have refused logins meanwhile.
  const account = store.accountById(claimed.id) ?? claimed;
  if (now() < account.lockedUntilMs) throw new Refusal(behaviour.lockedCode);
  if (right) {
    if (account.refusals === 0) return account;
    const known = { ...account, refusals: 0 };
    store.saveAccount(known);
    return known;
  }
  const refusals = account.refusals + 1;
  const locks = refusals >= behaviour.lockAfterRefusals;
  const lockedUntilMs = locks ? now() + behaviour.lockedForMs : account.lockedUntilMs;
  store.saveAccount({ ...account, refusals: locks ? 0 : refusals, lockedUntilMs });
  throw refusalOf(state, 'password');
}

/** Makes a session and gives its id: 122 random bits. */
function startSession(state: ServiceState, { id, side }: StoredAccount): string {
  const { store, behaviour, now } = state;
  const sessionId = crypto.randomUUID();
  store.forgetSessions(now() - behaviour.sessionForgottenAfterMs);
  store.saveSession(sessionId, {
    accountId: id,
    side,
    expiresMs: now() + behaviour.sessionLifetimeMs,
  });
  return sessionId;
}

/** Kind of id that a login gives. */
export type Gives = 'accountId' | 'sessionId';

/** Logs in: gives an id, throws a `Refusal`, or gives the all-zero id if the service refuses by that. */
export async function logIn(
  state: ServiceState,
  side: Side,
  claimed: string,
  find: Find,
  password: string,
  gives: Gives,
): Promise<string> {
  try {
    // By name and by id it is the same account, and stands in the same queue.
    const key = find()?.id ?? claimed.toLowerCase();
    const account = await state.logins.run(key, () => authenticate(state, side, find, password));
    return gives === 'accountId' ? account.id : startSession(state, account);
  } catch (error) {
    // A lock is told as such: no zero id on record says that.
    const zero = state.behaviour.refusedLogin === 'zeroId' && error instanceof Refusal;
    if (zero && error.code !== state.behaviour.lockedCode) return ZERO_ID;
    throw error;
  }
}

function loggedInAs(state: ServiceState, side: Side, sessionId: string): StoredAccount {
  const { store, behaviour, now } = state;
  const session = store.session(sessionId);
  const detail = ` [SessionId = ${sessionId}]`;
  // That the sessions of one side are unknown to the other is ours.
  if (session === undefined || session.side !== side) {
    throw new Refusal('SessionIdNotFound', detail);
  }
  if (now() >= session.expiresMs) throw new Refusal(behaviour.expiredSessionCode, detail);
  const account = store.accountById(session.accountId);
  if (account === undefined) throw new Refusal('SessionIdNotFound', detail);
  return account;
}

/** Finds the wearer's account of a session; throws a `Refusal` if there is none. */
export function publisherOf(state: ServiceState, sessionId: string): StoredAccount {
  return loggedInAs(state, 'publisher', sessionId);
}

/** Finds the follower's account of a session; throws a `Refusal` if there is none. */
export function subscriberOf(state: ServiceState, sessionId: string): StoredAccount {
  return loggedInAs(state, 'subscriber', sessionId);
}
