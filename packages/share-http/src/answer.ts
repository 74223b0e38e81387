import { ShareError } from '@egvkit/protocol';
import {
  type Call,
  type Decoded,
  excerpt,
  type FaultVerdict,
  judgeFault,
  parseFault,
  type ReplyOf,
} from '@egvkit/protocol/share';
import type { HttpAnswer } from './http.ts';

/** What an answer is judged with: where it came from, and what must not be shown of it. */
export interface AnswerContext {
  readonly host: string;
  readonly secrets: readonly string[];
  readonly nowMs: number;
  /** What to tell the user about a fault. */
  readonly advise: (verdict: FaultVerdict) => string;
}

/** A refusal: what follows from it, and the error it becomes if nothing can be done. */
export interface Refusal {
  readonly verdict: FaultVerdict;
  readonly error: ShareError;
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
  const text = header.trim();
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), DAY_MS);
}

function refusalError(
  endpoint: string,
  { host, secrets, advise }: AnswerContext,
  verdict: FaultVerdict,
  code: string,
  message: string,
): ShareError {
  const faultCode = excerpt(code, secrets, 64);
  switch (verdict.error) {
    case 'credentialsRefused':
      return new ShareError('credentialsRefused', { host, faultCode });
    case 'sessionRejected':
      return new ShareError('sessionRejected', { host, endpoint, faultCode });
    case 'receiverNotAssigned':
      return new ShareError('receiverNotAssigned', { status: faultCode });
    case 'monitoringInactive':
      return new ShareError('monitoringInactive', { endpoint });
    default: {
      const faultMessage = excerpt(message, secrets);
      const said = { endpoint, faultCode, faultMessage, advice: advise(verdict) };
      return new ShareError(verdict.error === 'serviceFault' ? 'serviceFault' : 'refused', said);
    }
  }
}

/** HTTP 401 has only ever been assumed (spec/share §3.5); it can only mean the session. */
const UNAUTHORIZED: FaultVerdict = {
  known: undefined,
  policy: 'relogin',
  error: 'sessionRejected',
};

function httpError(row: Call, context: AnswerContext, answer: HttpAnswer) {
  const { host, secrets, nowMs } = context;
  const { status } = answer;
  const shown = { endpoint: row.method, status, excerpt: excerpt(answer.text, secrets) };
  const outcomeUnknown = row.effect === 'write';
  const waitMs = retryAfterMs(answer.retryAfter, nowMs);
  if (status === 429) {
    const data = { host, endpoint: row.method, retryAfterMs: waitMs ?? DEFAULT_RETRY_AFTER_MS };
    return new ShareError('tooManyRequests', data);
  }
  if (status >= 500) {
    const asked = waitMs === undefined ? {} : { retryAfterMs: waitMs };
    return new ShareError('unavailable', { host, ...shown, outcomeUnknown, ...asked });
  }
  if (status >= 400) return new ShareError('badRequest', { host, ...shown });
  if (status >= 200 && status < 300) return undefined;
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
  const fault = parseFault(answer.text);
  if (fault !== undefined) {
    const verdict = judgeFault(fault);
    const error = refusalError(method, context, verdict, fault.code, fault.message);
    return { refusal: { verdict, error } };
  }
  if (answer.status === 401 && effect !== 'login') {
    const error = refusalError(method, context, UNAUTHORIZED, 'HTTP 401', '');
    return { refusal: { verdict: UNAUTHORIZED, error } };
  }
  const failure = httpError(row, context, answer);
  if (failure !== undefined) throw failure;
  const decoded = (
    reply.kind === 'bytes' ? reply.decode(answer.bytes) : reply.decode(answer.text)
  ) as Decoded<ReplyOf<Row>>;
  if (decoded.ok) return { refusal: undefined, value: decoded.value };
  throw new ShareError('badReply', {
    endpoint: method,
    status: answer.status,
    problem: decoded.problem,
    // What was meant to be an id or a name may be part of one.
    excerpt: reply.secret ? '' : excerpt(answer.text, context.secrets),
    outcomeUnknown: effect === 'write',
  });
}
