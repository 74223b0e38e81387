import { outOfRange } from '../errors/input.ts';
import { type BodyOf, type Call, pathOf, type QueryOf } from './endpoint.ts';
import { ENDPOINTS, type EndpointName } from './endpoints.ts';
import type { Decoded } from './replies.ts';
import { fieldsOf, type ObjectSchema, problemOf, type Schema } from './schema.ts';
import { count } from './wire.ts';

/** A call ready to be sent, or as it arrived. */
export interface EncodedRequest {
  readonly http: 'GET' | 'POST';
  /** Path and query, from the root of the host. Holds the session id: never log it. */
  readonly path: string;
  /** JSON; undefined if the call has no body. */
  readonly body: string | undefined;
}

/** The query and the body of one call. */
export interface CallData<Row extends Pick<Call, 'query' | 'body'>> {
  readonly query: QueryOf<Row>;
  readonly body: BodyOf<Row>;
}

/** The query and the body of the call of that name. */
export type RequestData<Name extends EndpointName> = CallData<(typeof ENDPOINTS)[Name]>;

function checked(what: string, schema: Schema, value: unknown): void {
  const problem = problemOf(schema, value);
  if (problem === undefined) return;
  throw outOfRange(what, 'not usable', `as the service takes it: ${problem}`);
}

/**
 * Encodes a call for the wire: parameters percent-encoded into the query (`+` as `%2B`), the body
 * as JSON.
 *
 * @throws InputError `outOfRange` for values that the row does not allow; the error shows none of
 *   them
 */
export function encodeCall<Row extends Call>(row: Row, data: CallData<Row>): EncodedRequest {
  checked(`the query of ${row.method}`, row.query, data.query);
  if (row.body !== undefined) checked(`the body of ${row.method}`, row.body, data.body);
  const pairs = Object.keys(fieldsOf(row.query)).map((key) => {
    const value = (data.query as Record<string, string | number>)[key];
    return `${key}=${encodeURIComponent(String(value))}`;
  });
  const search = pairs.length > 0 ? `?${pairs.join('&')}` : '';
  return {
    http: row.http,
    path: pathOf(row) + search,
    body: row.body === undefined ? undefined : JSON.stringify(data.body),
  };
}

/** Encodes a call by name; see {@link encodeCall}. */
export function encodeRequest<Name extends EndpointName>(
  name: Name,
  data: RequestData<Name>,
): EncodedRequest {
  return encodeCall<(typeof ENDPOINTS)[Name]>(ENDPOINTS[name], data);
}

/** Picks a row's parameters whatever their case: `sessionId` and `sessionID` are both in use. */
function pick(schema: ObjectSchema, given: Iterable<readonly [string, unknown]>): unknown {
  const fields = fieldsOf(schema);
  const names = new Map(Object.keys(fields).map((name) => [name.toLowerCase(), name]));
  const picked: Record<string, unknown> = {};
  for (const [name, value] of given) {
    const known = names.get(name.toLowerCase());
    if (known === undefined) continue;
    const isNumber = fields[known] === count && /^\d{1,9}$/.test(String(value));
    picked[known] = isNumber ? Number(value) : value;
  }
  return picked;
}

/**
 * Decodes the parameters of a call that arrived. They may stand in the query or, for calls without a
 * body of their own, in a JSON body; the query wins.
 */
export function decodeRequest<Name extends EndpointName>(
  name: Name,
  search: Iterable<readonly [string, string]>,
  body: unknown,
): Decoded<RequestData<Name>> {
  const row: Call = ENDPOINTS[name];
  const inBody = row.body === undefined && typeof body === 'object' && body !== null ? body : {};
  const query = pick(row.query, [...Object.entries(inBody), ...search]);
  const problem = problemOf(row.query, query) ?? (row.body && problemOf(row.body, body));
  if (problem !== undefined) return { ok: false, problem };
  const content = row.body === undefined ? undefined : body;
  return { ok: true, value: { query, body: content } as RequestData<Name> };
}
