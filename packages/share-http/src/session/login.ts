import {
  authenticatePublisherAccount,
  type BodyOf,
  type Call,
  loginPublisherAccountById,
} from '@egvkit/protocol/share';

/** Makes a call that logs in: gives an id or throws, and remembers refusals. */
export type LoginCall = <Row extends Call>(row: Row, body: BodyOf<Row>) => Promise<string>;

/** Credentials of one login: a name, an id, or both once the id is known. */
export interface Credentials {
  readonly accountName?: string | undefined;
  /** Given, or from an earlier login. */
  readonly accountId: string | undefined;
  readonly password: string;
  readonly applicationId: string;
}

/** Result of a login. */
export interface LoggedIn {
  readonly sessionId: string;
  readonly accountId: string | undefined;
}

/** Logs in by one method: certain calls in a certain order. */
export type LogIn = (credentials: Credentials, call: LoginCall) => Promise<LoggedIn>;

/** Logs in by account name to account id, and by account id to session. */
export const logInByTwoSteps: LogIn = async (credentials, call) => {
  const { accountName = '', password, applicationId } = credentials;
  const accountId =
    credentials.accountId ??
    (await call(authenticatePublisherAccount, { accountName, password, applicationId }));
  const body = { accountId, password, applicationId };
  return { sessionId: await call(loginPublisherAccountById, body), accountId };
};
