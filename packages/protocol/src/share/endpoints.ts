import * as account from './calls/account.ts';
import * as followers from './calls/followers.ts';
import * as glucose from './calls/glucose.ts';
import * as sharing from './calls/sharing.ts';
import * as signIn from './calls/sign-in.ts';
import * as subscriber from './calls/subscriber.ts';
import * as upload from './calls/upload.ts';
import { type About, type BodyOf, pathOf, type QueryOf, type ReplyOf } from './endpoint.ts';

const CALLS = {
  SystemUtcTime: account.systemUtcTime,
  LoginPublisherAccountByName: signIn.loginPublisherAccountByName,
  AuthenticatePublisherAccount: signIn.authenticatePublisherAccount,
  LoginPublisherAccountById: signIn.loginPublisherAccountById,
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
  ...signIn.about,
  ...subscriber.about,
  ...upload.about,
};

/** The service's calls, by method name; the rows themselves are in `calls`, by subject. */
export const ENDPOINTS = Object.fromEntries(
  Object.entries(CALLS).map(([name, call]) => [name, { ...call, ...ABOUT[name as EndpointName] }]),
) as unknown as { readonly [Name in EndpointName]: Table[Name] & About };

/** What goes into a call's query. */
export type EndpointQuery<Name extends EndpointName> = QueryOf<Table[Name]>;

/** What goes into a call's body; undefined for calls without one. */
export type EndpointBody<Name extends EndpointName> = BodyOf<Table[Name]>;

/** What a call gives. */
export type EndpointReply<Name extends EndpointName> = ReplyOf<Table[Name]>;

/** The path of a call, from the root of the host. */
export function endpointPath(name: EndpointName): string {
  return pathOf(ENDPOINTS[name]);
}

const NAME_BY_PATH: ReadonlyMap<string, EndpointName> = new Map(
  (Object.keys(ENDPOINTS) as EndpointName[]).map((name) => [endpointPath(name), name]),
);

/** The call at a path; undefined if there is none. Case matters: that it need not is unproven (§1.2). */
export function endpointAt(path: string): EndpointName | undefined {
  return NAME_BY_PATH.get(path);
}
