import { deadline } from '@egvkit/platform';
import { type BodyOf, type Call, type CallData, encodeCall } from '@egvkit/protocol/share';
import type { CallOptions } from '../call-options.ts';
import { ShareError } from '../errors/share-error.ts';
import { type AnswerContext, interpret } from '../http/answer.ts';
import { isSurelyUnsent, send, type Wire } from '../http/exchange.ts';
import type { AccountRecord, RecordChange } from './account-record.ts';
import type { ShareAccount } from './credentials.ts';
import { newSalt } from './fingerprint.ts';
import type { LogIn } from './login.ts';
import {
  answered,
  remembered,
  requirePauseAfterUnanswered,
  requireRenewable,
} from './login-guard.ts';
import type { StoredAccount } from './store.ts';

/** Secrets of a session, as far as they are known yet. */
export interface Secrets {
  /** Empty as long as it has not been asked for. */
  password: string;
  sessionId: string | undefined;
  accountId: string | undefined;
}

/** Parts of a login. */
export interface AttemptParts {
  readonly wire: Wire;
  readonly account: ShareAccount;
  readonly record: AccountRecord;
  /** Changed by the login. */
  readonly secrets: Secrets;
  /** The session that this login replaces, because the service has refused it. */
  readonly deadId: string | undefined;
  readonly now: () => number;
  readonly loginTimeoutMs: number;
  readonly logIn: LogIn;
  readonly context: () => AnswerContext;
}

/** Fingerprint of a login, by which it is recognised among the remembered ones. */
interface Mark {
  readonly salt: string;
  readonly hash: string;
}

/** Keeps the consequences of a failure; if the store cannot, its error becomes the cause. */
async function remember(record: AccountRecord, error: Error, change: RecordChange): Promise<void> {
  await record.change(change).catch((cause: unknown) => {
    error.cause = cause;
  });
}

/**
 * Refuses a login that the service has refused before, or may have.
 *
 * @returns the mark that the login is noted with
 */
async function requireNew(parts: AttemptParts, stored: StoredAccount): Promise<Mark> {
  const { host } = parts.wire;
  const nowMs = parts.now();
  const { salt, hashes } = stored.refused ?? { salt: newSalt(), hashes: [] };
  const hash = await parts.record.fingerprint(parts.secrets.password, salt);
  if (hashes.includes(hash)) {
    const advice = parts.context().loginAdvice;
    throw new ShareError('credentialsRefusedBefore', { host, advice });
  }
  requirePauseAfterUnanswered(stored, hash, host, nowMs);
  if (parts.deadId) requireRenewable(stored, host, nowMs);
  return { salt, hash };
}

/** Notes a login before it is sent: without a note it is not sent. */
function note(record: AccountRecord, { salt, hash }: Mark, atMs: number): Promise<void> {
  return record.changeOrUndo(({ refused, ...rest }) => ({
    ...rest,
    refused: refused ?? { salt, hashes: [] },
    unanswered: remembered(rest.unanswered, { hash, atMs }),
  }));
}

/** Makes one call of a login. The consequences of a refusal are kept before it is thrown. */
async function callOf<Row extends Call>(
  { wire, account, secrets, record, ...parts }: AttemptParts,
  row: Row,
  body: BodyOf<Row>,
  { salt, hash }: Mark,
  options: CallOptions,
): Promise<string> {
  const data = { query: {}, body } as unknown as CallData<Row>;
  const answer = await send(wire, row, encodeCall(row, data), options);
  const context = parts.context();
  const outcome = interpret(row, context, answer);
  if (outcome.refusal === undefined) return String(outcome.value);
  const { verdict, error } = outcome.refusal;
  const isLock = verdict.policy === 'lock';
  if (isLock || verdict.policy === 'stop') {
    if (!isLock) secrets.accountId = account.accountId;
    await remember(record, error, (stored) => ({
      ...answered(stored, hash),
      ...(isLock
        ? { lockedUntilMs: context.untilMs }
        : { refused: { salt, hashes: remembered(stored.refused?.hashes, hash) } }),
    }));
  }
  throw error;
}

/**
 * Logs in once: compares the login with earlier ones, notes it before it is sent, and keeps its
 * outcome.
 *
 * @param stored The record of the account.
 * @returns the session id
 * @throws ShareError; the store's errors before anything is sent
 */
export async function attemptLogin(
  parts: AttemptParts,
  stored: StoredAccount,
  { signal }: CallOptions,
): Promise<string> {
  const { wire, now, record, secrets, loginTimeoutMs: afterMs } = parts;
  const mark = await requireNew(parts, stored);
  signal?.throwIfAborted();
  await note(record, mark, now());
  const late = () => new ShareError('loginTimeout', { host: wire.host, afterMs });
  const limit = deadline(wire.sleep, afterMs, signal, late);
  const { password, accountId: knownId } = secrets;
  const { applicationId } = wire;
  try {
    const { sessionId, accountId } = await parts.logIn(
      { ...parts.account, password, applicationId, accountId: knownId },
      (row, body) => callOf(parts, row, body, mark, limit),
    );
    secrets.accountId = accountId;
    // Of use to this program, should the store not take it.
    secrets.sessionId = sessionId;
    await record.change(({ refused }) => ({
      ...(refused?.hashes.length && { refused }),
      ...(parts.deadId && { loggedInAgainMs: now() }),
      sessionId,
    }));
    return sessionId;
  } catch (error) {
    // The one that was not sent is the last: nobody else has logged in meanwhile.
    if (isSurelyUnsent(error)) {
      const { unanswered = [] } = stored;
      await remember(record, error, (current) => ({ ...current, unanswered }));
    }
    throw error;
  } finally {
    limit.clear();
  }
}
