import {
  decodeAlertSettings,
  ENDPOINTS,
  type FollowerAlerts,
  PERMISSIONS,
  type Permission,
  type Subscription,
} from '@egvkit/protocol/share';
import { asking, type Caller } from './caller.ts';
import { deleteContact, listSubscriptions, readContact } from './contact.ts';
import { type Invitation, type Invited, invite } from './invitation.ts';
import type { CallOptions } from './readings.ts';

/**
 * The followers of an account, as the wearer manages them. A contact id says who is meant where a
 * contact is (remove, rename), a subscription id where what it sees is; `list()` tells both. What
 * cannot be an id is an `InputError` and is not sent; what else any call can throw stands at
 * `ShareClient`. Which code refuses a subscription id that nobody has is not on record.
 */
export class Followers {
  readonly #caller: Caller;

  /** @internal Made by `ShareClient`. */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * Everyone who follows or is invited; removed ones may linger with the state `removed`.
   * `subscriptionStatus` of `@egvkit/protocol/share` tells an expired invitation from an open one.
   *
   * @throws ShareError as any call
   *
   * Source: spec/share §2.1, §6.3 (several sources).
   */
  list(options: CallOptions = {}): Promise<readonly Subscription[]> {
    return listSubscriptions(this.#caller, options);
  }

  /**
   * Makes a contact and invites it: the service sends an e-mail, and the invitation lives 7 days.
   * If that fails, the contact is removed again. A contact of that name and address is used again
   * if all its invitations have expired; any other that has the name makes it a refusal. Aborted
   * while the contact is made, it may leave the name taken.
   *
   * @throws ShareError `refused` with `ContactNameAlreadyExists`. SharingError `contactUncertain`
   *   (the name may be taken now), `invitationUncertain` (it may have been sent), `undoFailed`
   *   (the contact is left). InputError, before anything is sent, for an empty name or address and
   *   for alerts outside the documented ranges
   *
   * Source: spec/share §2.1, §6.1, §6.4 (several sources; reuse and undo one source).
   */
  invite(invitation: Invitation, options: CallOptions = {}): Promise<Invited> {
    return invite(this.#caller, invitation, options);
  }

  /**
   * Removes a follower: the contact with its invitation or subscription.
   *
   * @throws ShareError `refused` with `ContactIdNotFound` if there is none
   *
   * Source: spec/share §2.1, §6.4 (several sources).
   */
  remove(contactId: string, options: CallOptions = {}): Promise<void> {
    return deleteContact(this.#caller, contactId, options);
  }

  /**
   * Gives a follower another name.
   *
   * @throws ShareError `refused` with `ContactIdNotFound` if there is none; for a name that is
   *   taken, which code is not on record
   *
   * Source: spec/share §2.2 (one source).
   */
  async rename(contactId: string, contactName: string, options: CallOptions = {}): Promise<void> {
    await this.#caller.value(
      ENDPOINTS.UpdateContactName,
      asking({ contactId, contactName }),
      options.signal,
    );
  }

  /**
   * Shows a follower nothing until {@link resume}. Whether that works on a pending invitation is
   * unknown.
   *
   * @throws ShareError `refused` or `serviceFault` if there is none
   *
   * Source: spec/share §2.2, §6.4 (one source).
   */
  async pause(subscriptionId: string, options: CallOptions = {}): Promise<void> {
    await this.#caller.value(
      ENDPOINTS.PauseSubscription,
      asking({ subscriptionId }),
      options.signal,
    );
  }

  /**
   * Ends a pause.
   *
   * @throws ShareError `refused` or `serviceFault` if there is none
   *
   * Source: spec/share §2.2, §6.4 (one source).
   */
  async resume(subscriptionId: string, options: CallOptions = {}): Promise<void> {
    await this.#caller.value(
      ENDPOINTS.ResumeSubscription,
      asking({ subscriptionId }),
      options.signal,
    );
  }

  /**
   * Whether a follower sees the graph, or only the newest value and alerts.
   *
   * @throws ShareError `refused` or `serviceFault` if there is none
   *
   * Source: spec/share §2.2, §6.2 (one source).
   */
  async setPermissions(
    subscriptionId: string,
    permission: Permission,
    options: CallOptions = {},
  ): Promise<void> {
    const permissions = PERMISSIONS[permission];
    await this.#caller.value(
      ENDPOINTS.UpdateSubscriptionPermissions,
      asking({ subscriptionId, permissions }),
      options.signal,
    );
  }

  /**
   * A follower's alerts. Only the follower changes them after the invitation. A duration that
   * cannot be read is undefined, and stands in `raw` as it came.
   *
   * @throws ShareError `refused` or `serviceFault` if there is none
   *
   * Source: spec/share §2.2, §6.1 (one source).
   */
  async alerts(subscriptionId: string, options: CallOptions = {}): Promise<FollowerAlerts> {
    const raw = await this.#caller.value(
      ENDPOINTS.ReadSubscriptionAlerts,
      asking({ subscriptionId }),
      options.signal,
    );
    return decodeAlertSettings(raw);
  }

  /**
   * One contact with its e-mail address.
   *
   * @throws ShareError `refused` with `ContactIdNotFound` if there is none
   *
   * Source: spec/share §2.2 (one source).
   */
  contact(contactId: string, options: CallOptions = {}) {
    return readContact(this.#caller, contactId, options);
  }

  /**
   * Whether the account has a contact of that name.
   *
   * @throws ShareError as any call
   *
   * Source: spec/share §2.1 (one source).
   */
  contactExists(contactName: string, options: CallOptions = {}): Promise<boolean> {
    return this.#caller.value(
      ENDPOINTS.DoesContactExistByName,
      asking({ contactName }),
      options.signal,
    );
  }
}
