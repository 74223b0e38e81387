import { delimiter, join } from 'node:path';
import { homeFolder } from './home-folder.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Path of the folder for settings and the secrets of a service: the one that systemd gives the unit
 * (`CONFIGURATION_DIRECTORY`), or the one that the system has for settings of programs.
 */
export function configFolder(
  env: Env,
  platform: NodeJS.Platform = process.platform,
  home?: string,
): string {
  // A unit may have several, of which the first is as good as any.
  const [given] = env.CONFIGURATION_DIRECTORY?.split(delimiter) ?? [];
  if (given) return given;
  if (platform === 'win32' && env.APPDATA) return join(env.APPDATA, 'egvkit');
  if (env.XDG_CONFIG_HOME) return join(env.XDG_CONFIG_HOME, 'egvkit');
  // Asked for only here: the user that systemd makes for a service has no home.
  const ownHome = home ?? homeFolder();
  if (platform === 'darwin') return join(ownHome, 'Library', 'Application Support', 'egvkit');
  return join(ownHome, '.config', 'egvkit');
}

/** Path of the settings: the file that `EGVKIT_SETTINGS` names, or the one of the folder. */
export function settingsPath(env: Env): string {
  return env.EGVKIT_SETTINGS || join(configFolder(env), 'settings.json');
}
