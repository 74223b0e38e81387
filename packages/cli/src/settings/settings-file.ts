import { dirname } from 'node:path';
import { makePrivateFolder, readRegularFile, reasonOf, replaceFile } from '@egvkit/node-files';
import * as z from 'zod/mini';
import { SettingsError } from '../errors/settings-error.ts';
import { listOf, UsageError } from '../options/usage.ts';
import {
  parseSetting,
  SETTING_NAMES,
  type SettingName,
  type SettingValue,
  type SettingValues,
  settingRow,
} from './settings.ts';

const VERSION = 1;
/** Far more than all settings together. */
const MOST_BYTES = 64 * 1024;

/** The settings of a file; none if there is no file. @throws SettingsError */
export async function readSettings(path: string, signal?: AbortSignal): Promise<SettingValues> {
  let content: Buffer | undefined;
  try {
    content = await readRegularFile(path, { maxBytes: MOST_BYTES, signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw unusable(path, error);
  }
  return content === undefined ? {} : checkedSettings(path, content.toString('utf8'));
}

/** Replaces the file of settings as a whole. @throws SettingsError `settingsUnusable` */
export async function writeSettings(path: string, values: SettingValues): Promise<void> {
  const known = SETTING_NAMES.flatMap((name) => {
    const value = values[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const content = { version: VERSION, ...Object.fromEntries(known) };
  try {
    await makePrivateFolder(dirname(path));
    await replaceFile(path, `${JSON.stringify(content, null, 2)}\n`);
  } catch (error) {
    throw unusable(path, error);
  }
}

function unusable(path: string, cause: unknown): SettingsError {
  const reason = reasonOf(cause);
  if (reason === undefined) throw cause;
  return new SettingsError('settingsUnusable', { path, reason }, { cause });
}

const versioned = z.object({ version: z.int() });
const settings = z.strictObject({
  version: z.literal(VERSION),
  ...Object.fromEntries(
    SETTING_NAMES.map((name) => [
      name,
      z.optional(settingRow(name).isList ? z.array(z.string()) : z.string()),
    ]),
  ),
});

function checkedSettings(path: string, text: string): SettingValues {
  const invalid = (problem: string, cause?: unknown): SettingsError =>
    new SettingsError('settingsInvalid', { path, problem }, { cause });
  let json: unknown;
  try {
    // Editors of Windows put a mark before UTF-8.
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    // The words of the parser quote the file, in which somebody may have put a password.
    throw invalid('the file is not JSON', error instanceof SyntaxError ? undefined : error);
  }
  const version = versioned.safeParse(json);
  if (!version.success) throw invalid(`"version" is missing, which is ${VERSION}`);
  if (version.data.version !== VERSION) {
    throw invalid(
      `they are of version ${version.data.version}, and this egvkit knows version ${VERSION} only`,
    );
  }
  const { success, error, data } = settings.safeParse(json);
  if (!success) throw invalid(describeIssue(error.issues[0]));
  try {
    return parsedSettings(data);
  } catch (cause) {
    if (cause instanceof UsageError) throw invalid(cause.message.replace(/\.$/, ''), cause);
    throw cause;
  }
}

function parsedSettings(data: Readonly<Record<string, unknown>>): SettingValues {
  const values: SettingValues = {};
  for (const name of SETTING_NAMES) {
    const value = data[name] as SettingValue | undefined;
    if (value !== undefined) values[name] = parseSetting(name, value);
  }
  if (values.region !== undefined && values.shareUrl !== undefined) {
    throw new UsageError('region and shareUrl exclude each other.');
  }
  return values;
}

function describeIssue(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code === 'unrecognized_keys') {
    const keys = issue.keys.map((key) => `"${key}"`).join(', ');
    return `egvkit has no setting ${keys}; it has ${listOf(SETTING_NAMES)}`;
  }
  const name = issue?.path[0] as SettingName;
  const kind = settingRow(name).isList ? 'a list of texts' : 'a text';
  return `"${name}" is not ${kind}`;
}
