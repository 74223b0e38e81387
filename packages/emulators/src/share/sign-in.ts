import { type FaultCode, ZERO_ID } from '@egvkit/protocol/share';
import { Refusal } from './refusal.ts';
import type { ServiceState } from './state.ts';
import type { Side, StoredAccount } from './store.ts';

/** How an account is looked up: by name or by id. */
type Find = () => StoredAccount | undefined;

/** What is said of a wrong name or a wrong password: the same, or since 2018 and until 2021 not. */
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
  if (claimed === undefined || claimed.side !== side) throw refusalOf(state, 'account');
  if (now() < claimed.lockedUntilMs) throw new Refusal(behaviour.lockedCode);
  const right = await passwords.matches(password, claimed.passwordHash);
  const account = store.accountById(claimed.id) ?? claimed; // others may have signed in meanwhile
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

/** What to give who has signed in. */
export type Gives = 'accountId' | 'sessionId';

/** Signs in: an id, a `Refusal`, or the all-zero id where the service says no with that. */
export async function signIn(
  state: ServiceState,
  side: Side,
  find: Find,
  password: string,
  gives: Gives,
): Promise<string> {
  try {
    const account = await authenticate(state, side, find, password);
    return gives === 'accountId' ? account.id : startSession(state, account);
  } catch (error) {
    // A lock is told as such: no zero id on record says that.
    const zero = state.behaviour.refusedLogin === 'zeroId' && error instanceof Refusal;
    if (zero && error.code !== state.behaviour.lockedCode) return ZERO_ID;
    throw error;
  }
}

function signedInAs(state: ServiceState, side: Side, sessionId: string): StoredAccount {
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

/** The wearer's account a session belongs to, or a `Refusal`. */
export function publisherOf(state: ServiceState, sessionId: string): StoredAccount {
  return signedInAs(state, 'publisher', sessionId);
}

/** The follower's account a session belongs to, or a `Refusal`. */
export function subscriberOf(state: ServiceState, sessionId: string): StoredAccount {
  return signedInAs(state, 'subscriber', sessionId);
}
