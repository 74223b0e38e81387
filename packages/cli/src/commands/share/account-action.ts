import { ShareClient, ShareError } from '@egvkit/share-http';
import type { Io } from '../../io/io.ts';
import { requireAccount } from '../../options/share-account.ts';
import { EXIT, type ExitCode } from '../../output/exit-codes.ts';
import { keepInKeyring, removeFromKeyring } from '../../secrets/keyring.ts';
import { SECRETS } from '../../secrets/secrets.ts';
import {
  type ChangeOptions,
  changing,
  checkedAccount,
  keyringName,
  openClient,
  openClientToChange,
  type ShareOptions,
  tell,
} from './client.ts';

interface LoginOptions extends ShareOptions {
  readonly again?: true | undefined;
  readonly keep?: true | undefined;
}

/** Logs in once, and uses the session. `--keep` keeps a password that is right in the keyring. `--again` sends even what was refused before. */
export async function logIn(options: LoginOptions, io: Io): Promise<ExitCode> {
  let password: string | undefined;
  const onPassword = (taken: string): void => {
    password = taken;
  };
  const client = await openClient(options, io, {
    loginNow: true,
    ...(options.keep && { onPassword }),
  });
  if (options.again) await client.forgetRefusedLogin({ signal: io.signal });
  await client.logIn({ signal: io.signal });
  if (password !== undefined) {
    const name = keyringName(client, requireAccount(options));
    await keepInKeyring(SECRETS.password, name, password, io);
  }
  const sharing = await isSharing(client, io);
  const state =
    sharing === null
      ? 'the service does not say whether the account is sharing'
      : `the account is ${sharing ? '' : 'not '}sharing`;
  const kept = password === undefined ? '' : ' The password is in the keyring of the system.';
  const line = `Logged in at ${client.origin}; ${state}.${kept}`;
  tell(options, io, line, { service: client.origin, sharing });
  return EXIT.ok;
}

/** Removes the account's password from the keyring of the system. */
export async function forgetPassword(options: ShareOptions, io: Io): Promise<ExitCode> {
  const { account } = checkedAccount(options);
  const client = new ShareClient({ ...account, password: 'not needed' });
  const removed = await removeFromKeyring(SECRETS.password, keyringName(client, account), io);
  const line = removed
    ? 'The password is no longer in the keyring of the system.'
    : 'The keyring of the system has no password of this account.';
  tell(options, io, line, { removed });
  return EXIT.ok;
}

/** The account's sharing; null if that cannot be told, which does not make a good login a bad one. */
async function isSharing(client: ShareClient, io: Io): Promise<boolean | null> {
  try {
    return await client.sharing.isActive({ signal: io.signal });
  } catch (error) {
    const isAnswer =
      error instanceof ShareError &&
      error.code !== 'sessionRejected' &&
      error.code !== 'sessionEndedAgain';
    if (!isAnswer || io.signal.aborted) throw error;
    return null;
  }
}

/** Says whether the account takes readings of a receiver. */
export async function checkReceiver(
  serialNumber: string,
  options: ShareOptions,
  io: Io,
): Promise<ExitCode> {
  const client = await openClient(options, io);
  const { assigned, status } = await client.sharing.checkReceiver(serialNumber, {
    signal: io.signal,
  });
  const line = assigned
    ? `The account takes readings of ${serialNumber}.`
    : `The account does not take readings of ${serialNumber} (${status}).`;
  tell(options, io, line, { serialNumber, assigned, status });
  return EXIT.ok;
}

/** Puts a receiver in the place of the one the account has. */
export async function assignReceiver(
  serialNumber: string,
  options: ChangeOptions,
  io: Io,
): Promise<ExitCode> {
  const question = `Take readings of ${serialNumber} in place of the receiver the account has?`;
  const client = await openClientToChange(options, io, question);
  const outcome = await changing(io, () =>
    client.sharing.assignReceiver(serialNumber, { signal: io.signal }),
  );
  const line =
    outcome === 'assigned'
      ? `The account now takes readings of ${serialNumber}.`
      : `The account took readings of ${serialNumber} before.`;
  tell(options, io, line, { serialNumber, outcome });
  return EXIT.ok;
}

/** Says whether the account is sharing. */
export async function showSharing(options: ShareOptions, io: Io): Promise<ExitCode> {
  const client = await openClient(options, io);
  const active = await client.sharing.isActive({ signal: io.signal });
  tell(options, io, `The account is ${active ? '' : 'not '}sharing.`, { active });
  return EXIT.ok;
}

/** Starts sharing. */
export async function startSharing(
  serialNumber: string,
  options: ChangeOptions,
  io: Io,
): Promise<ExitCode> {
  const client = await openClientToChange(
    options,
    io,
    'Start sharing, so that followers see the account?',
  );
  const outcome = await changing(io, () =>
    client.sharing.start(serialNumber, { signal: io.signal }),
  );
  const line = outcome === 'started' ? 'The account is now sharing.' : 'The account was sharing.';
  tell(options, io, line, { outcome });
  return EXIT.ok;
}

/** Stops sharing. */
export async function stopSharing(options: ChangeOptions, io: Io): Promise<ExitCode> {
  const client = await openClientToChange(
    options,
    io,
    'Stop sharing? What followers see then is not known.',
  );
  await changing(io, () => client.sharing.stop({ signal: io.signal }));
  tell(options, io, 'The account no longer shares.', {});
  return EXIT.ok;
}
