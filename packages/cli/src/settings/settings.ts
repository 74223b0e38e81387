import type { Option } from '@commander-js/extra-typings';
import { NIGHTSCOUT_URL_OPTION, printedAddress, TO_OPTION } from '../options/destination.ts';
import { PORT_OPTION, SERIAL_OPTION } from '../options/port.ts';
import { ACCOUNT_OPTION, REGION_OPTION, SHARE_URL_OPTION } from '../options/share-account.ts';
import { DEFAULT_UNIT, UNITS_OPTION } from '../options/units.ts';
import { invalid } from '../options/usage.ts';

/** A setting: the option that it stands in for, and the places that have it. */
export interface SettingRow {
  readonly option: Option;
  /** Environment variable that goes before the file of settings. */
  readonly variable?: string;
  /** Options that name the same thing in another way: where one is given, this is not looked for. */
  readonly besides?: readonly Option[];
  /** True if it is a list. */
  readonly isList?: true;
  readonly byDefault?: string;
  /** Parser in place of the option's, for what is kept: the option's user sees an error at once. */
  readonly parse?: (text: string) => string;
}

/** An address of a service, without anything secret. */
function parseOrigin(text: string): string {
  if (/^https?:\/\/[^/?#@\s]+\/?$/.test(text)) return text;
  throw invalid('shareUrl', printedAddress(text), 'use https://host or https://host:port');
}

/** Every setting, by its name in the file. A flag goes before the variable, which goes before the file. */
export const SETTINGS = {
  region: { option: REGION_OPTION, variable: 'DEXCOM_REGION', besides: [SHARE_URL_OPTION] },
  shareUrl: { option: SHARE_URL_OPTION, besides: [REGION_OPTION], parse: parseOrigin },
  account: { option: ACCOUNT_OPTION, variable: 'DEXCOM_USERNAME' },
  units: { option: UNITS_OPTION, byDefault: DEFAULT_UNIT },
  serial: { option: SERIAL_OPTION, besides: [PORT_OPTION] },
  destinations: { option: TO_OPTION, isList: true, byDefault: 'share' },
  nightscoutUrl: { option: NIGHTSCOUT_URL_OPTION, variable: 'NIGHTSCOUT_URL' },
} as const satisfies Readonly<Record<string, SettingRow>>;

export type SettingName = keyof typeof SETTINGS;
export const SETTING_NAMES = Object.keys(SETTINGS) as readonly SettingName[];

/** A value as its option's parser gives it. */
export type SettingValue = string | readonly string[];
export type SettingValues = { [Name in SettingName]?: SettingValue | undefined };

/** The row of a setting, with all that a row may have. */
export function settingRow(name: SettingName): SettingRow {
  return SETTINGS[name];
}

/** Parses a value as the option does; throws its `UsageError`. */
export function parseSetting(name: SettingName, given: SettingValue): SettingValue {
  const { option, isList, parse: parseKept } = settingRow(name);
  const parse = (text: string, before?: unknown): SettingValue => {
    if (text.trim() === '') throw invalid(name, text, 'it may not be empty');
    const parser = parseKept ?? option.parseArg;
    return (parser === undefined ? text : parser(text, before as never)) as SettingValue;
  };
  if (typeof given === 'string') return parse(given);
  if (given.length === 0) throw invalid(name, '', 'it may not be empty');
  const all = given.reduce<SettingValue | undefined>(
    (before, text) => parse(text, before),
    undefined,
  );
  return isList ? (all ?? []) : String(all);
}
