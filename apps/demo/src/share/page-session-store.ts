import { memorySessionStore, type SessionStore, type StoredAccount } from '@egvkit/share-http';

const PREFIX = 'egvkit-login-';

/** Records that the tab does not keep, where a browser allows no storage: gone with the page. */
const inPage = new Map<string, string>();

function kept(key: string): StoredAccount | undefined {
  let text: string | null = null;
  try {
    text = sessionStorage.getItem(PREFIX + key);
  } catch {
    // Not allowed.
  }
  const note = text ?? inPage.get(key);
  try {
    return note === undefined ? undefined : (JSON.parse(note) as StoredAccount);
  } catch {
    return undefined;
  }
}

function keep(key: string, account: StoredAccount): void {
  const note = JSON.stringify(account);
  inPage.set(key, note);
  try {
    sessionStorage.setItem(PREFIX + key, note);
  } catch {
    // Not allowed, or full.
  }
}

/** Forgets the refused logins of this tab. */
export function forgetLogins(): void {
  inPage.clear();
  try {
    for (const name of Object.keys(sessionStorage)) {
      if (name.startsWith(PREFIX)) sessionStorage.removeItem(name);
    }
  } catch {
    // Not allowed, so nothing is there.
  }
}

/**
 * Store for one client of a page. Refused logins, as fingerprints, and locks outlive a reload of the
 * tab, so that a refused password is not sent again; a session, which is as good as a password,
 * stays with the client.
 */
export function pageSessionStore(): Required<SessionStore> {
  const own = memorySessionStore();
  return {
    async load(key) {
      const { sessionId } = (await own.load(key)) ?? {};
      return { ...kept(key), ...(sessionId !== undefined && { sessionId }) };
    },
    async save(key, account) {
      const { sessionId: _, ...rest } = account;
      keep(key, rest);
      await own.save(key, account);
    },
    async exclusively(key, work, { signal } = {}) {
      // Only where a page is secure; localhost is.
      const { locks } = navigator as { readonly locks?: LockManager };
      if (locks === undefined) return await own.exclusively(key, work, { signal });
      return await locks.request(PREFIX + key, { ...(signal && { signal }) }, work);
    },
  };
}
