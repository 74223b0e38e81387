import { lstat, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makePrivateFolder, reasonOf, replaceFile } from '@egvkit/node-files';
import { SecretError } from '../../errors/secret-error.ts';
import { settingsPath } from '../../io/config-path.ts';
import type { Io } from '../../io/io.ts';
import { type FoundSecret, secretFrom } from '../../secrets/secret-source.ts';
import { SECRETS, type SecretKind } from '../../secrets/secrets.ts';
import type { TriedSecret } from './answers.ts';

/** The file in which a secret is kept for the service: beside the settings. */
export function secretPath(kind: SecretKind, env: Io['env']): string {
  return join(dirname(settingsPath(env)), kind.credential);
}

/** The secret that is known without asking: of the environment, or of the file for the service. */
export async function knownSecret(kind: SecretKind, io: Io): Promise<FoundSecret | undefined> {
  return (await secretFrom(kind, io)) ?? (await keptSecret(kind, io));
}

/** The secret in the file that the service would read: one that a variable names, or its own. */
export async function filedSecret(kind: SecretKind, io: Io): Promise<string | undefined> {
  const isNamed = io.env[`${kind.variable}_FILE`];
  return (await (isNamed ? secretFrom(kind, io) : keptSecret(kind, io)))?.value;
}

/** The secret in the service's own file; none if the file cannot be used: setup writes another one. */
async function keptSecret(kind: SecretKind, io: Io): Promise<FoundSecret | undefined> {
  const path = secretPath(kind, io.env);
  if (!(await exists(path))) return undefined;
  try {
    const { value } =
      (await secretFrom(kind, { ...io, env: { [`${kind.variable}_FILE`]: path } })) ?? {};
    return value === undefined ? undefined : { value, source: path };
  } catch (error) {
    if (error instanceof SecretError) return undefined;
    throw error;
  }
}

/**
 * Files of secrets that the service would use in place of those that were given now: a token goes before
 * an API secret.
 */
export async function supersededFiles(
  secrets: readonly TriedSecret[],
  { env }: Io,
): Promise<readonly string[]> {
  if (!secrets.some(({ kind }) => kind === SECRETS.nightscoutApiSecret)) return [];
  const path = secretPath(SECRETS.nightscoutToken, env);
  return (await exists(path)) ? [path] : [];
}

/**
 * Writes secrets to their files, each as a whole and for its owner only.
 *
 * @returns takes away again what was not there before
 * @throws SecretError `secretUnusable`
 */
export async function keepSecrets(
  secrets: readonly TriedSecret[],
  { env }: Io,
): Promise<() => Promise<void>> {
  const made: string[] = [];
  const undo = async (): Promise<void> => {
    for (const path of made) await rm(path, { force: true });
  };
  for (const { kind, value } of secrets) {
    const path = secretPath(kind, env);
    try {
      await makePrivateFolder(dirname(path));
      if (!(await exists(path))) made.push(path);
      await replaceFile(path, `${value}\n`);
    } catch (error) {
      await undo();
      const reason = reasonOf(error);
      if (reason === undefined) throw error;
      const data = { what: kind.what, source: path, reason };
      throw new SecretError('secretNotKept', data, { cause: error });
    }
  }
  return undo;
}

async function exists(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false,
  );
}
