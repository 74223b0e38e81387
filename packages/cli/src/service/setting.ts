import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ServiceError } from '../errors/service-error.ts';
import { settingsPath } from '../io/config-path.ts';
import { homeFolder } from '../io/home-folder.ts';
import type { Io } from '../io/io.ts';
import { SECRETS } from '../secrets/secrets.ts';
import type { InputFile, Scope, ServiceSetting } from './plan.ts';
import { assertLasting, type Program, thisProgram } from './program.ts';

/** Choices of whoever installs the service. */
export interface ServiceChoice {
  /** The user, or the whole computer; by who asks if left out: root means the computer. */
  readonly scope?: Scope | undefined;
  /** Program that the service runs; this one if left out. */
  readonly program?: Program | undefined;
  /** False if it does not matter that the program lasts: nothing is installed. */
  readonly lasting?: boolean | undefined;
}

/** Groups that own serial ports, by the habit of distributions. */
const PORT_GROUPS = ['dialout', 'uucp'];

/** Name of the settings among the credentials of systemd, as `settingsPath` looks for it. */
const SETTINGS_NAME = 'settings.json';

/** Variables that the service of a user has from the shell it is installed from: places of files. */
const PLACES = ['XDG_CONFIG_HOME', 'XDG_STATE_HOME', 'CONFIGURATION_DIRECTORY', 'EGVKIT_SETTINGS'];
/** Variables that every service has from that shell. */
const PROXIES = ['HTTPS_PROXY', 'https_proxy', 'NO_PROXY', 'no_proxy'];

/** The scope that is meant. */
function scopeOf({ scope }: ServiceChoice): Scope {
  return scope ?? (process.platform === 'linux' && process.getuid?.() === 0 ? 'system' : 'user');
}

/**
 * Finds out all that the service needs to know.
 *
 * @throws ServiceError `temporaryProgram`, `hiddenProgram`
 */
export async function serviceSetting(
  choice: ServiceChoice,
  io: Pick<Io, 'env'>,
): Promise<ServiceSetting> {
  const scope = scopeOf(choice);
  const program = choice.program ?? thisProgram();
  if (choice.lasting ?? true) assertLasting(program, scope);
  const settings = resolve(settingsPath(io.env));
  const folder = dirname(settings);
  return {
    scope,
    ...program,
    home: io.env.HOME || homeFolder(),
    settings,
    configFolder: folder,
    inputs: inputFiles(settings, scope, io.env),
    environment: passedOn(scope, io.env),
    portGroup: await portGroup(),
    userId: process.getuid?.(),
  };
}

/** @throws ServiceError `noSettings` */
export function assertSettings({ settings: path }: ServiceSetting): void {
  if (!existsSync(path)) throw new ServiceError('noSettings', { path });
}

/** True if a variable names a proxy together with a password. */
export function hasPassword(name: string, value: string): boolean {
  return /_proxy$/i.test(name) && value.includes('@');
}

function inputFiles(settings: string, scope: Scope, env: Io['env']): InputFile[] {
  const secrets = Object.values(SECRETS).map(({ credential, variable }) => ({
    name: credential,
    path: env[`${variable}_FILE`] || join(dirname(settings), credential),
  }));
  const authorities = env.NODE_EXTRA_CA_CERTS;
  return [
    ...(scope === 'system' ? [{ name: SETTINGS_NAME, path: settings }] : []),
    ...secrets.filter(({ path }) => existsSync(path)),
    ...(authorities
      ? [{ name: 'authorities', path: authorities, variable: 'NODE_EXTRA_CA_CERTS' }]
      : []),
  ].map((input) => ({ ...input, path: resolve(input.path) }));
}

/** A definition is for everybody to read: what has a password in it is left out. */
function passedOn(scope: Scope, env: Io['env']): Record<string, string> {
  const names = scope === 'system' ? PROXIES : [...PLACES, ...PROXIES];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = env[name];
      return !value || hasPassword(name, value) ? [] : [[name, value]];
    }),
  );
}

async function portGroup(): Promise<string | undefined> {
  const groups = await readFile('/etc/group', 'utf8').catch(() => '');
  return PORT_GROUPS.find((name) => new RegExp(`^${name}:`, 'm').test(groups));
}
