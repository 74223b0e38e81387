import type { SessionStore, StoredAccount } from './store.ts';

/** A login under way, and the number of callers that wait for it. */
export interface PendingLogin {
  readonly stop: AbortController;
  readonly done: Promise<string>;
  waiting: number;
}

/** State that all clients with the same store, account and password have together. */
export interface SharedState {
  login?: PendingLogin | undefined;
  /** The last session that was refused: not taken from the store again. */
  deadId?: string;
  /** Changes that the store could not take. */
  unsaved?: StoredAccount | undefined;
}

const states = new WeakMap<SessionStore, Record<string, SharedState>>();

/** The state of all clients with that store and those credentials. */
export function sharedState(store: SessionStore, credentials: readonly string[]): SharedState {
  const ofStore = states.get(store) ?? {};
  states.set(store, ofStore);
  const key = JSON.stringify(credentials);
  ofStore[key] ??= {};
  return ofStore[key];
}
