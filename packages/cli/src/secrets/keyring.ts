import { orAborted } from '@egvkit/platform';
import type { AsyncEntry } from '@napi-rs/keyring';
import { SecretError } from '../errors/secret-error.ts';
import type { Io } from '../io/io.ts';
import type { SecretKind } from './secrets.ts';

/** Name under which the keyring lists what is egvkit's. */
const PROGRAM = 'egvkit';

type Keeper = Pick<Io, 'env' | 'signal' | 'askYesNo'>;

/**
 * The secret that the keyring of the system keeps for an account; undefined if it has none, or there is
 * no keyring. Asks it only where there is somebody at a terminal: it may ask that person to unlock it,
 * for which a service would wait forever.
 */
export async function secretInKeyring(account: string, io: Keeper): Promise<string | undefined> {
  if (io.askYesNo === undefined || io.env.EGVKIT_KEYRING === 'off') return undefined;
  try {
    const entry = await entryOf(account);
    return (await orAborted(entry.getPassword(io.signal), io.signal)) ?? undefined;
  } catch (error) {
    if (io.signal.aborted) throw error;
    // It was not named as the place: the person can type it as well.
    return undefined;
  }
}

/** Keeps a secret of an account in the keyring. @throws SecretError `secretNotKept` */
export async function keepInKeyring(
  kind: SecretKind,
  account: string,
  secret: string,
  io: Keeper,
): Promise<void> {
  await change(kind, io, async () => {
    await (await entryOf(account)).setPassword(secret, io.signal);
  });
}

/**
 * Removes the secret of an account from the keyring.
 *
 * @returns false if it has none
 * @throws SecretError `secretNotKept`
 */
export async function removeFromKeyring(
  kind: SecretKind,
  account: string,
  io: Keeper,
): Promise<boolean> {
  return await change(kind, io, async () => (await entryOf(account)).deleteCredential(io.signal));
}

async function change<Result>(
  { what }: SecretKind,
  { signal }: Keeper,
  make: () => Promise<Result>,
): Promise<Result> {
  try {
    return await orAborted(make(), signal);
  } catch (cause) {
    if (signal.aborted) throw cause;
    const data = { what, source: 'the keyring of the system', reason: reasonOf(cause) };
    throw new SecretError('secretNotKept', data, { cause });
  }
}

/** The library is loaded when it is needed, and need not be installed: npm leaves it out where it has none. */
async function entryOf(account: string): Promise<AsyncEntry> {
  const { AsyncEntry } = await import('@napi-rs/keyring');
  // On Linux the library would else fall back to the kernel's keyring, which a restart empties.
  return new AsyncEntry(PROGRAM, account, { linux: { store: 'secret-service' } });
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ERR_MODULE_NOT_FOUND' || /native binding/i.test(message)) {
    return 'the package @napi-rs/keyring is not installed for this system';
  }
  return message.replace(/\.$/, '');
}
