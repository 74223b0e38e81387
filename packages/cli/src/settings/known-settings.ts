import type { CommandUnknownOpts, Option } from '@commander-js/extra-typings';
import { settingsPath } from '../io/config-path.ts';
import type { Io } from '../io/io.ts';
import { UsageError } from '../options/usage.ts';
import {
  parseSetting,
  SETTING_NAMES,
  type SettingName,
  type SettingValue,
  settingRow,
} from './settings.ts';
import { readSettings } from './settings-file.ts';

/** A value, and the place that it comes from. */
export interface KnownSetting {
  readonly value: SettingValue;
  /** A variable, `settings` for the file, or `default`. */
  readonly from: string;
}

export type KnownSettings = Partial<Record<SettingName, KnownSetting>>;

/**
 * The settings that hold where `given` are the options of the command line: those of the
 * environment, then of the file, then the defaults. What the command line says is left out.
 *
 * @throws SettingsError; UsageError for a variable with a value that it cannot have
 */
export async function knownSettings(
  { env, signal }: Pick<Io, 'env' | 'signal'>,
  given: Iterable<Option> = [],
): Promise<KnownSettings> {
  const file = await readSettings(settingsPath(env), signal);
  const settled = new Set(given);
  const known: KnownSettings = {};
  const layers = [
    (name: SettingName) => fromVariable(name, env),
    (name: SettingName) => from('settings', file[name]),
    (name: SettingName) => from('default', settingRow(name).byDefault),
  ];
  for (const layer of layers) {
    const found: Option[] = [];
    for (const name of SETTING_NAMES) {
      const { option, besides = [] } = settingRow(name);
      if ([option, ...besides].some((one) => settled.has(one))) continue;
      const setting = layer(name);
      if (setting === undefined) continue;
      known[name] = setting;
      found.push(option);
    }
    for (const option of found) settled.add(option);
  }
  return known;
}

function from(place: string, value: SettingValue | undefined): KnownSetting | undefined {
  return value === undefined ? undefined : { value, from: place };
}

function fromVariable(name: SettingName, env: Io['env']): KnownSetting | undefined {
  const { variable } = settingRow(name);
  const text = variable === undefined ? undefined : env[variable];
  // What is set to nothing is not set.
  if (variable === undefined || !text?.trim()) return undefined;
  try {
    return { value: parseSetting(name, text), from: variable };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(error.message, { help: [`It is set in ${variable}.`], cause: error });
  }
}

/** Gives a command the settings for those of its options that the command line leaves out. */
export async function applySettings(command: CommandUnknownOpts, io: Io): Promise<void> {
  const owners = new Map<Option, CommandUnknownOpts>();
  for (let one: CommandUnknownOpts | null = command; one !== null; one = one.parent) {
    for (const option of one.options) owners.set(option as Option, one);
  }
  const names = SETTING_NAMES.filter((name) => owners.has(settingRow(name).option));
  if (names.length === 0) return;
  const given = [...owners].flatMap(([option, owner]) =>
    owner.getOptionValueSource(option.attributeName()) === 'cli' ? [option] : [],
  );
  const known = await knownSettings(io, given);
  for (const name of names) {
    const { option } = settingRow(name);
    const setting = known[name];
    if (setting === undefined || setting.from === 'default') continue;
    const owner = owners.get(option);
    owner?.setOptionValueWithSource(option.attributeName(), setting.value, 'config');
  }
}
