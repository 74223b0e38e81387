import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { SessionStore } from '@egvkit/share-http';
import { fileSessionStore } from '@egvkit/share-http/node';
import { homeFolder } from './home-folder.ts';
import type { Io } from './io.ts';

/**
 * Path of the folder for journals and other state: the one that systemd gives a service, or else the
 * one that the system has for program state.
 */
export function stateFolder(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): string {
  // systemd lists all folders of a service (systemd.exec); egvkit has one.
  const [given] = env.STATE_DIRECTORY?.split(':') ?? [];
  if (given) return given;
  if (platform === 'win32' && env.LOCALAPPDATA) return join(env.LOCALAPPDATA, 'egvkit');
  if (env.XDG_STATE_HOME) return join(env.XDG_STATE_HOME, 'egvkit');
  return join(homeFolder(), '.local', 'state', 'egvkit');
}

/**
 * The sessions, refusals and locks of all commands: none sends what another was refused. A command
 * that waits for another program's login says so.
 */
export function sessionStore(io: Pick<Io, 'env' | 'progress' | 'writeError'>): SessionStore {
  return fileSessionStore(join(stateFolder(io.env), 'sessions'), {
    onWait({ message }, timeoutMs) {
      io.progress.clear();
      io.writeError(`${message} Waiting up to ${timeoutMs / 1000} s for it to end.\n`);
    },
  });
}

/** The journal of one receiver and one account. Its name tells neither. */
export function journalPath(folder: string, serialNumber: string, target: string): string {
  const name = createHash('sha256')
    .update(JSON.stringify([serialNumber, target]))
    .digest('hex');
  return join(folder, `uploads-${name.slice(0, 16)}.ndjson`);
}
