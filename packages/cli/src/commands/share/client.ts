import { EgvkitError } from '@egvkit/protocol';
import { ShareClient } from '@egvkit/share-http';
import { Interrupted } from '../../io/interrupted.ts';
import type { Io } from '../../io/io.ts';
import { sessionStore } from '../../io/state-path.ts';
import {
  type AccountOptions,
  type ChosenAccount,
  type LoginWay,
  requireAccount,
} from '../../options/share-account.ts';
import { UsageError } from '../../options/usage.ts';
import { jsonLine } from '../../output/json-line.ts';
import { printable } from '../../output/printable.ts';
import { secretInKeyring } from '../../secrets/keyring.ts';
import { secretFrom } from '../../secrets/secret-source.ts';
import { SECRETS } from '../../secrets/secrets.ts';

/** Command-line options that every Share command takes. */
export interface ShareOptions extends AccountOptions {
  readonly loginWay?: LoginWay | undefined;
  readonly passwordStdin?: true | undefined;
  readonly json?: true | undefined;
}

/** Command-line options of a command that changes the account. */
export interface ChangeOptions extends ShareOptions {
  readonly yes?: true | undefined;
}

/** Makes a client of the service and account of the options. Sends nothing yet. */
export async function openClient(
  options: ShareOptions,
  io: Io,
  login: OpenOptions = {},
): Promise<ShareClient> {
  return await openAccount(checkedAccount(options), io, login);
}

/**
 * Makes a client for a command that changes the account: asks for consent unless `--yes` is given.
 * Checks the command line before it asks.
 */
export async function openClientToChange(
  options: ChangeOptions,
  io: Io,
  question: string,
): Promise<ShareClient> {
  const account = checkedAccount(options);
  await requireConsent(options, io, question);
  return await openAccount(account, io);
}

interface OpenOptions {
  /** A login is certain. */
  readonly loginNow?: boolean;
  /**
   * Nobody is there later: what has to be asked is asked now, a password is read again for each login,
   * and logins keep the pace of unattended programs.
   */
  readonly isUnattended?: boolean;
  /** The same, and a password that was typed is tried at once. */
  readonly tryTyped?: boolean;
  /** Called with the password that is used, which then is not one that the keyring keeps. */
  readonly onPassword?: (password: string) => void;
}

interface LoginAccount {
  readonly account: ChosenAccount;
  readonly loginWay?: LoginWay | undefined;
  readonly passwordStdin?: true | undefined;
}

/** The account that is named, of a service that a client can be made for. Nothing is sent. */
export function checkedAccount(options: ShareOptions): LoginAccount {
  const account = requireAccount(options);
  // A client looks at the address of its service.
  new ShareClient({ ...account, password: 'not needed' });
  const { loginWay, passwordStdin } = options;
  return { account, loginWay, passwordStdin };
}

/**
 * Makes a client that keeps its session for all other commands. Asks for the password only if a login
 * needs it: before anything else if there is no session or `loginNow` is set, so that no question
 * comes in the middle of the work.
 */
export async function openAccount(
  { account, loginWay, passwordStdin }: LoginAccount,
  io: Io,
  { loginNow = false, isUnattended = false, tryTyped = false, onPassword }: OpenOptions = {},
): Promise<ShareClient> {
  const store = sessionStore(io);
  const known = await secretFrom(SECRETS.password, io, { stdin: passwordStdin });
  let asked: Promise<string> | undefined;
  const password = (): Promise<string> => {
    asked ??= onPassword === undefined ? keptOrTyped(client, account, io) : typedPassword(io);
    return asked;
  };
  /** A person may have corrected the file meanwhile. */
  const again = async (): Promise<string> =>
    (passwordStdin ? known : await secretFrom(SECRETS.password, io))?.value ?? (await password());
  const client: ShareClient = new ShareClient({
    ...account,
    ...(loginWay && { login: loginWay }),
    password: known === undefined ? password : isUnattended ? again : known.value,
    store,
    unattended: isUnattended,
  });
  if (known !== undefined) {
    onPassword?.(known.value);
    return client;
  }
  const { sessionId, lockedUntilMs = 0 } = (await store.load(await client.accountKey())) ?? {};
  // A locked account is told of without a question.
  const askNow = loginNow || isUnattended || tryTyped || sessionId === undefined;
  if (askNow && lockedUntilMs < Date.now()) {
    const taken = await password();
    onPassword?.(taken);
  }
  if (tryTyped) await client.logIn({ signal: io.signal });
  return client;
}

/** Name of an account in the keyring of the system. */
export function keyringName({ origin }: ShareClient, { accountName }: ChosenAccount): string {
  return `${accountName} at ${origin}`;
}

async function keptOrTyped(client: ShareClient, account: ChosenAccount, io: Io): Promise<string> {
  const kept = await secretInKeyring(keyringName(client, account), io);
  if (kept === undefined) return await typedPassword(io);
  io.writeError(
    'The password is the one in the keyring of the system; "egvkit share login --keep" asks for another.\n',
  );
  return kept;
}

async function typedPassword(io: Io): Promise<string> {
  const instead =
    'Set DEXCOM_PASSWORD_FILE to a file with the password, or DEXCOM_PASSWORD to the password.';
  const password = await io.askSecret('Password of the Share account', instead);
  if (password === '') throw new UsageError('No password was typed, so nothing was sent.');
  return password;
}

/** Asks before the account is changed, unless `--yes` says that it may be. Throws if it may not. */
export async function requireConsent(
  { yes }: Pick<ChangeOptions, 'yes'>,
  io: Io,
  question: string,
): Promise<void> {
  if (yes) return;
  const answer = await io.askYesNo?.(question);
  if (answer === true) return;
  if (answer === false) throw new UsageError('Nothing was changed.');
  throw new UsageError('This changes the account, and there is no terminal to ask on.', {
    help: ['Add --yes if it may be changed.'],
  });
}

/**
 * Makes a change to the account. If it is interrupted, tells the user that the change may or may not
 * have been made.
 */
export async function changing<T>(io: Io, change: () => Promise<T>): Promise<T> {
  try {
    return await change();
  } catch (error) {
    if (!io.signal.aborted) throw error;
    const unknown = 'The change may have been made: look before you repeat it.';
    // What was cleaned up after it may have failed by itself.
    const more = error instanceof EgvkitError ? [`${error.message} ${error.help}`] : [];
    throw new Interrupted({ help: [unknown, ...more], outcomeUnknown: true, cause: error });
  }
}

/** Tells what came of a command: a line for people or one value for programs. */
export function tell({ json }: ShareOptions, io: Io, line: string, value: object): void {
  io.write(json ? jsonLine({ ok: true, ...value }) : `${printable(line)}\n`);
}
