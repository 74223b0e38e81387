import {
  authenticatePublisherAccount,
  type BodyOf,
  type Call,
  loginPublisherAccountById,
} from '@egvkit/protocol/share';

/** A call that signs in: gives an id or throws, and remembers refusals. */
export type LoginCall = <Row extends Call>(row: Row, body: BodyOf<Row>) => Promise<string>;

/** What there is to sign in with: a name, an id, or both once the id is known. */
export interface Credentials {
  readonly accountName?: string | undefined;
  /** Given, or from an earlier sign-in. */
  readonly accountId: string | undefined;
  readonly password: string;
  readonly applicationId: string;
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
  const { accountName = '', password, applicationId } = credentials;
  const accountId =
    credentials.accountId ??
    (await call(authenticatePublisherAccount, { accountName, password, applicationId }));
  const body = { accountId, password, applicationId };
  return { sessionId: await call(loginPublisherAccountById, body), accountId };
};
