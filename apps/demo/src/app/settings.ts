import { effect, signal } from '@preact/signals';
import { type Unit, unit } from '../words/format.ts';
import { LANGUAGES, type Language, language, languageOf } from '../words/language.ts';

/** True if readings are kept in this browser. */
export const isRemembering = signal(false);
/** True once the settings of earlier visits have been taken over. */
export const isTold = signal(false);

const KEY = 'egvkit-settings';

interface Kept {
  readonly unit?: unknown;
  readonly language?: unknown;
  readonly remember?: unknown;
}

function kept(): Kept {
  try {
    return (JSON.parse(localStorage.getItem(KEY) ?? '{}') ?? {}) as Kept;
  } catch {
    return {};
  }
}

/** Regions of a language tag that tell glucose in mmol/L; all others use mg/dL. */
const MMOL_REGIONS =
  /-(?:AU|CA|CH|CN|CZ|DK|FI|GB|HR|HU|IE|IS|KZ|LV|LT|MY|NL|NO|NZ|RU|SE|SG|SI|SK|UA|ZA)\b/i;

/** Turns remembering on or off; the browser is asked not to throw away what is remembered. */
export function setRemembering(isWanted: boolean): void {
  isRemembering.value = isWanted;
  if (isWanted) navigator.storage?.persist?.().catch(() => {});
}

/** Takes over the settings of earlier visits, and keeps them up to date from now on. */
export function startSettings(): void {
  const before = kept();
  const isLanguage = LANGUAGES.some(({ code }) => code === before.language);
  language.value = isLanguage ? (before.language as Language) : languageOf(navigator.languages);
  const isUnit = before.unit === 'mg/dL' || before.unit === 'mmol/L';
  const usual: Unit = MMOL_REGIONS.test(navigator.language) ? 'mmol/L' : 'mg/dL';
  unit.value = isUnit ? (before.unit as Unit) : usual;
  isRemembering.value = before.remember === true;
  isTold.value = true;
  const isFirst = { value: true };
  effect(() => {
    document.documentElement.lang = language.value;
    const now = { unit: unit.value, language: language.value, remember: isRemembering.value };
    // A visit that changes nothing leaves nothing behind.
    if (!isFirst.value) keep(JSON.stringify(now));
    isFirst.value = false;
  });
}

function keep(settings: string): void {
  try {
    localStorage.setItem(KEY, settings);
  } catch {
    // Not allowed, or full: they hold until the page is closed.
  }
}

/** Removes the settings of this visit and of earlier ones from the browser. */
export function forgetSettings(): void {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Not allowed, so nothing is there.
  }
}
