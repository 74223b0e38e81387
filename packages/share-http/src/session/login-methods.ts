import { type InputError, outOfRange } from '@egvkit/protocol';
import { loginPublisherAccountByName, loginSubscriberAccount } from '@egvkit/protocol/share';
import { type LogIn, logInByTwoSteps } from './login.ts';

// Dexcom's own service refuses this for some or all accounts; services that imitate Share may know
// nothing else (share §10.1).
/** Logs in by account name in one call, as until 2020. */
const logInByOneStep: LogIn = async ({ accountName, password, applicationId }, call) => {
  if (accountName === undefined) throw wrongAccount('oneStep', 'an account name');
  const body = { accountName, password, applicationId };
  const sessionId = await call(loginPublisherAccountByName, body);
  return { sessionId, accountId: undefined };
};

/** Logs in to a follower's account, which has an id and no name. */
const logInAsFollower: LogIn = async ({ accountId, password, applicationId }, call) => {
  if (accountId === undefined) throw wrongAccount('follower', 'an account id');
  const body = { accountId, password, applicationId };
  return { sessionId: await call(loginSubscriberAccount, body), accountId };
};

function wrongAccount(method: LoginMethod, allowed: string): InputError<'outOfRange'> {
  const what = `the account to log in with (${method})`;
  return outOfRange(what, 'of another kind', allowed);
}

/** Methods of logging in; none is ever tried in place of another. */
export const LOGIN_METHODS = {
  twoSteps: logInByTwoSteps,
  oneStep: logInByOneStep,
  follower: logInAsFollower,
} as const;

/**
 * Method of logging in: `twoSteps` as today · `oneStep` as until 2020, for services that imitate
 * Share · `follower` for a follower's account instead of the wearer's.
 */
export type LoginMethod = keyof typeof LOGIN_METHODS;

/** Options of logging in. */
export interface LoginOptions {
  /** `twoSteps` if left out. No other method is ever tried by itself. */
  readonly login?: LoginMethod | undefined;
}
