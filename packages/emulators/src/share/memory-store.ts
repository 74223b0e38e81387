import type { ShareStore, StoredAccount, StoredReading, StoredSession } from './store.ts';

interface Readings {
  /** By `wtMs`, oldest first. */
  readonly sorted: StoredReading[];
  readonly systemTimes: Set<number>;
}

/** A store that lasts as long as the program. */
export class MemoryShareStore implements ShareStore {
  readonly #accounts = new Map<string, StoredAccount>();
  readonly #sessions = new Map<string, StoredSession>();
  readonly #readings = new Map<string, Readings>();

  #find(matches: (account: StoredAccount) => boolean): StoredAccount | undefined {
    for (const account of this.#accounts.values()) if (matches(account)) return account;
    return undefined;
  }

  accountByName(name: string): StoredAccount | undefined {
    const wanted = name.toLowerCase();
    return this.#find((account) => account.name.toLowerCase() === wanted);
  }

  accountById(id: string): StoredAccount | undefined {
    return this.#accounts.get(id.toLowerCase());
  }

  accountByReceiver(serialNumber: string): StoredAccount | undefined {
    return this.#find((account) => account.receiver === serialNumber);
  }

  saveAccount(account: StoredAccount): void {
    this.#accounts.set(account.id.toLowerCase(), account);
  }

  session(id: string): StoredSession | undefined {
    return this.#sessions.get(id.toLowerCase());
  }

  saveSession(id: string, session: StoredSession): void {
    this.#sessions.set(id.toLowerCase(), session);
  }

  endSessions(atMs: number): void {
    for (const [id, session] of this.#sessions) {
      if (session.expiresMs > atMs) this.#sessions.set(id, { ...session, expiresMs: atMs });
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
      known.sorted.push(reading);
      known.systemTimes.add(reading.stMs);
    }
    known.sorted.sort((a, b) => a.wtMs - b.wtMs);
  }

  newestReadings(accountId: string, fromMs: number, count: number): StoredReading[] {
    const sorted = this.#readings.get(accountId)?.sorted ?? [];
    const newest: StoredReading[] = [];
    for (let i = sorted.length - 1; i >= 0 && newest.length < count; i--) {
      const reading = sorted[i]!;
      if (reading.wtMs < fromMs) break;
      newest.push(reading);
    }
    return newest;
  }

  allReadings(accountId: string): StoredReading[] {
    return [...(this.#readings.get(accountId)?.sorted ?? [])];
  }
}
