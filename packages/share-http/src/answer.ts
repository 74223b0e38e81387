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
  /** When a lock ends: unknown here, so now. */
  readonly untilMs: number;
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
  // Platforms make a date of any text that ends in a number.
  const ms =
    Number(header) * 1000 || (/GMT$/.test(header) ? Date.parse(header) - nowMs : Number.NaN);
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), DAY_MS);
}

/** A refusal, by a fault or by what is as good as one; `shownCode` is what really came. */
function refuse(
  { method: endpoint, effect }: Call,
  { host, secrets, refusals, nowMs }: AnswerContext,
  fault: ShareFault,
  shownCode = fault.code,
): { readonly refusal: Refusal } {
  const verdict = refusals.judge(fault);
  const faultCode = excerpt(shownCode, secrets, 64);
  const faultMessage = excerpt(fault.message, secrets);
  const said = { faultCode, faultMessage, advice: refusals.advise(verdict) };
  const facts = { host, endpoint, status: faultCode, untilMs: nowMs, ...said };
  // Refusals of a sign-in that nobody has recorded are not for repeating: they may count.
  const isFinal = verdict.known === undefined && effect === 'login';
  const error = refusals.error(isFinal ? 'refused' : verdict.error, facts);
  return { refusal: { verdict, error } };
}

/** HTTP 401 has only ever been assumed (spec/share §3.5); it can only mean the session. */
const ENDED: ShareFault = { code: 'SessionNotValid', message: '' };

/** The all-zero id in place of one is a refusal (spec/share §3.2). */
const NO_ID: ShareFault = { code: 'AccountPasswordInvalid', message: '' };

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
  // What answers a sign-in may repeat the password, in whatever spelling.
  const shown = {
    host,
    endpoint,
    status,
    excerpt: effect === 'login' ? '' : excerpt(text, secrets),
  };
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
  if (fault !== undefined) return refuse(row, context, fault);
  if (answer.status === 401 && !isLogin) return refuse(row, context, ENDED, 'HTTP 401');
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
