import type { Evidence } from '../evidence.ts';
import type { BytesReply, Reply } from './replies.ts';
import type { Infer, ObjectSchema, Schema } from './schema.ts';
import type { SecretField } from './secrets.ts';

/**
 * One call of the service, as it is made. Each is a constant of its own, made without a call that
 * could have effects, so that a bundle carries the calls a program makes and no others.
 */
export interface Call<
  Name extends string = string,
  Query extends ObjectSchema = ObjectSchema,
  Body extends Schema | undefined = Schema | undefined,
  Answer extends Reply<unknown> | BytesReply = Reply<unknown> | BytesReply,
> {
  readonly area: 'General' | 'Publisher' | 'Subscriber';
  readonly method: Name;
  readonly http: 'GET' | 'POST';
  /** `write` changes something, `login` logs in, `read` can be repeated at will. */
  readonly effect: 'read' | 'write' | 'login';
  /** Sent in the query; the service takes the same from a JSON body. */
  readonly query: Query;
  /** The JSON body; undefined if there is none. */
  readonly body: Body;
  readonly reply: Answer;
}

/**
 * Further facts about a call, for people and for logs. Apart from the calls themselves, so that
 * a program that makes them does not carry it along.
 */
export interface About {
  /** Fields of query and body that no log or error may show. */
  readonly secrets: readonly SecretField[];
  readonly doc: string;
  readonly evidence: Evidence;
  readonly source: string;
}

/** A row of `ENDPOINTS`: a call and all facts about it. */
export type Endpoint = Call & About;

/** The query of a call. */
export type QueryOf<Row extends { readonly query: ObjectSchema }> = Infer<Row['query']>;

/** The body of a call; undefined for calls without one. */
export type BodyOf<Row extends { readonly body: Schema | undefined }> = Row['body'] extends Schema
  ? Infer<Row['body']>
  : undefined;

/** The answer of a call. */
export type ReplyOf<Row> = Row extends { readonly reply: Reply<infer Answer> }
  ? Answer
  : Row extends { readonly reply: BytesReply }
    ? Uint8Array
    : never;

/** Path that every call is below. */
export const SERVICE_PATH = '/ShareWebServices/Services';

/** Gives the path of a row, from the root of the host. */
export function pathOf({ area, method }: Pick<Call, 'area' | 'method'>): string {
  return `${SERVICE_PATH}/${area}/${method}`;
}
