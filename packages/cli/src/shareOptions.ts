import { join } from 'node:path';
import { EgvkitError } from '@egvkit/protocol';
import { ShareClient, type SignInWay } from '@egvkit/share-http';
import { FileSessionStore } from '@egvkit/share-http/node';
import { Interrupted } from './interrupted.ts';
import type { Io } from './io.ts';
import { printable } from './printable.ts';
import { stateFolder } from './statePath.ts';
import { chooseAccountName, choosePassword, chooseService, listOf } from './uploadOptions.ts';
import { UsageError } from './usage.ts';

/** The flags of every Share command, as `parseArgs` wants them. */
export const SHARE_FLAGS = {
  region: { type: 'string' },
  'share-url': { type: 'string' },
  account: { type: 'string' },
  'sign-in': { type: 'string' },
  yes: { type: 'boolean' },
  json: { type: 'boolean' },
  verbose: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/** What their values are. */
export interface ShareValues {
  readonly region?: string | undefined;
  readonly 'share-url'?: string | undefined;
  readonly account?: string | undefined;
  readonly 'sign-in'?: string | undefined;
  readonly yes?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/** What the Share commands do, and with which flags. */
export const SHARE_HELP = `What egvkit share does:
  login                          find out whether name and password are right; --again sends
                                 once more what was refused before
  readings                       the newest first: --minutes N, --count N, --units
  watch                          each new reading as it appears: --units
  followers list                 who follows, and who is invited
  followers invite NAME EMAIL    --display-name TEXT --permissions graph|alertsOnly
                                 --high N --low N --urgent-low N (mg/dL) --no-data N (minutes)
  followers remove|pause|resume|alerts NAME, rename NAME NEW, permissions NAME graph|alertsOnly
                                 an id of the list will do in place of a name; to remove, that
                                 of a contact, in the list or not
  receiver check|assign SERIAL   whose readings the account takes
  monitoring status|stop, start SERIAL
Options of each:
  --region us|ous|jp, --share-url URL, --account NAME, --json, --verbose   as for an upload
  --sign-in oneStep    for services that imitate Share as it was until 2020 (twoSteps unless told;
                       what was refused one way is sent another way only by login --again)
  --yes                change the account without asking
A session is kept. Until it ends the password is not sent, so anything that is typed is taken;
login finds out whether it is right.
After -- there are only words, even those that begin with -.
`;

/** The service and account that are meant, ready to be asked. Nothing is sent yet. */
export async function openClient(values: ShareValues, io: Io): Promise<ShareClient> {
  return await askPassword(chooseAccount(values, io), io);
}

/**
 * The same for what changes the account: asks whether it may, unless `--yes` says so. Whatever is
 * wrong with the command line is told before anything is asked.
 */
export async function openClientToChange(
  values: ShareValues,
  io: Io,
  question: string,
): Promise<ShareClient> {
  const chosen = chooseAccount(values, io);
  await requireConsent(values, io, question);
  return await askPassword(chosen, io);
}

/** Which account of which service is meant, and the way in. */
function chooseAccount(values: ShareValues, io: Io) {
  const service = chooseService(values.region, values['share-url']);
  if (service === undefined) {
    throw new UsageError('Say where the account is with --region us, ous or jp, or --share-url.');
  }
  const accountName = chooseAccountName(values.account, io);
  if (accountName === undefined) {
    throw new UsageError("Name the wearer's account with --account or DEXCOM_USERNAME.");
  }
  return { ...service, accountName, signIn: chooseSignIn(values['sign-in']) };
}

async function askPassword(chosen: ReturnType<typeof chooseAccount>, io: Io): Promise<ShareClient> {
  const password = await choosePassword(io);
  const store = new FileSessionStore(join(stateFolder(io.env), 'sessions'));
  return new ShareClient({ ...chosen, password, store });
}

/** The ways in for who has an account name; a follower's account has only an id. */
const SIGN_INS: readonly SignInWay[] = ['twoSteps', 'oneStep'];

function chooseSignIn(way: string | undefined): SignInWay | undefined {
  if (way === undefined) return undefined;
  const known = SIGN_INS.find((one) => one === way);
  if (known !== undefined) return known;
  throw new UsageError(`There is no way "${way}" to sign in; use ${listOf(SIGN_INS)}.`);
}

/** Asks before the account is changed, unless `--yes` says that it may be. Throws if it may not. */
async function requireConsent(values: ShareValues, io: Io, question: string): Promise<void> {
  if (values.yes) return;
  const answer = await io.askYesNo?.(question);
  if (answer === true) return;
  throw new UsageError(
    answer === false
      ? 'Nothing was changed.'
      : 'This changes the account and there is no terminal to ask on; add --yes if you mean it.',
  );
}

/**
 * Does what changes the account. Interrupted in the middle of it, nobody knows whether it is done,
 * and the user is told so.
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
export function tell(values: ShareValues, io: Io, line: string, value: object): void {
  io.write(values.json ? `${JSON.stringify({ ok: true, ...value })}\n` : `${printable(line)}\n`);
}
