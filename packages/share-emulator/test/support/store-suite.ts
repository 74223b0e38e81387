import { beforeEach, describe, expect, it } from 'vitest';
import type {
  ShareStore,
  StoredAccount,
  StoredContact,
  StoredReading,
  StoredSubscription,
} from '../../src/index.ts';

/** Suite of every store, whatever it keeps its records in. */

const ID = 'aaaaaaaa-0000-4000-8000-00000000000';
const T0 = 1_700_000_000_000;

export const account = (n: number, more: Partial<StoredAccount> = {}): StoredAccount => ({
  id: `${ID}${n}`,
  side: 'publisher',
  name: `Wearer${n}`,
  passwordHash: `hash ${n}`,
  email: `wearer${n}@example.com`,
  receiver: undefined,
  sharing: false,
  refusals: 0,
  lockedUntilMs: 0,
  runtimeInfo: undefined,
  ...more,
});

export const reading = (wtMs: number, more: Partial<StoredReading> = {}): StoredReading => ({
  serialNumber: 'SM12345678',
  stMs: wtMs + 5000,
  dtMs: wtMs + 3_600_000,
  wtMs,
  trend: 4,
  mgDl: 100,
  ...more,
});

const contact = (n: number, more: Partial<StoredContact> = {}): StoredContact => ({
  id: `cccccccc-0000-4000-8000-00000000000${n}`,
  accountId: `${ID}1`,
  name: `Friend ${n}`,
  email: `friend${n}@example.com`,
  createdMs: T0,
  ...more,
});

const subscription = (n: number, more: Partial<StoredSubscription> = {}): StoredSubscription => ({
  id: `dddddddd-0000-4000-8000-00000000000${n}`,
  accountId: `${ID}1`,
  contactId: contact(n).id,
  invitationId: `eeeeeeee-0000-4000-8000-00000000000${n}`,
  subscriberId: undefined,
  displayName: 'Ann',
  permissions: 1,
  paused: false,
  removed: false,
  alerts: '{"HighAlert":{}}',
  createdMs: T0,
  modifiedMs: T0,
  inviteExpiresMs: T0 + 604_800_000,
  ...more,
});

/** Runs the suite; `open` gives an empty store each time. */
export function storeSuite(name: string, open: () => Promise<ShareStore>): void {
  describe(`${name}, as every store`, () => {
    let store: ShareStore;
    beforeEach(async () => {
      store = await open();
    });

    it('keeps accounts as they are, and finds them by id, name and receiver', () => {
      const one = account(1, { receiver: 'SM1', sharing: true, runtimeInfo: '{"AppName":"x"}' });
      const two = account(2, { side: 'subscriber', refusals: 3, lockedUntilMs: T0 });
      store.saveAccount(one);
      store.saveAccount(two);
      expect(store.accountById(one.id)).toEqual(one);
      expect(store.accountById(two.id)).toEqual(two);
      expect(store.accountById(one.id.toUpperCase())).toEqual(one);
      expect(store.accountByName('wEARER1')).toEqual(one);
      expect(store.accountByReceiver('SM1')).toEqual(one);
      expect(store.countAccounts()).toBe(2);
    });

    it('finds nothing it does not have', () => {
      store.saveAccount(account(1));
      expect(store.accountById(`${ID}9`)).toBeUndefined();
      expect(store.accountByName('nobody')).toBeUndefined();
      expect(store.accountByReceiver('SM1')).toBeUndefined();
      expect(store.session(`${ID}1`)).toBeUndefined();
      expect(store.contact(`${ID}1`)).toBeUndefined();
      expect(store.subscription(`${ID}1`)).toBeUndefined();
      expect(store.subscriptionsOf(`${ID}1`)).toEqual([]);
      expect(store.subscriptionsTo(`${ID}1`)).toEqual([]);
      expect(store.newestReadings(`${ID}1`, 0, 10)).toEqual([]);
      expect(store.allReadings(`${ID}9`)).toEqual([]);
      expect(store.hasReading(`${ID}9`, T0)).toBe(false);
    });

    it('replaces an account that is saved again, readings staying where they are', () => {
      store.saveAccount(account(1, { receiver: 'SM1' }));
      store.addReadings(`${ID}1`, [reading(T0)]);
      const later = account(1, { name: 'Ann', receiver: undefined, sharing: true });
      store.saveAccount(later);
      expect(store.accountById(`${ID}1`)).toEqual(later);
      expect(store.accountByName('wearer1')).toBeUndefined();
      expect(store.accountByName('ann')).toEqual(later);
      expect(store.accountByReceiver('SM1')).toBeUndefined();
      expect(store.countAccounts()).toBe(1);
      expect(store.allReadings(`${ID}1`)).toEqual([reading(T0)]);
    });

    it('keeps sessions, ends them at once, and forgets old ones', () => {
      const session = { accountId: `${ID}1`, side: 'publisher', expiresMs: T0 + 1000 } as const;
      store.saveSession(`${ID}7`, session);
      store.saveSession(`${ID}8`, { ...session, side: 'subscriber', expiresMs: T0 - 10 });
      expect(store.session(`${ID}7`.toUpperCase())).toEqual(session);
      store.endSessions(T0);
      expect(store.session(`${ID}7`)).toEqual({ ...session, expiresMs: T0 });
      expect(store.session(`${ID}8`)?.expiresMs).toBe(T0 - 10);
      store.forgetSessions(T0);
      expect(store.session(`${ID}7`)).toBeDefined();
      expect(store.session(`${ID}8`)).toBeUndefined();
    });

    it('gives readings newest first whatever their order, within window and count', () => {
      store.saveAccount(account(1));
      store.saveAccount(account(2));
      const [a, b, c, d] = [4, 1, 3, 2].map((n) => reading(T0 + n * 300_000));
      store.addReadings(`${ID}1`, [a!, b!]);
      store.addReadings(`${ID}1`, [c!, d!]);
      store.addReadings(`${ID}2`, [reading(T0 + 9, { mgDl: 401, trend: 7 })]);
      expect(store.newestReadings(`${ID}1`, 0, 10)).toEqual([a, c, d, b]);
      expect(store.newestReadings(`${ID}1`.toUpperCase(), d!.wtMs, 10)).toEqual([a, c, d]);
      expect(store.newestReadings(`${ID}1`, 0, 2)).toEqual([a, c]);
      expect(store.newestReadings(`${ID}1`, a!.wtMs + 1, 10)).toEqual([]);
      expect(store.allReadings(`${ID}1`)).toEqual([b, d, c, a]);
    });

    it('orders readings of one instant by their system time', () => {
      store.saveAccount(account(1));
      const early = reading(T0, { stMs: T0 });
      const late = reading(T0, { stMs: T0 + 10_000 });
      store.addReadings(`${ID}1`, [late, early]);
      expect(store.newestReadings(`${ID}1`, 0, 2)).toEqual([late, early]);
    });

    it('knows which readings an account has', () => {
      store.saveAccount(account(1));
      store.saveAccount(account(2));
      store.addReadings(`${ID}1`, [reading(T0)]);
      expect(store.hasReading(`${ID}1`, T0 + 5000)).toBe(true);
      expect(store.hasReading(`${ID}1`, T0)).toBe(false);
      expect(store.hasReading(`${ID}2`, T0 + 5000)).toBe(false);
    });

    it('keeps, renames and deletes contacts, each account its own', () => {
      store.saveContact(contact(1));
      store.saveContact(contact(2, { accountId: `${ID}2`, name: 'Friend 1' }));
      expect(store.contact(contact(1).id.toUpperCase())).toEqual(contact(1));
      expect(store.contactByName(`${ID}1`, 'Friend 1')).toEqual(contact(1));
      expect(store.contactByName(`${ID}1`, 'friend 1')).toBeUndefined();
      expect(store.contactByName(`${ID}3`, 'Friend 1')).toBeUndefined();
      store.saveContact(contact(1, { name: 'Bob' }));
      expect(store.contactByName(`${ID}1`, 'Friend 1')).toBeUndefined();
      expect(store.contactByName(`${ID}1`, 'Bob')?.id).toBe(contact(1).id);
      store.deleteContact(contact(1).id);
      expect(store.contact(contact(1).id)).toBeUndefined();
      expect(store.contact(contact(2).id)?.name).toBe('Friend 1');
    });

    it('keeps subscriptions for both sides, in the order they were made', () => {
      store.saveSubscription(subscription(2));
      store.saveSubscription(subscription(1));
      store.saveSubscription(subscription(3, { accountId: `${ID}2`, subscriberId: `${ID}5` }));
      const accepted = subscription(2, {
        subscriberId: `${ID}5`,
        paused: true,
        removed: true,
        permissions: 0,
        modifiedMs: T0 + 1,
      });
      store.saveSubscription(accepted);
      expect(store.subscriptionsOf(`${ID}1`)).toEqual([accepted, subscription(1)]);
      expect(store.subscriptionsTo(`${ID}5`.toUpperCase()).map(({ id }) => id)).toEqual([
        subscription(2).id,
        subscription(3).id,
      ]);
      expect(store.subscription(subscription(2).id)).toEqual(accepted);
      store.deleteSubscription(subscription(2).id);
      expect(store.subscription(subscription(2).id)).toBeUndefined();
      expect(store.subscriptionsOf(`${ID}1`)).toEqual([subscription(1)]);
    });
  });
}
