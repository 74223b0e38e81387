import { signal } from '@preact/signals';
import { MESSAGES, type MessageKey } from './messages.ts';

/** The languages of the page, in the order of the table of messages. */
export const LANGUAGES = [
  { code: 'en', name: 'English' },
  { code: 'de', name: 'Deutsch' },
  { code: 'es', name: 'Español' },
] as const;

export type Language = (typeof LANGUAGES)[number]['code'];

/** The first language of a list that the page speaks; English if it speaks none. */
export function languageOf(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const found = LANGUAGES.find(({ code }) => tag.toLowerCase().split('-')[0] === code);
    if (found !== undefined) return found.code;
  }
  return 'en';
}

/** The language in use. */
export const language = signal<Language>('en');

/**
 * The locale for numbers and dates: the browser's own where it is of the language, since English in
 * London has other dates than English in New York. Who has to read English in Paris keeps its clock of
 * 24 hours.
 */
export function localeOf(code: Language, browser: readonly string[]): string {
  const own = browser.find((tag) => tag.toLowerCase().split('-')[0] === code);
  return own ?? [code, regionOf(browser[0])].filter(Boolean).join('-');
}

/** The region of a tag, or the one where its language is spoken most; undefined for none. */
function regionOf(tag: string | undefined): string | undefined {
  try {
    return tag && new Intl.Locale(tag).maximize().region;
  } catch {
    return undefined;
  }
}

export type Fillings = Readonly<Record<string, string | number>>;

/** A message in a language, filled in. Numbers are written as the locale does. */
export function fill(
  code: Language,
  locale: string,
  key: MessageKey,
  fillings: Fillings = {},
): string {
  const index = LANGUAGES.findIndex((one) => one.code === code);
  const template: string = MESSAGES[key][index] ?? MESSAGES[key][0];
  return template
    .replace(/\{(\w+):([^|}]*)\|([^}]*)\}/g, (_, name: string, one: string, many: string) =>
      new Intl.PluralRules(code).select(Number(fillings[name])) === 'one' ? one : many,
    )
    .replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = fillings[name];
      if (value === undefined) return whole;
      return typeof value === 'number' ? new Intl.NumberFormat(locale).format(value) : value;
    });
}

/** The locale in use. */
export const locale = (): string => localeOf(language.value, navigator.languages);

/** A message in the language in use. */
export function t(key: MessageKey, fillings?: Fillings): string {
  return fill(language.value, locale(), key, fillings);
}

/** True if a word is a key of the table: for words that come from elsewhere. */
export function isMessage(key: string): key is MessageKey {
  return Object.hasOwn(MESSAGES, key);
}
