import { ShareError, type SharingError } from '@egvkit/protocol';
import {
  type Call,
  type Decoded,
  excerpt,
  type FaultVerdict,
  parseFault,
  type ReplyOf,
  type Secrets,
  type ShareFault,
  ZERO_ID,
} from '@egvkit/protocol/share';
import type { HttpAnswer } from './http.ts';

/** How refusals are understood: by a program that does everything, or by one that only reads. */
export interface Refusals {
  readonly judge: (fault: ShareFault) => FaultVerdict;
  /** What to tell the user about a fault. */
  readonly advise: (verdict: FaultVerdict) => string;
  /** The error a refusal becomes. Which of the facts its data has is the row's business. */
  readonly error: (code: FaultVerdict['error'], facts: RefusalFacts) => ShareError | SharingError;
}

/** Everything an error may tell about a refusal. */
export interface RefusalFacts {
  readonly host: string;
  readonly endpoint: string;
  readonly status: string;
  readonly faultCode: string;
  readonly faultMessage: string;
  readonly advice: string;
}

/** What an answer is judged with: where it came from, and what must not be shown of it. */
export interface AnswerContext {
  readonly host: string;
  readonly secrets: Secrets;
  readonly nowMs: number;
  readonly refusals: Refusals;
}

/** A refusal: what follows from it, and the error it becomes if nothing can be done. */
export interface Refusal {
  readonly verdict: FaultVerdict;
  readonly error: ShareError | SharingError;
}

/** An answer that was understood. */
export type Outcome<Value> =
  | { readonly refusal: undefined; readonly value: Value }
  | { readonly refusal: Refusal };

const DEFAULT_RETRY_AFTER_MS = 60_000;
const DAY_MS = 86_400_000;

/**
 * The wait a service asks for, in seconds or until a date; at most a day.
 *
 * @returns undefined if it does not ask for one
 */
function retryAfterMs(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  const ms = Number(header) * 1000 || Date.parse(header) - nowMs;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), DAY_MS);
}

function refuse(
  { method: endpoint, effect }: Call,
  { host, secrets, refusals }: AnswerContext,
  verdict: FaultVerdict,
  code: string,
  message = '',
): { readonly refusal: Refusal } {
  const faultCode = excerpt(code, secrets, 64);
  const faultMessage = excerpt(message, secrets);
  const advice = refusals.advise(verdict);
  const facts = { host, endpoint, status: faultCode, faultCode, faultMessage, advice };
  // When a lock ends is known where the sign-in is made. Refusals of a sign-in that nobody has
  // recorded are not for repeating: they may count towards a lock.
  const { known, error } = verdict;
  const isUnknown = known === undefined && error === 'serviceFault';
  const isFinal = error === 'loginBlocked' || (isUnknown && effect === 'login');
  const becomes = isFinal ? 'refused' : error;
  return { refusal: { verdict, error: refusals.error(becomes, facts) } };
}

/** HTTP 401 has only ever been assumed (spec/share §3.5); it can only mean the session. */
const UNAUTHORIZED: FaultVerdict = {
  known: undefined,
  policy: 'relogin',
  error: 'sessionRejected',
};

/** The all-zero id in place of one is a refusal (spec/share §3.2). */
const NO_ID: FaultVerdict = {
  known: undefined,
  policy: 'stop',
  error: 'credentialsRefused',
};

function httpError(
  { method: endpoint, effect }: Call,
  { host, secrets, nowMs }: AnswerContext,
  { status, text, retryAfter }: HttpAnswer,
): ShareError | undefined {
  if (status >= 200 && status < 300) return undefined;
  const asked = retryAfterMs(retryAfter, nowMs);
  if (status === 429) {
    const data = { host, endpoint, retryAfterMs: asked ?? DEFAULT_RETRY_AFTER_MS };
    return new ShareError('tooManyRequests', data);
  }
  const outcomeUnknown = effect === 'write';
  const shown = { host, endpoint, status, excerpt: excerpt(text, secrets) };
  if (status >= 500) {
    return new ShareError('unavailable', { ...shown, outcomeUnknown, retryAfterMs: asked });
  }
  if (status >= 400) return new ShareError('badRequest', shown);
  const problem = 'it points elsewhere instead of answering';
  return new ShareError('badReply', { ...shown, problem, outcomeUnknown });
}

/**
 * What an answer means. A fault counts whatever its status; a status counts only without one
 * (spec/share §0.1).
 *
 * @throws ShareError `tooManyRequests`, `unavailable`, `badRequest`, `badReply`
 */
export function interpret<Row extends Call>(
  row: Row,
  context: AnswerContext,
  answer: HttpAnswer,
): Outcome<ReplyOf<Row>> {
  const { reply, effect, method } = row as Call;
  const isLogin = effect === 'login';
  const fault = parseFault(answer.text);
  if (fault !== undefined) {
    return refuse(row, context, context.refusals.judge(fault), fault.code, fault.message);
  }
  if (answer.status === 401 && !isLogin) {
    return refuse(row, context, UNAUTHORIZED, 'HTTP 401');
  }
  const failure = httpError(row, context, answer);
  if (failure !== undefined) throw failure;
  const decoded = (
    reply.kind === 'bytes' ? reply.decode(answer.bytes) : reply.decode(answer.text)
  ) as Decoded<ReplyOf<Row>>;
  if (decoded.ok) {
    return isLogin && decoded.value === ZERO_ID
      ? refuse(row, context, NO_ID, 'an empty id')
      : { refusal: undefined, value: decoded.value };
  }
  throw new ShareError('badReply', {
    endpoint: method,
    status: answer.status,
    problem: decoded.problem,
    // What was meant to be an id or a name may be part of one.
    excerpt: reply.secret ? '' : excerpt(answer.text, context.secrets),
    outcomeUnknown: effect === 'write',
  });
}
