import * as z from 'zod/mini';
import type { Evidence } from '../evidence.ts';
import * as replies from './replies.ts';
import * as wire from './wire.ts';

/** One call of the service, and everything that is known about it. */
export interface Endpoint<
  Query extends z.ZodMiniObject = z.ZodMiniObject,
  Body extends z.ZodMiniType | undefined = z.ZodMiniType | undefined,
  Answer = unknown,
> {
  readonly area: 'General' | 'Publisher' | 'Subscriber';
  readonly method: string;
  readonly http: 'GET' | 'POST';
  /** Whether it changes something, signs in, or can be repeated at will. */
  readonly effect: 'read' | 'write' | 'login';
  /** Sent in the query; the service takes the same from a JSON body (spec/share §1.5). */
  readonly query: Query;
  /** The JSON body; undefined if there is none. */
  readonly body: Body;
  readonly reply: replies.Reply<Answer>;
  /** Fields of query and body that no log or error may show. */
  readonly secrets: readonly string[];
  readonly doc: string;
  readonly evidence: Evidence;
  readonly source: string;
}

function endpoint<Query extends z.ZodMiniObject, Body extends z.ZodMiniType | undefined, Answer>(
  row: Endpoint<Query, Body, Answer>,
): Endpoint<Query, Body, Answer> {
  return row;
}

const nothing = z.object({});
const session = z.object({ sessionId: wire.id });
const sessionAndReceiver = z.object({
  sessionId: wire.id,
  serialNumber: z.string().check(z.minLength(1)),
});

/** The service's calls, by method name. */
export const ENDPOINTS = {
  SystemUtcTime: endpoint({
    area: 'General',
    method: 'SystemUtcTime',
    http: 'GET',
    effect: 'read',
    query: nothing,
    body: undefined,
    reply: replies.json(wire.zonedDate),
    secrets: [],
    doc: "The service's clock. No sign-in needed. Whether it is still served is unknown.",
    evidence: 'one source',
    source: 'spec/share §2.1, §5.2',
  }),
  AuthenticatePublisherAccount: endpoint({
    area: 'General',
    method: 'AuthenticatePublisherAccount',
    http: 'POST',
    effect: 'login',
    query: nothing,
    body: wire.loginByName,
    reply: replies.id,
    secrets: ['accountName', 'password'],
    doc: 'Account name and password to account id: the first step of signing in.',
    evidence: 'captured',
    source: 'spec/share §2.1, §3.1',
  }),
  LoginPublisherAccountById: endpoint({
    area: 'General',
    method: 'LoginPublisherAccountById',
    http: 'POST',
    effect: 'login',
    query: nothing,
    body: wire.loginById,
    reply: replies.id,
    secrets: ['accountId', 'password'],
    doc: 'Account id and password to session id, good for about a day: the second step.',
    evidence: 'captured',
    source: 'spec/share §2.2, §3.1, §3.3',
  }),
  CheckMonitoredReceiverAssignmentStatus: endpoint({
    area: 'Publisher',
    method: 'CheckMonitoredReceiverAssignmentStatus',
    http: 'POST',
    effect: 'read',
    query: sessionAndReceiver,
    body: undefined,
    reply: replies.word,
    secrets: ['sessionId'],
    doc: '`AssignedToYou`, `NotAssigned` or a word nobody has recorded, which is not yours either.',
    evidence: 'several sources',
    source: 'spec/share §2.1',
  }),
  ReplacePublisherAccountMonitoredReceiver: endpoint({
    area: 'Publisher',
    method: 'ReplacePublisherAccountMonitoredReceiver',
    http: 'POST',
    effect: 'write',
    query: sessionAndReceiver,
    body: undefined,
    reply: replies.empty,
    secrets: ['sessionId'],
    doc: 'Makes this receiver the one the account takes readings from, in place of the one before. HTTP 500 if it already is.',
    evidence: 'several sources',
    source: 'spec/share §2.1',
  }),
  IsRemoteMonitoringSessionActive: endpoint({
    area: 'Publisher',
    method: 'IsRemoteMonitoringSessionActive',
    http: 'POST',
    effect: 'read',
    query: session,
    body: undefined,
    reply: replies.boolean,
    secrets: ['sessionId'],
    doc: 'Whether the account is sharing.',
    evidence: 'several sources',
    source: 'spec/share §2.1',
  }),
  StartRemoteMonitoringSession: endpoint({
    area: 'Publisher',
    method: 'StartRemoteMonitoringSession',
    http: 'POST',
    effect: 'write',
    query: sessionAndReceiver,
    body: undefined,
    reply: replies.empty,
    secrets: ['sessionId'],
    doc: 'Starts sharing: followers see it, and readings are taken. Refused while one is running.',
    evidence: 'several sources',
    source: 'spec/share §2.1',
  }),
  PostReceiverEgvRecords: endpoint({
    area: 'Publisher',
    method: 'PostReceiverEgvRecords',
    http: 'POST',
    effect: 'write',
    query: session,
    body: wire.egvUpload,
    reply: replies.empty,
    secrets: ['sessionId'],
    doc: 'Uploads readings of the assigned receiver; 50 at once are presumably fine.',
    evidence: 'several sources',
    source: 'spec/share §2.1, §4.1, §4.6',
  }),
  ReadPublisherLatestGlucoseValues: endpoint({
    area: 'Publisher',
    method: 'ReadPublisherLatestGlucoseValues',
    http: 'POST',
    effect: 'read',
    query: z.object({ sessionId: wire.id, minutes: wire.count, maxCount: wire.count }),
    body: undefined,
    reply: replies.json(wire.glucoseRecords),
    secrets: ['sessionId'],
    doc: 'The newest readings first, at most `maxCount` (1 … 288) of the last `minutes` (1 … 1440); 0 gives none.',
    evidence: 'captured',
    source: 'spec/share §2.1, §4.8',
  }),
} as const;

type Table = typeof ENDPOINTS;

/** The name of a call, as in its path. */
export type EndpointName = keyof Table;

/** What goes into a call's query. */
export type EndpointQuery<Name extends EndpointName> = z.output<Table[Name]['query']>;

/** What goes into a call's body; undefined for calls without one. */
export type EndpointBody<Name extends EndpointName> = Table[Name]['body'] extends z.ZodMiniType
  ? z.output<Table[Name]['body']>
  : undefined;

/** What a call gives. */
export type EndpointReply<Name extends EndpointName> =
  Table[Name]['reply'] extends replies.Reply<infer Answer> ? Answer : never;

/** Where every call lives on the host. */
export const SERVICE_PATH = '/ShareWebServices/Services';

/** The path of a call, from the root of the host. */
export function endpointPath(name: EndpointName): string {
  const { area, method } = ENDPOINTS[name];
  return `${SERVICE_PATH}/${area}/${method}`;
}

const NAME_BY_PATH: ReadonlyMap<string, EndpointName> = new Map(
  (Object.keys(ENDPOINTS) as EndpointName[]).map((name) => [endpointPath(name), name]),
);

/** The call at a path; undefined if there is none. Case matters: that it need not is unproven (§1.2). */
export function endpointAt(path: string): EndpointName | undefined {
  return NAME_BY_PATH.get(path);
}
