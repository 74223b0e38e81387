import { Receiver } from '@egvkit/receiver';
import { openSerial } from '@egvkit/receiver-serial';
import { ShareClient } from '@egvkit/share-http';
import { fileDeviceMemory } from '../../io/device-memory.ts';
import type { Io } from '../../io/io.ts';
import { sessionStore, stateFolder } from '../../io/state-path.ts';
import type { ReceiverOptions } from '../../options/port.ts';
import type { ChosenAccount } from '../../options/share-account.ts';
import { openAccount } from '../share/client.ts';
import { type CheckResult, fail, failedBy, ok, skipped, warn } from './check.ts';

/** Thrown in place of a login that nobody has agreed to. */
class LoginNeeded extends Error {
  override readonly name = 'LoginNeeded';
}

/** Result of the login, and a client that is logged in if it succeeded. */
export interface Login {
  readonly result: CheckResult;
  readonly client?: ShareClient;
  readonly sharing?: boolean;
}

/**
 * Finds out whether the account lets egvkit in. A session that is kept and still valid needs no login;
 * else asks first and makes one attempt. What was refused before is not sent again.
 */
export async function loginCheck(
  account: ChosenAccount,
  { login }: { readonly login?: true | undefined },
  io: Io,
): Promise<Login> {
  const { signal } = io;
  const kept = new ShareClient({
    ...account,
    store: sessionStore(io),
    password: async () => {
      throw new LoginNeeded();
    },
  });
  try {
    const sharing = await kept.sharing.isActive({ signal });
    return { result: ok('A kept session is valid: no login was needed.'), client: kept, sharing };
  } catch (error) {
    if (!(error instanceof LoginNeeded)) return { result: failedBy(error, io) };
  }
  const question = 'Log in once now, to find out whether name and password are right?';
  const isAgreed = login ?? (await io.askYesNo?.(question));
  if (!isAgreed) {
    const why =
      isAgreed === undefined ? 'There is nobody to ask whether to log in.' : 'You said no.';
    return { result: skipped(why, 'Add --login to log in once.') };
  }
  try {
    const client = await openAccount({ account }, io, { loginNow: true });
    await client.logIn({ signal });
    const sharing = await client.sharing.isActive({ signal });
    return { result: ok('Name and password are right.'), client, sharing };
  } catch (error) {
    return { result: failedBy(error, io) };
  }
}

/** Judges whether the account shares. */
export function sharingCheck(sharing: boolean): CheckResult {
  if (sharing) return ok('The account is sharing.');
  return warn(
    'The account is not sharing, so followers see nothing new.',
    'The next upload turns it on. If it stays off: egvkit share monitoring start SERIAL',
  );
}

/** Checks that the account takes readings of the receiver that was named, or else of the one on this port. */
export async function assignmentCheck(
  client: ShareClient,
  { port, serial }: ReceiverOptions,
  io: Io,
): Promise<CheckResult> {
  if (serial === undefined && port === undefined) {
    return skipped('There is no receiver to ask for its serial number.');
  }
  let serialNumber = serial;
  try {
    if (port !== undefined) serialNumber ??= await serialNumberOf(port, io);
  } catch (error) {
    const { found, fix } = failedBy(error, io);
    return skipped(`The receiver was not read: ${found}`, fix);
  }
  if (serialNumber === undefined) return skipped('The receiver does not tell its serial number.');
  try {
    const { assigned, status } = await client.sharing.checkReceiver(serialNumber, {
      signal: io.signal,
    });
    if (assigned) return ok(`The account takes readings of ${serialNumber}.`);
    return fail(
      `The account does not take readings of ${serialNumber} (${status}).`,
      'Put this receiver in the place of the one the account has: egvkit upload --assign-receiver',
    );
  } catch (error) {
    return failedBy(error, io);
  }
}

async function serialNumberOf(port: string, io: Io): Promise<string | undefined> {
  // Busy, as while the service reads it, is an answer too.
  const transport = await openSerial(port, { attempts: 1, signal: io.signal });
  await using receiver = await Receiver.open(transport, {
    signal: io.signal,
    memory: fileDeviceMemory(stateFolder(io.env)),
  });
  return (await receiver.identify({ signal: io.signal })).serialNumber;
}
