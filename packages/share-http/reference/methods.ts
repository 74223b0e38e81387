import type { EndpointName } from '@egvkit/protocol/share';
import type { Followers, Following, ShareClient } from '../src/index.ts';

type MethodsOf<Of> = {
  [Name in keyof Of]: Of[Name] extends (...args: never) => unknown ? Name : never;
}[keyof Of] &
  string;

/** A method of {@link ShareClient}, as it is called. */
type MethodPath =
  | MethodsOf<ShareClient>
  | `followers.${MethodsOf<Followers>}`
  | `following.${MethodsOf<Following>}`;

/** Which method makes a call. */
interface ClientMethod {
  readonly method: MethodPath;
  /** The option of the client that it needs. */
  readonly needs?: string;
}

/** Which method of the client makes which call of the service: the reference prints it. */
export const CLIENT_METHODS: Readonly<Record<EndpointName, ClientMethod>> = {
  SystemUtcTime: { method: 'systemUtcTime' },
  LoginPublisherAccountByName: { method: 'signIn', needs: "signIn: 'oneStep'" },
  AuthenticatePublisherAccount: { method: 'signIn' },
  LoginPublisherAccountById: { method: 'signIn' },
  UpdatePublisherAccountRuntimeInfo: { method: 'updateRuntimeInfo' },
  ReadPublisherAccountEmail: { method: 'accountEmail' },
  ReadPublisherAccountImage: { method: 'accountImage' },
  CheckMonitoredReceiverAssignmentStatus: { method: 'checkReceiverAssignment' },
  ReplacePublisherAccountMonitoredReceiver: { method: 'assignReceiver' },
  IsRemoteMonitoringSessionActive: { method: 'isMonitoringActive' },
  StartRemoteMonitoringSession: { method: 'startMonitoring' },
  StopRemoteMonitoringSession: { method: 'stopMonitoring' },
  PostReceiverEgvRecords: { method: 'postEgvs' },
  ReadPublisherLatestGlucoseValues: { method: 'readings' },
  DoesContactExistByName: { method: 'followers.contactExists' },
  CreateContact: { method: 'followers.invite' },
  CreateSubscriptionInvitation: { method: 'followers.invite' },
  ListPublisherAccountSubscriptions: { method: 'followers.list' },
  DeleteContact: { method: 'followers.remove' },
  ReadContact: { method: 'followers.contact' },
  UpdateContactName: { method: 'followers.rename' },
  UpdateSubscriptionPermissions: { method: 'followers.setPermissions' },
  PauseSubscription: { method: 'followers.pause' },
  ResumeSubscription: { method: 'followers.resume' },
  ReadSubscriptionAlerts: { method: 'followers.alerts' },
  LoginSubscriberAccount: { method: 'signIn', needs: "signIn: 'follower'" },
  ListSubscriberAccountSubscriptions: {
    method: 'following.list',
    needs: "signIn: 'follower'",
  },
  ReadLastGlucoseFromSubscriptions: { method: 'following.latest', needs: "signIn: 'follower'" },
  ReadSubscriptionLatestGlucoseValues: {
    method: 'following.readings',
    needs: "signIn: 'follower'",
  },
};
