import { settingsPath } from '../../io/config-path.ts';
import type { Io } from '../../io/io.ts';
import { invalid, listOf, UsageError } from '../../options/usage.ts';
import { EXIT, type ExitCode } from '../../output/exit-codes.ts';
import { jsonLine } from '../../output/json-line.ts';
import { type KnownSettings, knownSettings } from '../../settings/known-settings.ts';
import {
  parseSetting,
  SETTING_NAMES,
  type SettingName,
  type SettingValue,
  type SettingValues,
  settingRow,
} from '../../settings/settings.ts';
import { readSettings, writeSettings } from '../../settings/settings-file.ts';

interface SettingsOptions {
  readonly json?: true | undefined;
}

/** Shows every setting, and where it comes from. */
export async function showSettings({ json }: SettingsOptions, io: Io): Promise<ExitCode> {
  const path = settingsPath(io.env);
  const known = await knownSettings(io);
  if (json) {
    const settings = Object.fromEntries(
      SETTING_NAMES.map((name) => [name, known[name] ?? { value: null, from: null }]),
    );
    io.write(jsonLine({ ok: true, path, settings }));
    return EXIT.ok;
  }
  io.write(`File      ${path}\n`);
  const rows = SETTING_NAMES.map((name) => row(name, known));
  const widths = [0, 1].map((column) => Math.max(...rows.map((cells) => cells[column]!.length)));
  for (const [name, value, from] of rows) {
    io.write(`${name.padEnd(widths[0]!)}  ${value.padEnd(widths[1]!)}  ${from}\n`.trimStart());
  }
  return EXIT.ok;
}

function row(name: SettingName, known: KnownSettings): [string, string, string] {
  const setting = known[name];
  return setting === undefined
    ? [name, '-', 'not set']
    : [name, textOf(setting.value), setting.from];
}

function textOf(value: SettingValue): string {
  return typeof value === 'string' ? value : value.join(', ');
}

/** Changes one setting in the file. */
export async function setSetting(
  word: string,
  texts: readonly string[],
  options: SettingsOptions,
  io: Io,
): Promise<ExitCode> {
  const name = settingNamed(word);
  const { isList } = settingRow(name);
  const [text = '', ...more] = texts;
  if (more.length > 0 && !isList) {
    throw new UsageError(`${name} takes one value, and these are ${texts.length}.`, {
      help: ['A value with blanks is written in quotes.'],
    });
  }
  const value = parseSetting(name, isList ? texts : text);
  await change(io, (values) => ({ ...without(values, excludedBy(name)), [name]: value }));
  return told(io, options, `${name} is now ${textOf(value)}.`, { name, value });
}

/** Removes one setting from the file. */
export async function unsetSetting(
  word: string,
  options: SettingsOptions,
  io: Io,
): Promise<ExitCode> {
  const name = settingNamed(word);
  await change(io, (values) => without(values, [name]));
  return told(io, options, `${name} is no longer set.`, { name, value: null });
}

function settingNamed(word: string): SettingName {
  const name = SETTING_NAMES.find((one) => one.toLowerCase() === word.toLowerCase());
  if (name === undefined) throw invalid('setting', word, `use ${listOf(SETTING_NAMES)}`);
  return name;
}

/** The settings that name the same thing in another way. */
function excludedBy(name: SettingName): readonly SettingName[] {
  const { besides = [] } = settingRow(name);
  return SETTING_NAMES.filter((one) => besides.includes(settingRow(one).option));
}

function without(values: SettingValues, names: readonly SettingName[]): SettingValues {
  const entries = Object.entries(values).filter(([name]) => !names.includes(name as SettingName));
  return Object.fromEntries(entries);
}

async function change(io: Io, edit: (values: SettingValues) => SettingValues): Promise<void> {
  const path = settingsPath(io.env);
  await writeSettings(path, edit(await readSettings(path, io.signal)));
}

function told(io: Io, { json }: SettingsOptions, line: string, value: object): ExitCode {
  io.write(json ? jsonLine({ ok: true, path: settingsPath(io.env), ...value }) : `${line}\n`);
  return EXIT.ok;
}
