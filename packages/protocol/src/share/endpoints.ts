import * as account from './calls/account.ts';
import * as followers from './calls/followers.ts';
import * as glucose from './calls/glucose.ts';
import * as login from './calls/login.ts';
import * as sharing from './calls/sharing.ts';
import * as subscriber from './calls/subscriber.ts';
import * as upload from './calls/upload.ts';
import { type About, type BodyOf, pathOf, type QueryOf, type ReplyOf } from './endpoint.ts';

const CALLS = {
  SystemUtcTime: account.systemUtcTime,
  LoginPublisherAccountByName: login.loginPublisherAccountByName,
  AuthenticatePublisherAccount: login.authenticatePublisherAccount,
  LoginPublisherAccountById: login.loginPublisherAccountById,
  UpdatePublisherAccountRuntimeInfo: account.updatePublisherAccountRuntimeInfo,
  ReadPublisherAccountEmail: account.readPublisherAccountEmail,
  ReadPublisherAccountImage: account.readPublisherAccountImage,
  CheckMonitoredReceiverAssignmentStatus: sharing.checkMonitoredReceiverAssignmentStatus,
  ReplacePublisherAccountMonitoredReceiver: sharing.replacePublisherAccountMonitoredReceiver,
  IsRemoteMonitoringSessionActive: sharing.isRemoteMonitoringSessionActive,
  StartRemoteMonitoringSession: sharing.startRemoteMonitoringSession,
  StopRemoteMonitoringSession: sharing.stopRemoteMonitoringSession,
  PostReceiverEgvRecords: upload.postReceiverEgvRecords,
  ReadPublisherLatestGlucoseValues: glucose.readPublisherLatestGlucoseValues,
  DoesContactExistByName: followers.doesContactExistByName,
  CreateContact: followers.createContact,
  CreateSubscriptionInvitation: followers.createSubscriptionInvitation,
  ListPublisherAccountSubscriptions: followers.listPublisherAccountSubscriptions,
  DeleteContact: followers.deleteContact,
  ReadContact: followers.readContact,
  UpdateContactName: followers.updateContactName,
  UpdateSubscriptionPermissions: followers.updateSubscriptionPermissions,
  PauseSubscription: followers.pauseSubscription,
  ResumeSubscription: followers.resumeSubscription,
  ReadSubscriptionAlerts: followers.readSubscriptionAlerts,
  LoginSubscriberAccount: subscriber.loginSubscriberAccount,
  ListSubscriberAccountSubscriptions: subscriber.listSubscriberAccountSubscriptions,
  ReadLastGlucoseFromSubscriptions: subscriber.readLastGlucoseFromSubscriptions,
  ReadSubscriptionLatestGlucoseValues: subscriber.readSubscriptionLatestGlucoseValues,
} as const;

type Table = typeof CALLS;

/** The name of a call, as in its path. */
export type EndpointName = keyof Table;

const ABOUT: Readonly<Record<EndpointName, About>> = {
  ...account.about,
  ...followers.about,
  ...glucose.about,
  ...sharing.about,
  ...login.about,
  ...subscriber.about,
  ...upload.about,
};

/** The service's calls, by method name; the rows themselves are in `calls`, by subject. */
export const ENDPOINTS = Object.fromEntries(
  Object.entries(CALLS).map(([name, call]) => [name, { ...call, ...ABOUT[name as EndpointName] }]),
) as unknown as { readonly [Name in EndpointName]: Table[Name] & About };

/** The query of a call. */
export type EndpointQuery<Name extends EndpointName> = QueryOf<Table[Name]>;

/** The body of a call; undefined for calls without one. */
export type EndpointBody<Name extends EndpointName> = BodyOf<Table[Name]>;

/** The answer of a call. */
export type EndpointReply<Name extends EndpointName> = ReplyOf<Table[Name]>;

/** Gives the path of a call, from the root of the host. */
export function endpointPath(name: EndpointName): string {
  return pathOf(ENDPOINTS[name]);
}

const NAME_BY_PATH: ReadonlyMap<string, EndpointName> = new Map(
  (Object.keys(ENDPOINTS) as EndpointName[]).map((name) => [endpointPath(name), name]),
);

// Case matters here; it is unproven that it need not (share §1.2).
/** Finds the call at a path; undefined if there is none. */
export function endpointAt(path: string): EndpointName | undefined {
  return NAME_BY_PATH.get(path);
}
