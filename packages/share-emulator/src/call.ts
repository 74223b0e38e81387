import {
  decodeRequest,
  ENDPOINTS,
  type EndpointName,
  type EndpointReply,
  encodeReply,
  fieldsOf,
  isId,
  type RequestData,
  ZERO_ID,
} from '@egvkit/protocol/share';
import { type Answer, image, json, jsonBytes, plain, xml } from './answer.ts';
import { HANDLERS } from './handlers.ts';
import type { ServiceBehaviour } from './options.ts';
import { readyJson } from './reading-cache.ts';
import { Refusal, refusalBody } from './refusal.ts';
import type { Handlers, ServiceState } from './state.ts';
import { XML_ANSWERS } from './xml.ts';

/** A request that has arrived whole and is not decoded yet. */
export interface ArrivedCall {
  /** The part behind `?`, with or without it. */
  readonly search: string;
  /** The `Accept` header; '' if there is none. */
  readonly accept: string;
  readonly body: string;
}

function parseBody(text: string): unknown {
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Drops the parts of a call that the options ignore. */
function looked(name: EndpointName, { search, body }: ArrivedCall, behaviour: ServiceBehaviour) {
  const row = ENDPOINTS[name];
  const parameters = [...new URLSearchParams(search)];
  const parsed = parseBody(body);
  // For calls with a body of their own the body is not a place for parameters anyway.
  const fromBody = row.body !== undefined || behaviour.parametersFrom === 'queryOrBody';
  const content = fromBody ? parsed : undefined;
  if (behaviour.parameterCase === 'any') return { parameters, content };
  const isExact = ([key]: readonly [string, unknown]) => Object.hasOwn(fieldsOf(row.query), key);
  const bodyIsParameters =
    row.body === undefined && typeof content === 'object' && content !== null;
  return {
    parameters: parameters.filter(isExact),
    content: bodyIsParameters
      ? Object.fromEntries(Object.entries(content).filter(isExact))
      : content,
  };
}

/** Makes the answer that refuses a call. */
export function refused({ behaviour, now }: ServiceState, refusal: Refusal): Answer {
  return json(500, refusalBody(refusal, behaviour.subCodes, now()));
}

/** Encodes a value by the row that the client decodes it with. */
function worded<Name extends EndpointName>(
  { behaviour }: ServiceState,
  name: Name,
  value: EndpointReply<Name>,
  accept: string,
): Answer {
  const { reply } = ENDPOINTS[name];
  if (reply.kind === 'bytes') return image(value as Uint8Array);
  const inXml = XML_ANSWERS[name] as ((value: EndpointReply<Name>) => string) | undefined;
  if (behaviour.xmlWithoutAccept && inXml !== undefined && !/\bjson\b/i.test(accept)) {
    return xml(inXml(value));
  }
  const bare = reply.kind === 'word' && behaviour.words === 'bare';
  if (bare) return plain(200, String(value));
  const ready = Array.isArray(value) ? readyJson(value) : undefined;
  return ready === undefined ? json(200, encodeReply<unknown>(reply, value)) : jsonBytes(ready);
}

const isFilled = (value: unknown): boolean => typeof value === 'string' && value !== '';

/** Names the argument of a login that is empty or malformed, as readers look for it. */
function badArgument(content: unknown): string {
  const given = (typeof content === 'object' ? content : null) ?? {};
  const { accountName, accountId, password } = given as Readonly<Record<string, unknown>>;
  if ('accountName' in given && !isFilled(accountName)) return 'accountName';
  if ('accountId' in given && !isId(accountId)) return 'UUID (accountId)';
  if (!('accountName' in given) && !('accountId' in given)) return 'accountName or UUID';
  return isFilled(password) ? 'UUID (applicationId)' : 'password';
}

/** Carries a call out: gives the answer, a refusal, or 400 for a call that cannot be read. */
export async function carryOut<Name extends EndpointName>(
  state: ServiceState,
  name: Name,
  call: ArrivedCall,
): Promise<Answer> {
  const { parameters, content } = looked(name, call, state.behaviour);
  // Answered so in 2021; that the status is 403 is ours (share, Appendix C).
  if (parameters.some(([key, value]) => key.toLowerCase() === 'sessionid' && value === '')) {
    return plain(403, 'Forbidden');
  }
  const data = decodeRequest(name, parameters, content);
  const isLogin = ENDPOINTS[name].effect === 'login';
  if (!data.ok || (isLogin && badArgument(content) !== 'UUID (applicationId)')) {
    // A malformed login is refused by code, anything else without one (share §3.5).
    return isLogin
      ? refused(state, new Refusal('InvalidArgument', badArgument(content)))
      : plain(400, 'Bad Request');
  }
  const { sessionId } = data.value.query as { sessionId?: string };
  if (name === 'ReadPublisherLatestGlucoseValues' && sessionId === ZERO_ID) return plain(200, '');
  try {
    const handle = HANDLERS[name] as unknown as Handlers[Name];
    const value = await handle(state, data.value as RequestData<Name>);
    return worded(state, name, value as EndpointReply<Name>, call.accept);
  } catch (error) {
    if (error instanceof Refusal) return refused(state, error);
    throw error;
  }
}

/** Finds the session id in a call; undefined for a call without one. */
export function sessionOf({ search, body }: ArrivedCall): string | undefined {
  return /\bsessionid["']?\s*[=:]\s*["']?([0-9a-f-]{36})/i.exec(`${search}\n${body}`)?.[1];
}
