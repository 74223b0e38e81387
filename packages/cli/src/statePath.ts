import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where journals and the like are kept: the folder the system has for what programs remember. */
export function stateFolder(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): string {
  if (platform === 'win32' && env.LOCALAPPDATA) return join(env.LOCALAPPDATA, 'egvkit');
  if (env.XDG_STATE_HOME) return join(env.XDG_STATE_HOME, 'egvkit');
  return join(homedir(), '.local', 'state', 'egvkit');
}

/** The journal of one receiver and one account. Its name tells neither. */
export function journalPath(folder: string, serialNumber: string, target: string): string {
  const name = createHash('sha256')
    .update(JSON.stringify([serialNumber, target]))
    .digest('hex');
  return join(folder, `uploads-${name.slice(0, 16)}.ndjson`);
}
