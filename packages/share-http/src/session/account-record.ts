import type { CallOptions } from '../call-options.ts';
import type { Target } from '../http/target.ts';
import { accountKey, fingerprint } from './fingerprint.ts';
import type { SharedState } from './shared-state.ts';
import type { SessionStore, StoredAccount } from './store.ts';

/** A change of a record. */
export type RecordChange = (stored: StoredAccount) => StoredAccount | Promise<StoredAccount>;

/** The record of one account in a store. */
export class AccountRecord {
  readonly #target: Target;
  readonly #name: string;
  readonly #store: SessionStore;
  readonly #shared: SharedState;
  #key: Promise<string> | undefined;

  constructor(target: Target, name: string, store: SessionStore, shared: SharedState) {
    this.#target = target;
    this.#name = name;
    this.#store = store;
    this.#shared = shared;
  }

  /** The key in the store: the same for the same account, and useless to find the account by. */
  key(): Promise<string> {
    this.#key ??= accountKey(this.#target.origin, this.#name);
    return this.#key;
  }

  /**
   * The fingerprint of a login. Names that differ in case only count as one: the service may or may
   * not take them for the same account.
   */
  fingerprint(password: string, salt: string): Promise<string> {
    const { origin, applicationId } = this.#target;
    return fingerprint([origin, applicationId, this.#name.toLowerCase(), password], salt);
  }

  /** The record as it stands in the store, with changes that the store could not take. */
  async load(): Promise<StoredAccount> {
    return { ...(await this.#store.load(await this.key())), ...this.#shared.unsaved };
  }

  /** Changes the record: in the store or, if that fails, in this program; then it rejects. */
  async change(change: RecordChange): Promise<void> {
    const account = await change(await this.load());
    this.#shared.unsaved = account;
    await this.#store.save(await this.key(), account);
    this.#shared.unsaved = undefined;
  }

  /** Changes the record in the store, or not at all. */
  async changeOrUndo(change: RecordChange): Promise<void> {
    const before = this.#shared.unsaved;
    try {
      await this.change(change);
    } catch (error) {
      this.#shared.unsaved = before;
      throw error;
    }
  }

  /** Runs `work` while nobody else logs in to the account, as far as the store sees to that. */
  async exclusively<Value>(work: () => Promise<Value>, options: CallOptions): Promise<Value> {
    return this.#store.exclusively?.(await this.key(), work, options) ?? work();
  }
}
