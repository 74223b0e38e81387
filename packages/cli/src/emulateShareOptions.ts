import type { AccountSeed, ServiceBehaviour } from '@egvkit/emulators/share';
import type { Io } from './io.ts';
import { listOf } from './uploadOptions.ts';
import { UsageError } from './usage.ts';

/** The flags of an emulated service, as `parseArgs` wants them. */
export const EMULATE_SHARE_FLAGS = {
  port: { type: 'string' },
  db: { type: 'string' },
  account: { type: 'string', multiple: true },
  seed: { type: 'string' },
  days: { type: 'string' },
  generation: { type: 'string' },
  host: { type: 'string' },
  'allow-network': { type: 'boolean' },
  admin: { type: 'boolean' },
  json: { type: 'boolean' },
  verbose: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/** What they mean. */
export const EMULATE_SHARE_HELP = `Options of emulate share:
  --port N             where to listen on this computer; a free port if left out
  --db FILE            keep everything in an SQLite file; in memory if left out
  --account NAME:PASSWORD
                       an account it has, as often as you like; the password may be in
                       DEXCOM_PASSWORD. One is made up if it has none
  --days N, --seed N   fill accounts without readings with N days of generated ones
  --generation 2015    answer as the service did in 2015; egvkit share needs --sign-in oneStep then
  --admin              take faults over /egvkit/admin/, from this computer only
  --host H --allow-network
                       listen where others can reach it: passwords travel unencrypted
  --json               say in JSON what was started
  --verbose            a line for every request; on failure, all that is known of it
`;

/** A whole number within limits; undefined if it is not given. */
export function wholeNumber(
  flag: string,
  text: string | undefined,
  [least, most]: readonly [number, number],
): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d{1,10}$/.test(text) && value >= least && value <= most) return value;
  throw new UsageError(`--${flag} is a whole number from ${least} to ${most}, not "${text}".`);
}

/** The generation that is named; today's if none is. */
export function chooseGeneration(name: string | undefined): ServiceBehaviour['generation'] {
  if (name === undefined || name === 'current' || name === '2015') return name ?? 'current';
  throw new UsageError(`There is no generation "${name}"; use ${listOf(['current', '2015'])}.`);
}

/** The accounts that are named: `NAME:PASSWORD`, or `NAME` with the password elsewhere. */
export async function namedAccounts(
  given: readonly string[],
  io: Io,
): Promise<{ readonly name: string; readonly password: string }[]> {
  const accounts: AccountSeed[] = [];
  for (const text of given) {
    const colon = text.indexOf(':');
    const name = (colon < 0 ? text : text.slice(0, colon)).trim();
    const password =
      colon < 0
        ? io.env.DEXCOM_PASSWORD ||
          (await io.askSecret(`Password of ${name}`, 'set DEXCOM_PASSWORD or say NAME:PASSWORD'))
        : text.slice(colon + 1);
    if (name === '' || password === '') {
      throw new UsageError('--account is NAME:PASSWORD, and neither may be empty.');
    }
    accounts.push({ name, password });
  }
  return accounts;
}
