import { effect } from '@preact/signals';
import type { Device } from '../readings/device.ts';
import type { ReadSoFar } from '../readings/read.ts';
import { forgetLogins } from '../share/page-session-store.ts';
import { isRemembering, isTold } from './settings.ts';

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

/** Reads back a receiver's readings of earlier visits; undefined if none are kept. */
export async function remembered(serialNumber: string | undefined): Promise<ReadSoFar | undefined> {
  if (!isRemembering.value || serialNumber === undefined) return undefined;
  const database = await opened();
  try {
    const store = database.transaction(STORE).objectStore(STORE);
    return ((await settled(store.get(serialNumber))) as Kept | undefined)?.read;
  } finally {
    database.close();
  }
}

/** The receiver whose readings were kept last, with them; undefined if there is none. */
export async function lastRemembered(): Promise<Kept | undefined> {
  if (!isRemembering.value) return undefined;
  const database = await opened();
  try {
    const store = database.transaction(STORE).objectStore(STORE);
    const all = (await settled(store.getAll())) as Kept[];
    return all.sort((a, b) => b.savedMs - a.savedMs)[0];
  } finally {
    database.close();
  }
}

/** Keeps what was read, if the user wants that. */
export async function rememberReadings(device: Device, read: ReadSoFar): Promise<void> {
  const { serialNumber } = device;
  if (!isRemembering.value || serialNumber === undefined) return;
  const database = await opened();
  try {
    const store = database.transaction(STORE, 'readwrite').objectStore(STORE);
    const kept: Kept = { serialNumber, device, read, savedMs: Date.now() };
    await settled(store.put(kept));
  } finally {
    database.close();
  }
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
  const databases = await indexedDB.databases();
  const names = databases.flatMap(({ name }) => (name?.startsWith('egvkit') ? [name] : []));
  await Promise.all(names.map(deleted));
  localStorage.clear();
  forgetLogins();
}

/** Readings that are no longer to be remembered are removed at once. */
effect(() => {
  if (isTold.value && !isRemembering.value) deleted(NAME).catch(() => {});
});
