import type { AccountSeed } from '@egvkit/share-emulator';
import { readFileInput } from '../../io/file-input.ts';
import type { Io } from '../../io/io.ts';
import { UsageError } from '../../options/usage.ts';
import { secretFrom } from '../../secrets/secret-source.ts';
import { SECRETS } from '../../secrets/secrets.ts';

/** The accounts that are named, with their passwords from the environment or asked for. */
export async function namedAccounts(
  given: readonly string[],
  file: string | undefined,
  io: Io,
): Promise<readonly AccountSeed[]> {
  const accounts: AccountSeed[] = file === undefined ? [] : await accountsIn(file, io.signal);
  for (const text of given) {
    if (text.includes(':')) {
      throw new UsageError(
        '--account takes a name alone, because others on this computer can read a command line.',
        { help: ['Set DEXCOM_PASSWORD, or write NAME:PASSWORD into a file for --accounts.'] },
      );
    }
    const name = text.trim();
    if (name === '') throw new UsageError('--account needs a name.');
    const password =
      (await secretFrom(SECRETS.password, io))?.value ??
      (await io.askSecret(`Password of ${name}`, 'Set DEXCOM_PASSWORD, or use --accounts FILE.'));
    if (password === '') throw new UsageError(`The password of ${name} may not be empty.`);
    accounts.push({ name, password });
  }
  return accounts;
}

/** Some thousand accounts. */
const MOST_BYTES = 256 * 1024;

/** The accounts of a file: a line `NAME:PASSWORD` for each. No message shows a line of it. */
async function accountsIn(path: string, signal: AbortSignal): Promise<AccountSeed[]> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of readFileInput(path, signal)) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes > MOST_BYTES) {
      throw new UsageError(
        `${path} has more than ${MOST_BYTES} bytes: it is not a list of accounts.`,
      );
    }
  }
  const text = Buffer.concat(pieces).toString('utf8');
  const accounts: AccountSeed[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const colon = line.indexOf(':');
    const [name, password] = [line.slice(0, Math.max(colon, 0)).trim(), line.slice(colon + 1)];
    if (name === '' || password === '') {
      throw new UsageError(`Line ${index + 1} of ${path} is not NAME:PASSWORD.`);
    }
    accounts.push({ name, password });
  }
  return accounts;
}
