import { retryAfterMsOf } from '@egvkit/protocol';
import {
  type Call,
  type Decoded,
  excerpt,
  type FaultError,
  type FaultVerdict,
  parseFault,
  type ReplyOf,
  type Secrets,
  type ShareFault,
  ZERO_ID,
} from '@egvkit/protocol/share';
import type { PublishError } from '../errors/publish-error.ts';
import { ShareError } from '../errors/share-error.ts';
import { badReply, type HttpAnswer } from './exchange.ts';
import { type StatusRow, statusRow } from './status-rows.ts';

/** Interpretation of refusals: of all, or only of those that a reader meets. */
export interface Refusals {
  readonly judge: (fault: ShareFault) => FaultVerdict;
  /** Makes the error of a refusal. */
  readonly error: (code: FaultError, facts: RefusalFacts) => ShareError | PublishError;
  /** Gives the advice to the user about a fault. */
  readonly advise: (verdict: FaultVerdict) => string;
  /** Gives the advice to the user about a refused password, without showing it. */
  readonly adviseOnLogin: (password: string) => string;
}

/** Facts about a refusal; each row of the errors uses some of them. */
export interface RefusalFacts {
  readonly host: string;
  readonly endpoint: string;
  readonly status: string;
  readonly faultCode: string;
  readonly faultMessage: string;
  readonly advice: string;
  /** End of a lock that the service has put on now. */
  readonly untilMs: number;
}

/** Context of an answer: its service, and the secrets that must not be shown. */
export interface AnswerContext {
  readonly host: string;
  readonly secrets: Secrets;
  readonly nowMs: number;
  /** End of a lock that the service puts on now. */
  readonly untilMs: number;
  readonly refusals: Refusals;
  /** Advice to the user if name and password are refused. */
  readonly loginAdvice: string;
}

/** A refusal: its verdict, and the error it becomes if nothing can be done. */
export interface Refusal {
  readonly verdict: FaultVerdict;
  readonly error: ShareError | PublishError;
}

/** Interpreted answer. */
export type Outcome<Value> =
  | { readonly refusal: undefined; readonly value: Value }
  | { readonly refusal: Refusal };

/** Refuses by a fault, or by an answer that is as good as one; `ours` stands for the missing code. */
function refuse(
  { method: endpoint, effect }: Call,
  { host, secrets, refusals, untilMs, loginAdvice }: AnswerContext,
  fault: ShareFault,
  ours?: string,
): { readonly refusal: Refusal } {
  const verdict = refusals.judge(fault);
  // The answer to a login may repeat the password, in whatever spelling: only known words are shown.
  const isLogin = effect === 'login';
  const code = isLogin ? (verdict.known ?? 'an unknown code') : fault.code;
  const faultCode = ours ?? excerpt(code, secrets, 64);
  const faultMessage = isLogin ? '' : excerpt(fault.message, secrets);
  const isCredentials = verdict.error === 'credentialsRefused';
  const advice = isCredentials ? loginAdvice : refusals.advise(verdict);
  const facts: RefusalFacts = {
    host,
    endpoint,
    status: faultCode,
    untilMs,
    faultCode,
    faultMessage,
    advice,
  };
  // Unknown refusals of a login are not for retrying: they may count.
  const isFinal = isLogin && verdict.known === undefined;
  const error = refusals.error(isFinal ? 'refused' : verdict.error, facts);
  return { refusal: { verdict, error } };
}

// A session that is refused by HTTP 401 (share §3.5).
const ENDED: ShareFault = { code: 'SessionNotValid', message: '' };

// The all-zero id in place of one is a refusal (share §3.2).
const NO_ID: ShareFault = { code: 'AccountPasswordInvalid', message: '' };

/** Refuses an answer by the row of its HTTP status. */
function refuseStatus(
  row: Call,
  { host, secrets, nowMs }: AnswerContext,
  { status, text, headers }: HttpAnswer,
  { error, retryAfterMs = 0 }: StatusRow,
): never {
  const { method: endpoint, effect } = row;
  const said = { host, endpoint, status };
  const asked = retryAfterMsOf(headers.get('retry-after'), nowMs);
  if (error === 'tooManyRequests' || error === 'blockedByFirewall') {
    throw new ShareError<typeof error>(error, { ...said, retryAfterMs: asked ?? retryAfterMs });
  }
  // The answer to a login may repeat the password, in whatever spelling.
  const shown = effect === 'login' ? '' : excerpt(text, secrets);
  if (error === 'badReply') throw badReply(row, status, 'it is a redirect', shown);
  const data = { ...said, excerpt: shown };
  if (error !== 'unavailable') throw new ShareError('badRequest', data);
  const outcomeUnknown = effect === 'write';
  throw new ShareError('unavailable', { ...data, outcomeUnknown, retryAfterMs: asked });
}

/**
 * Interprets an answer. A fault counts whatever its status; a status counts only without one.
 *
 * @throws ShareError `tooManyRequests`, `blockedByFirewall`, `unavailable`, `badRequest`, `badReply`
 */
export function interpret<Row extends Call>(
  row: Row,
  context: AnswerContext,
  answer: HttpAnswer,
): Outcome<ReplyOf<Row>> {
  const { reply, effect } = row as Call;
  const isLogin = effect === 'login';
  const fault = parseFault(answer.text);
  if (fault !== undefined) return refuse(row, context, fault);
  const status = statusRow(answer.status, answer.text);
  if (status?.error === 'sessionRejected' && !isLogin) {
    return refuse(row, context, ENDED, `HTTP ${answer.status}`);
  }
  if (status !== undefined) refuseStatus(row, context, answer, status);
  const decoded = (
    reply.kind === 'bytes' ? reply.decode(answer.bytes) : reply.decode(answer.text)
  ) as Decoded<ReplyOf<Row>>;
  if (decoded.ok) {
    return isLogin && decoded.value === ZERO_ID
      ? refuse(row, context, NO_ID, 'the all-zero id')
      : { refusal: undefined, value: decoded.value };
  }
  // A damaged id or name may still be most of one.
  const shown = reply.secret ? '' : excerpt(answer.text, context.secrets);
  throw badReply(row, answer.status, decoded.problem, shown);
}
