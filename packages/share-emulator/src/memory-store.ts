import {
  isReadable,
  type ShareStore,
  type StoredAccount,
  type StoredContact,
  type StoredReading,
  type StoredSession,
  type StoredSubscription,
} from './store.ts';

interface Readings {
  /** By `wtMs`, then `stMs`, oldest first. */
  readonly sorted: StoredReading[];
  readonly systemTimes: Set<number>;
}

/** Things by their id, whatever its case, in the order they were first saved. */
class ById<Thing> {
  readonly #things = new Map<string, Thing>();

  get(id: string): Thing | undefined {
    return this.#things.get(id.toLowerCase());
  }

  set(id: string, thing: Thing): void {
    this.#things.set(id.toLowerCase(), thing);
  }

  delete(id: string): void {
    this.#things.delete(id.toLowerCase());
  }

  get size(): number {
    return this.#things.size;
  }

  filter(matches: (thing: Thing) => boolean): Thing[] {
    return [...this.#things.values()].filter(matches);
  }

  find(matches: (thing: Thing) => boolean): Thing | undefined {
    for (const thing of this.#things.values()) if (matches(thing)) return thing;
    return undefined;
  }

  entries(): Iterable<[string, Thing]> {
    return this.#things.entries();
  }
}

const same = (one: string | undefined, other: string): boolean =>
  one?.toLowerCase() === other.toLowerCase();

/** Makes a store that lasts as long as the program. */
export function memoryShareStore(): ShareStore {
  return new MemoryShareStore();
}

/** Store in memory. */
class MemoryShareStore implements ShareStore {
  readonly #accounts = new ById<StoredAccount>();
  readonly #sessions = new ById<StoredSession>();
  readonly #readings = new ById<Readings>();
  readonly #contacts = new ById<StoredContact>();
  readonly #subscriptions = new ById<StoredSubscription>();

  accountByName(name: string): StoredAccount | undefined {
    return this.#accounts.find((account) => same(account.name, name));
  }

  accountById(id: string): StoredAccount | undefined {
    return this.#accounts.get(id);
  }

  accountByReceiver(serialNumber: string): StoredAccount | undefined {
    return this.#accounts.find((account) => account.receiver === serialNumber);
  }

  countAccounts(): number {
    return this.#accounts.size;
  }

  saveAccount(account: StoredAccount): void {
    this.#accounts.set(account.id, account);
  }

  session(id: string): StoredSession | undefined {
    return this.#sessions.get(id);
  }

  saveSession(id: string, session: StoredSession): void {
    this.#sessions.set(id, session);
  }

  endSessions(atMs: number): void {
    for (const [id, session] of this.#sessions.entries()) {
      if (session.expiresMs > atMs) this.#sessions.set(id, { ...session, expiresMs: atMs });
    }
  }

  forgetSessions(beforeMs: number): void {
    for (const [id, session] of this.#sessions.entries()) {
      if (session.expiresMs < beforeMs) this.#sessions.delete(id);
    }
  }

  hasReading(accountId: string, stMs: number): boolean {
    return this.#readings.get(accountId)?.systemTimes.has(stMs) ?? false;
  }

  addReadings(accountId: string, readings: readonly StoredReading[]): void {
    let known = this.#readings.get(accountId);
    if (known === undefined) {
      known = { sorted: [], systemTimes: new Set() };
      this.#readings.set(accountId, known);
    }
    for (const reading of readings) {
      insert(known.sorted, reading);
      known.systemTimes.add(reading.stMs);
    }
  }

  newestReadings(accountId: string, fromMs: number, count: number): StoredReading[] {
    const sorted = this.#readings.get(accountId)?.sorted ?? [];
    const newest: StoredReading[] = [];
    for (let i = sorted.length - 1; i >= 0 && newest.length < count; i--) {
      const reading = sorted[i]!;
      if (reading.wtMs < fromMs) break;
      if (isReadable(reading)) newest.push(reading);
    }
    return newest;
  }

  readingsVersion(accountId: string): string {
    return String(this.#readings.get(accountId)?.sorted.length ?? 0);
  }

  allReadings(accountId: string): StoredReading[] {
    return (this.#readings.get(accountId)?.sorted ?? []).filter(isReadable);
  }

  contact(id: string): StoredContact | undefined {
    return this.#contacts.get(id);
  }

  contactByName(accountId: string, name: string): StoredContact | undefined {
    return this.#contacts.find(
      (contact) => same(contact.accountId, accountId) && contact.name === name,
    );
  }

  saveContact(contact: StoredContact): void {
    this.#contacts.set(contact.id, contact);
  }

  deleteContact(id: string): void {
    this.#contacts.delete(id);
  }

  subscription(id: string): StoredSubscription | undefined {
    return this.#subscriptions.get(id);
  }

  subscriptionsOf(accountId: string): StoredSubscription[] {
    return this.#subscriptions.filter((subscription) => same(subscription.accountId, accountId));
  }

  subscriptionsTo(subscriberId: string): StoredSubscription[] {
    return this.#subscriptions.filter((one) => same(one.subscriberId, subscriberId));
  }

  saveSubscription(subscription: StoredSubscription): void {
    this.#subscriptions.set(subscription.id, subscription);
  }

  deleteSubscription(id: string): void {
    this.#subscriptions.delete(id);
  }
}

/** Puts a reading behind those that are not later: mostly it is the newest. */
function insert(sorted: StoredReading[], reading: StoredReading): void {
  let at = sorted.length;
  while (at > 0 && isLater(sorted[at - 1]!, reading)) at--;
  sorted.splice(at, 0, reading);
}

function isLater(one: StoredReading, other: StoredReading): boolean {
  return one.wtMs > other.wtMs || (one.wtMs === other.wtMs && one.stMs > other.stMs);
}
