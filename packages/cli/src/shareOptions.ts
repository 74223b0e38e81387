import { join } from 'node:path';
import { ShareClient } from '@egvkit/share-http';
import { FileSessionStore } from '@egvkit/share-http/node';
import type { Io } from './io.ts';
import { stateFolder } from './statePath.ts';
import { chooseService } from './uploadOptions.ts';
import { UsageError } from './usage.ts';

/** The flags of every Share command, as `parseArgs` wants them. */
export const SHARE_FLAGS = {
  region: { type: 'string' },
  'share-url': { type: 'string' },
  account: { type: 'string' },
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
  readonly yes?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/** What the Share commands do, and with which flags. */
export const SHARE_HELP = `What egvkit share does:
  login                          find out whether name and password are right
  readings                       the newest first: --minutes N, --count N, --units
  watch                          each new reading as it appears: --units
  followers list                 who follows, and who is invited
  followers invite NAME EMAIL    --display-name TEXT --permissions graph|alertsOnly
                                 --high N --low N --urgent-low N (mg/dL) --no-data N (minutes)
  followers remove|pause|resume|alerts NAME, rename NAME NEW, permissions NAME graph|alertsOnly
  receiver check|assign SERIAL   whose readings the account takes
  monitoring status|stop, start SERIAL
Options of each:
  --region us|ous|jp, --share-url URL, --account NAME, --json   as for an upload
  --yes                change the account without asking
`;

/** The service and account that are meant, ready to be asked. Nothing is sent yet. */
export async function openClient(values: ShareValues, io: Io): Promise<ShareClient> {
  const service = chooseService(values.region, values['share-url']);
  if (service === undefined) {
    throw new UsageError('Say where the account is with --region us, ous or jp, or --share-url.');
  }
  const accountName = values.account ?? io.env.DEXCOM_USERNAME;
  if (accountName === undefined) {
    throw new UsageError("Name the wearer's account with --account or DEXCOM_USERNAME.");
  }
  const password =
    io.env.DEXCOM_PASSWORD ??
    (await io.askSecret('Password of the Share account', 'set DEXCOM_PASSWORD'));
  const store = new FileSessionStore(join(stateFolder(io.env), 'sessions'));
  return new ShareClient({ ...service, accountName, password, store });
}

/** Asks before the account is changed, unless `--yes` says that it may be. Throws if it may not. */
export async function requireConsent(values: ShareValues, io: Io, question: string): Promise<void> {
  if (values.yes) return;
  const answer = await io.askYesNo?.(question);
  if (answer === true) return;
  throw new UsageError(
    answer === false
      ? 'Nothing was changed.'
      : 'This changes the account and there is no terminal to ask on; add --yes if you mean it.',
  );
}

/** The words before the flags: as many as are named, no more and no fewer. */
export function takeWords(
  args: readonly string[],
  names: readonly string[],
): { readonly words: readonly string[]; readonly flags: readonly string[] } {
  const end = args.findIndex((word) => word.startsWith('-'));
  const words = end < 0 ? args : args.slice(0, end);
  const missing = names[words.length];
  if (missing !== undefined) throw new UsageError(`${missing} is missing.`);
  const [surplus] = words.slice(names.length);
  if (surplus !== undefined) throw new UsageError(`"${surplus}" is one word too many.`);
  return { words, flags: end < 0 ? [] : args.slice(end) };
}

/** Tells what came of a command: a line for people or one value for programs. */
export function tell(values: ShareValues, io: Io, line: string, value: object): void {
  io.write(values.json ? `${JSON.stringify({ ok: true, ...value })}\n` : `${line}\n`);
}
