import type { EndpointName } from '@egvkit/protocol/share';
import type { Account, Followers, Following, ShareClient, Sharing } from '../src/index.ts';

type MethodsOf<Of> = {
  [Name in keyof Of]: Of[Name] extends (...args: never) => unknown ? Name : never;
}[keyof Of] &
  string;

/** A method of {@link ShareClient}, as it is called. */
type MethodPath =
  | MethodsOf<ShareClient>
  | `account.${MethodsOf<Account>}`
  | `sharing.${MethodsOf<Sharing>}`
  | `followers.${MethodsOf<Followers>}`
  | `following.${MethodsOf<Following>}`;

/** A method that makes a call. */
interface ClientMethod {
  readonly method: MethodPath;
  /** The option of the client that it needs. */
  readonly needs?: string;
}

/** Methods of the client by the call of the service that they make: the reference prints them. */
export const CLIENT_METHODS: Readonly<Record<EndpointName, ClientMethod>> = {
  SystemUtcTime: { method: 'systemUtcTime' },
  LoginPublisherAccountByName: { method: 'logIn', needs: "login: 'oneStep'" },
  AuthenticatePublisherAccount: { method: 'logIn' },
  LoginPublisherAccountById: { method: 'logIn' },
  UpdatePublisherAccountRuntimeInfo: { method: 'account.updateRuntimeInfo' },
  ReadPublisherAccountEmail: { method: 'account.email' },
  ReadPublisherAccountImage: { method: 'account.image' },
  CheckMonitoredReceiverAssignmentStatus: { method: 'sharing.checkReceiver' },
  ReplacePublisherAccountMonitoredReceiver: { method: 'sharing.assignReceiver' },
  IsRemoteMonitoringSessionActive: { method: 'sharing.isActive' },
  StartRemoteMonitoringSession: { method: 'sharing.start' },
  StopRemoteMonitoringSession: { method: 'sharing.stop' },
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
  LoginSubscriberAccount: { method: 'logIn', needs: "login: 'follower'" },
  ListSubscriberAccountSubscriptions: {
    method: 'following.list',
    needs: "login: 'follower'",
  },
  ReadLastGlucoseFromSubscriptions: { method: 'following.latest', needs: "login: 'follower'" },
  ReadSubscriptionLatestGlucoseValues: {
    method: 'following.readings',
    needs: "login: 'follower'",
  },
};
