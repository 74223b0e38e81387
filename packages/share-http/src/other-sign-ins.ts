import { InputError } from '@egvkit/protocol';
import { ENDPOINTS } from '@egvkit/protocol/share';
import { type SignIn, signInByTwoSteps } from './sign-in.ts';

/**
 * Account name to session in one call, as until 2020. Dexcom's own service answers it with a
 * refusal for some or all accounts; services that imitate Share may know nothing else (§10.1 #2).
 */
const signInByOneStep: SignIn = async ({ accountName, password, applicationId }, call) => {
  if (accountName === undefined) throw wrongAccount('oneStep', 'an account name');
  const body = { accountName, password, applicationId };
  const sessionId = await call(ENDPOINTS.LoginPublisherAccountByName, body);
  return { sessionId, accountId: undefined };
};

/** A follower's account, which has an id and no name. */
const signInAsFollower: SignIn = async ({ accountId, password, applicationId }, call) => {
  if (accountId === undefined) throw wrongAccount('follower', 'an account id');
  const body = { accountId, password, applicationId };
  return { sessionId: await call(ENDPOINTS.LoginSubscriberAccount, body), accountId };
};

function wrongAccount(way: SignInWay, allowed: string): InputError<'outOfRange'> {
  const what = `the account to sign in with (${way})`;
  return new InputError('outOfRange', { what, value: 'of another kind', allowed });
}

/** The ways of signing in; none is ever tried in place of another. */
export const SIGN_INS = {
  twoSteps: signInByTwoSteps,
  oneStep: signInByOneStep,
  follower: signInAsFollower,
} as const;

/**
 * `twoSteps` today's · `oneStep` until 2020, for services that imitate Share · `follower` a
 * follower's account instead of the wearer's.
 */
export type SignInWay = keyof typeof SIGN_INS;

/** How a client signs in; what is left out is as today. */
export interface SignInOptions {
  /** `twoSteps` if left out. No other way is ever tried by itself. */
  readonly signIn?: SignInWay | undefined;
}
