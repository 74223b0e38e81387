/** A function of the service that no open source knows how to call. */
export interface UndocumentedRow {
  /** Its effect. */
  readonly what: string;
  /** Facts around it. */
  readonly known: string;
  readonly source: string;
}

/**
 * Functions that were seen in logs, or are known to exist, and that nobody has published. None of
 * them can be called: no name, parameter or answer is guessed.
 */
export const UNDOCUMENTED = {
  acceptInvitation: {
    what: 'A follower accepts an invitation.',
    known:
      'The service e-mails the invitation; accepting it in the Follow application makes an anonymous account with a password made by the machine. An invitation lives 7 days, and the subscription has the all-zero `SubscriberId` until then.',
    source: 'spec/share §2.2, §2.3, §6.3',
  },
  readInvitation: {
    what: 'A follower reads what an invitation says.',
    known: 'Invitations have an id: `InvitationId` stands in the follower’s list of subscriptions.',
    source: 'spec/share §2.3',
  },
  acknowledgeAlarms: {
    what: 'A follower acknowledges an alarm.',
    known: 'Nothing besides that it exists.',
    source: 'spec/share §2.3',
  },
  updateSubscriberRuntimeInfo: {
    what: 'A follower tells which device and application follow.',
    known:
      'The wearer’s side has `UpdatePublisherAccountRuntimeInfo`; that this is alike is not evidenced.',
    source: 'spec/share §2.3',
  },
  listContacts: {
    what: 'The wearer reads the contact list.',
    known:
      '`ListPublisherAccountSubscriptions` names the contacts that were invited, `ReadContact` tells one.',
    source: 'spec/share §2.3',
  },
  updateAlerts: {
    what: 'Alerts are changed after the invitation.',
    known:
      '`ReadSubscriptionAlerts` reads them; the invitation sets the first ones, and the follower owns them afterwards.',
    source: 'spec/share §2.3, §6.1',
  },
  readDisplayName: {
    what: 'The display name of a subscription is read by a call of its own.',
    known: '`DisplayName` is a field of both lists of subscriptions.',
    source: 'spec/share §2.3',
  },
  readSubscriptionEmail: {
    what: 'The e-mail address of a subscription is read by a call of its own.',
    known:
      '`ReadContact` tells the follower’s address, `ReadPublisherAccountEmail` the wearer’s own; which call was meant is unknown.',
    source: 'spec/share §2.3',
  },
  readEvents: {
    what: '`Subscriber/ReadEvents`.',
    known:
      'The name stands in a comment of one open-source project; neither parameters nor answer are on record.',
    source: 'spec/share §2.2',
  },
} as const satisfies Record<string, UndocumentedRow>;
