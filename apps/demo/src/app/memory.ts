import { effect, signal } from '@preact/signals';
import type { Device } from '../readings/device.ts';
import type { ReadSoFar } from '../readings/read.ts';
import { forgetLogins } from '../share/page-session-store.ts';
import { forgetSettings, isRemembering, isTold } from './settings.ts';

/** True if the browser has refused to keep readings or to give them back: not allowed, or full. */
export const isRefused = signal(false);

const NAME = 'egvkit-readings';
const STORE = 'receivers';

interface Kept {
  readonly serialNumber: string;
  readonly device: Device;
  readonly read: ReadSoFar;
  readonly savedMs: number;
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function opened(): Promise<IDBDatabase> {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(STORE, { keyPath: 'serialNumber' });
  };
  const database = await settled(request);
  // So that another tab can forget everything.
  database.onversionchange = () => database.close();
  return database;
}

/** Works on what is kept; undefined if the browser refuses, which stops nothing else. */
async function inStore<T>(
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T | undefined> {
  try {
    const database = await opened();
    try {
      const transaction = database.transaction(STORE, mode);
      const done = Promise.withResolvers<void>();
      transaction.oncomplete = () => done.resolve();
      transaction.onabort = () => done.reject(transaction.error);
      const [result] = await Promise.all([
        settled(work(transaction.objectStore(STORE))),
        done.promise,
      ]);
      isRefused.value = false;
      return result;
    } finally {
      database.close();
    }
  } catch {
    isRefused.value = true;
    return undefined;
  }
}

/** Reads back a receiver's readings of earlier visits; undefined if none are kept. */
export async function remembered(serialNumber: string | undefined): Promise<ReadSoFar | undefined> {
  if (!isRemembering.value || serialNumber === undefined) return undefined;
  const kept = await inStore<Kept | undefined>('readonly', (store) => store.get(serialNumber));
  return kept?.read;
}

/** The receiver whose readings were kept last, with them; undefined if there is none. */
export async function lastRemembered(): Promise<Kept | undefined> {
  if (!isRemembering.value) return undefined;
  const all = await inStore<Kept[]>('readonly', (store) => store.getAll());
  return all?.sort((a, b) => b.savedMs - a.savedMs)[0];
}

/** Keeps what was read, if the user wants that. */
export async function rememberReadings(device: Device, read: ReadSoFar): Promise<void> {
  const { serialNumber } = device;
  if (!isRemembering.value || serialNumber === undefined) return;
  const kept: Kept = { serialNumber, device, read, savedMs: Date.now() };
  await inStore('readwrite', (store) => store.put(kept));
}

function deleted(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error);
  });
}

/** Removes everything that the page keeps in this browser, apart from the page itself. */
export async function forgetStored(): Promise<void> {
  forgetSettings();
  forgetLogins();
  const names = await databases();
  await Promise.all(names.filter((name) => name.startsWith('egvkit')).map(deleted));
}

/** The names of the databases that are there; none where the browser allows none. */
async function databases(): Promise<readonly string[]> {
  try {
    return (await indexedDB.databases()).map(({ name }) => name ?? '');
  } catch {
    return [];
  }
}

/**
 * Readings that are no longer to be remembered are removed at once; a browser that will not keep them
 * is known at once as well.
 */
effect(() => {
  if (!isTold.value) return;
  if (isRemembering.value) inStore('readonly', (store) => store.count());
  else deleted(NAME).catch(() => {});
});
