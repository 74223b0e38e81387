import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readRegularFile, reasonOf } from '@egvkit/node-files';
import { SecretError } from '../errors/secret-error.ts';
import type { Io } from '../io/io.ts';
import { UsageError } from '../options/usage.ts';
import type { SecretKind } from './secrets.ts';

/** Longest secret: a password has some dozen bytes, a token some hundred. */
const MOST_BYTES = 4096;

/** Places that a command line can add to those of the environment. */
export interface SecretOptions {
  /** Takes the secret from standard input. */
  readonly stdin?: boolean | undefined;
}

/** A secret, and the place that it came from. */
export interface FoundSecret {
  readonly value: string;
  /** For people, and without the secret: `DEXCOM_PASSWORD`. */
  readonly source: string;
}

/** A place that a secret can come from; `read` gives undefined if it is not there. */
interface Place {
  readonly source: string;
  readonly read: () => Promise<string | undefined>;
}

type Reader = Pick<Io, 'env' | 'signal' | 'writeError' | 'readInput' | 'askYesNo'>;

/**
 * Takes a secret from the first of these places that has it: standard input, if the command line
 * says so; the file that the variable with `_FILE` names; the credentials folder of systemd; the
 * variable. Undefined if none has it: then it may be asked for. A place that was named and cannot be
 * used is an error, not a reason to look further: another place may have another password, and a
 * refused login counts against the account.
 *
 * @throws SecretError `secretUnusable`; UsageError if standard input is a terminal
 */
export async function secretFrom(
  kind: SecretKind,
  io: Reader,
  options: SecretOptions = {},
): Promise<FoundSecret | undefined> {
  for (const { source, read } of placesOf(kind, io, options)) {
    const value = await read();
    if (value !== undefined) return { value, source };
  }
  return undefined;
}

function* placesOf(kind: SecretKind, io: Reader, { stdin }: SecretOptions): Generator<Place> {
  const { env } = io;
  if (stdin) {
    const source = 'standard input (--password-stdin)';
    yield { source, read: async () => textOf(kind, source, await inputOf(io)) };
  }
  const path = env[`${kind.variable}_FILE`];
  if (path) {
    const source = `${path} (${kind.variable}_FILE)`;
    yield { source, read: () => namedFile(kind, source, path, io) };
  }
  const folder = env.CREDENTIALS_DIRECTORY;
  if (folder) {
    const file = join(folder, kind.credential);
    // Who may read it is systemd's business: its access list looks like a mode that lets others in.
    yield {
      source: file,
      read: async () => {
        const bytes = await bytesOf(kind, file, file, io);
        return bytes && textOf(kind, file, bytes);
      },
    };
  }
  // What is set to nothing is not set.
  yield { source: kind.variable, read: async () => env[kind.variable] || undefined };
}

async function inputOf({ readInput, askYesNo }: Reader): Promise<Buffer> {
  if (askYesNo !== undefined) {
    throw new UsageError('--password-stdin is for a file or a pipe: this is a terminal.', {
      help: ['Leave it out, and the password is asked for without being shown.'],
    });
  }
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of readInput()) {
    pieces.push(piece);
    length += piece.length;
    if (length > MOST_BYTES) break; // told of where it is decoded
  }
  return Buffer.concat(pieces);
}

async function namedFile(
  kind: SecretKind,
  source: string,
  path: string,
  io: Reader,
): Promise<string> {
  const bytes = await bytesOf(kind, source, path, io);
  if (bytes === undefined) throw unusable(kind, source, 'there is no such file');
  await warnOfReaders(path, io);
  return textOf(kind, source, bytes);
}

async function bytesOf(
  kind: SecretKind,
  source: string,
  path: string,
  { signal }: Reader,
): Promise<Buffer | undefined> {
  try {
    return await readRegularFile(path, { maxBytes: MOST_BYTES, signal });
  } catch (error) {
    signal.throwIfAborted();
    throw unusable(kind, source, reasonOf(error) ?? String(error), error);
  }
}

/** Warns of a file that not only its owner may read. Windows has no such modes. */
async function warnOfReaders(path: string, { writeError }: Reader): Promise<void> {
  if (process.platform === 'win32') return;
  const { mode } = await stat(path);
  if ((mode & 0o044) === 0) return;
  const bits = (mode & 0o777).toString(8);
  writeError(`Others on this computer can read ${path} (mode ${bits}): chmod 600 ${path}\n`);
}

/** The secret of a file or a stream: its text without one line break at the end. */
function textOf(kind: SecretKind, source: string, bytes: Uint8Array): string {
  if (bytes.length > MOST_BYTES) {
    throw unusable(kind, source, `it is longer than ${MOST_BYTES} bytes`);
  }
  let text: string;
  try {
    // Windows writes text files in other encodings too: sent as they are, they were refused.
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw unusable(kind, source, 'it is not UTF-8 text', error);
  }
  if (text.includes('\0')) throw unusable(kind, source, 'it is not UTF-8 text');
  const secret = text.replace(/\r?\n$/, '');
  if (secret.trim() === '') throw unusable(kind, source, 'it is empty');
  return secret;
}

function unusable(
  { what }: SecretKind,
  source: string,
  reason: string,
  cause?: unknown,
): SecretError {
  return new SecretError('secretUnusable', { what, source, reason }, { cause });
}
