import {
  decodeAlertSettings,
  doesContactExistByName,
  type FollowerAlerts,
  PERMISSIONS,
  type Permission,
  pauseSubscription,
  readSubscriptionAlerts,
  resumeSubscription,
  type Subscription,
  updateContactName,
  updateSubscriptionPermissions,
} from '@egvkit/protocol/share';
import type { CallOptions } from '../call-options.ts';
import { asking, type Caller } from '../session/caller.ts';
import { type Contact, listSubscriptions, lookUpContact, removeContact } from './contact.ts';
import { type Invitation, type Invited, invite } from './invitation.ts';

/**
 * Followers of an account, as the wearer manages them. A contact id stands for the person (remove,
 * rename), a subscription id for the rights; `list()` tells both. A text that cannot be an id is an
 * `InputError` and is not sent; errors of any call stand at `ShareClient`. The code that refuses an
 * unknown subscription id is not on record.
 */
export class Followers {
  readonly #caller: Caller;

  /** @internal Made by `ShareClient`. */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * Lists everyone who follows or is invited; removed ones may linger with the state `removed`.
   * `subscriptionStatus` of `@egvkit/protocol/share` tells an expired invitation from an open one.
   *
   * @throws ShareError as any call
   */
  list(options: CallOptions = {}): Promise<readonly Subscription[]> {
    return listSubscriptions(this.#caller, options);
  }

  /**
   * Makes a contact and invites it: the service sends an e-mail, and the invitation lives 7 days.
   * If that fails, the contact is removed again. A contact of that name and address is used again
   * if all its invitations have expired; any other contact of that name makes it a refusal. If it is
   * aborted while the contact is made, the name may be taken.
   *
   * @throws ShareError `refused` with `ContactNameAlreadyExists`. FollowerError `contactUncertain`
   *   (the name may be taken now), `invitationUncertain` (it may have been sent), `undoFailed`
   *   (the contact is left). InputError, before anything is sent, for an empty name or address and
   *   for alerts outside the documented ranges
   *
   * @example
   * ```ts
   * import { ShareClient } from '@egvkit/share-http';
   *
   * const share = new ShareClient({ region: 'us', accountName: 'ann', password: 'secret' });
   * const { contactId } = await share.followers.invite({
   *   name: 'Grandma',
   *   email: 'grandma@example.com',
   *   displayName: 'Ann',
   *   alerts: { low: { enabled: true, thresholdMgDl: 80 } },
   * });
   * console.log(`remove it with followers.remove('${contactId}')`);
   * ```
   */
  invite(invitation: Invitation, options: CallOptions = {}): Promise<Invited> {
    return invite(this.#caller, invitation, options);
  }

  /**
   * Removes a follower: the contact with its invitation or subscription.
   *
   * @throws ShareError `refused` with `ContactIdNotFound` if there is none
   */
  remove(contactId: string, options: CallOptions = {}): Promise<void> {
    return removeContact(this.#caller, contactId, options);
  }

  /**
   * Gives a follower another name.
   *
   * @throws ShareError `refused` with `ContactIdNotFound` if there is none; for a name that is
   *   taken, which code is not on record
   */
  async rename(contactId: string, contactName: string, options: CallOptions = {}): Promise<void> {
    await this.#caller.value(updateContactName, asking({ contactId, contactName }), options);
  }

  /**
   * Shows a follower nothing until {@link resume}. It is unknown if that works on a pending
   * invitation.
   *
   * @throws ShareError `refused` or `serviceFault` if there is none
   */
  async pause(subscriptionId: string, options: CallOptions = {}): Promise<void> {
    await this.#caller.value(pauseSubscription, asking({ subscriptionId }), options);
  }

  /**
   * Ends a pause.
   *
   * @throws ShareError `refused` or `serviceFault` if there is none
   */
  async resume(subscriptionId: string, options: CallOptions = {}): Promise<void> {
    await this.#caller.value(resumeSubscription, asking({ subscriptionId }), options);
  }

  /**
   * Lets a follower see the graph, or only the newest value and alerts.
   *
   * @throws ShareError `refused` or `serviceFault` if there is none
   */
  async setPermissions(
    subscriptionId: string,
    permission: Permission,
    options: CallOptions = {},
  ): Promise<void> {
    const permissions = PERMISSIONS[permission];
    await this.#caller.value(
      updateSubscriptionPermissions,
      asking({ subscriptionId, permissions }),
      options,
    );
  }

  /**
   * Reads a follower's alerts. Only the follower changes them after the invitation. A duration that
   * cannot be read is undefined, and stands in `raw` as it came.
   *
   * @throws ShareError `refused` or `serviceFault` if there is none
   */
  async alerts(subscriptionId: string, options: CallOptions = {}): Promise<FollowerAlerts> {
    const raw = await this.#caller.value(
      readSubscriptionAlerts,
      asking({ subscriptionId }),
      options,
    );
    return decodeAlertSettings(raw);
  }

  /**
   * Reads one contact with its e-mail address.
   *
   * @throws ShareError `refused` with `ContactIdNotFound` if there is none
   */
  contact(contactId: string, options: CallOptions = {}): Promise<Contact> {
    return lookUpContact(this.#caller, contactId, options);
  }

  /**
   * True if the account has a contact of that name.
   *
   * @throws ShareError as any call
   */
  contactExists(contactName: string, options: CallOptions = {}): Promise<boolean> {
    return this.#caller.value(doesContactExistByName, asking({ contactName }), options);
  }
}
