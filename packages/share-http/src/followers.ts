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
 * contact is (remove, rename), a subscription id where what it sees is; `list()` tells both.
 */
export class Followers {
  readonly #caller: Caller;

  /** @internal Made by `ShareClient`. */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * Everyone who follows or is invited; removed ones may linger with the state `removed`.
   *
   * Source: spec/share §2.1, §6.3 (several sources).
   */
  list(options: CallOptions = {}): Promise<readonly Subscription[]> {
    return listSubscriptions(this.#caller, options);
  }

  /**
   * Makes a contact and invites it: the service sends an e-mail, and the invitation lives 7 days.
   * If that fails, the contact is removed again. A contact of that name and address whose
   * invitation has expired is used again; any other that has the name makes it a refusal.
   *
   * @throws ShareError `refused` with `ContactNameAlreadyExists`; `undoFailed`. `InputError` for
   *   alerts outside the documented ranges, before anything is sent
   *
   * Source: spec/share §2.1, §6.1, §6.4 (several sources; reuse and undo one source).
   */
  invite(invitation: Invitation, options: CallOptions = {}): Promise<Invited> {
    return invite(this.#caller, invitation, options);
  }

  /**
   * Removes a follower: the contact with its invitation or subscription.
   *
   * Source: spec/share §2.1, §6.4 (several sources).
   */
  remove(contactId: string, options: CallOptions = {}): Promise<void> {
    return deleteContact(this.#caller, contactId, options);
  }

  /**
   * Gives a follower another name.
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
   * A follower's alerts. Only the follower changes them after the invitation.
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
   * Source: spec/share §2.2 (one source).
   */
  contact(contactId: string, options: CallOptions = {}) {
    return readContact(this.#caller, contactId, options);
  }

  /**
   * Whether the account has a contact of that name.
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
