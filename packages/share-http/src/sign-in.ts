import {
  authenticatePublisherAccount,
  type BodyOf,
  type Call,
  loginPublisherAccountById,
} from '@egvkit/protocol/share';
import type { ShareAccount } from './options.ts';

/** A call that signs in: gives an id or throws, and remembers refusals. */
export type LoginCall = <Row extends Call>(row: Row, body: BodyOf<Row>) => Promise<string>;

/** What there is to sign in with. */
export interface Credentials {
  readonly account: ShareAccount;
  readonly password: string;
  readonly applicationId: string;
  /** From an earlier sign-in. */
  readonly accountId: string | undefined;
}

/** What came of signing in. */
export interface SignedIn {
  readonly sessionId: string;
  readonly accountId: string | undefined;
}

/** One way of signing in: which calls, in which order. */
export type SignIn = (credentials: Credentials, call: LoginCall) => Promise<SignedIn>;

/** Account name to account id, account id to session: as today (spec/share §3.1). */
export const signInByTwoSteps: SignIn = async (credentials, call) => {
  const { account, password, applicationId } = credentials;
  const { accountName } = account;
  const accountId =
    accountName === undefined
      ? account.accountId
      : (credentials.accountId ??
        (await call(authenticatePublisherAccount, { accountName, password, applicationId })));
  const body = { accountId, password, applicationId };
  return { sessionId: await call(loginPublisherAccountById, body), accountId };
};
