import { ShareError } from '@egvkit/protocol';
import {
  type Decoded,
  ENDPOINTS,
  type EndpointName,
  type EndpointReply,
  excerpt,
  type FaultVerdict,
  judgeFault,
  parseFault,
} from '@egvkit/protocol/share';
import type { HttpAnswer } from './http.ts';

/** What an answer is judged with: where it came from, and what must not be shown of it. */
export interface AnswerContext {
  readonly endpoint: EndpointName;
  readonly host: string;
  readonly secrets: readonly string[];
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

/** The wait a service asks for; only the form in seconds, at most a day. */
function retryAfterMs(header: string | null): number {
  const seconds = header !== null && /^\d{1,9}$/.test(header) ? Number(header) : undefined;
  return seconds === undefined ? DEFAULT_RETRY_AFTER_MS : Math.min(seconds, 86_400) * 1000;
}

function refusalError(
  context: AnswerContext,
  verdict: FaultVerdict,
  code: string,
  message: string,
) {
  const { endpoint, host, secrets } = context;
  const faultCode = excerpt(code, secrets, 64);
  const said = {
    endpoint,
    faultCode,
    faultMessage: excerpt(message, secrets),
    advice: verdict.tell,
  };
  switch (verdict.error) {
    case 'credentialsRefused':
      return new ShareError('credentialsRefused', { host, faultCode });
    case 'sessionRejected':
      return new ShareError('sessionRejected', { host, endpoint, faultCode });
    case 'receiverNotAssigned':
      return new ShareError('receiverNotAssigned', { status: faultCode });
    case 'monitoringInactive':
      return new ShareError('monitoringInactive', { endpoint });
    case 'serviceFault':
      return new ShareError('serviceFault', said);
    default:
      return new ShareError('refused', said);
  }
}

/** HTTP 401 has only ever been assumed (spec/share §3.5); it can only mean the session. */
const UNAUTHORIZED: FaultVerdict = {
  known: undefined,
  policy: 'relogin',
  error: 'sessionRejected',
  tell: '',
};

function httpError(context: AnswerContext, answer: HttpAnswer): ShareError | undefined {
  const { endpoint, host, secrets } = context;
  const { status } = answer;
  const shown = { endpoint, status, excerpt: excerpt(answer.text, secrets) };
  const outcomeUnknown = ENDPOINTS[endpoint].effect === 'write';
  if (status === 429) {
    const waitMs = retryAfterMs(answer.retryAfter);
    return new ShareError('tooManyRequests', { host, endpoint, retryAfterMs: waitMs });
  }
  if (status >= 500) return new ShareError('unavailable', { host, ...shown, outcomeUnknown });
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
export function interpret<Name extends EndpointName>(
  endpoint: Name,
  host: string,
  secrets: readonly string[],
  answer: HttpAnswer,
): Outcome<EndpointReply<Name>> {
  const context = { endpoint, host, secrets };
  const { reply, effect } = ENDPOINTS[endpoint];
  const fault = parseFault(answer.text);
  if (fault !== undefined) {
    const verdict = judgeFault(fault);
    return {
      refusal: { verdict, error: refusalError(context, verdict, fault.code, fault.message) },
    };
  }
  if (answer.status === 401 && effect !== 'login') {
    const error = refusalError(context, UNAUTHORIZED, 'HTTP 401', '');
    return { refusal: { verdict: UNAUTHORIZED, error } };
  }
  const failure = httpError(context, answer);
  if (failure !== undefined) throw failure;
  const decoded = (
    reply.kind === 'bytes' ? reply.decode(answer.bytes) : reply.decode(answer.text)
  ) as Decoded<EndpointReply<Name>>;
  if (decoded.ok) return { refusal: undefined, value: decoded.value };
  throw new ShareError('badReply', {
    endpoint,
    status: answer.status,
    problem: decoded.problem,
    // What was meant to be an id may be part of one.
    excerpt: reply.secret ? '' : excerpt(answer.text, secrets),
    outcomeUnknown: effect === 'write',
  });
}
