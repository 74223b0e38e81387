import { FAULTS } from '@egvkit/protocol/share';
import { RECEIVER_ERRORS } from '@egvkit/receiver';
import { ACCESS_ERRORS } from '@egvkit/receiver/browser';
import { FOLLOWER_ERRORS, PUBLISH_ERRORS, SHARE_ERRORS } from '@egvkit/share-http';
import { UPLOAD_ERRORS } from '@egvkit/uploader';
import { describe, expect, it } from 'vitest';
import { glucose, partPercent, unit } from '../src/words/format.ts';
import { fill, languageOf, localeOf } from '../src/words/language.ts';
import { MESSAGES } from '../src/words/messages.ts';

/** The names that are filled in, and the numbers that choose between one and many. */
function holes(text: string): string[] {
  const names = [...text.matchAll(/\{(\w+)(:[^}|]*\|[^}]*)?\}/g)].map(([, name]) => name ?? '');
  return [...new Set(names)].sort();
}

describe('the table of messages', () => {
  it.each(Object.entries(MESSAGES))('says %s in three languages, with the same facts', (_, row) => {
    const [english, ...others] = row;
    for (const text of row) {
      expect(text.trim()).not.toBe('');
      expect(text.replace(/\{\w+(:[^}|]*\|[^}]*)?\}/g, '')).not.toMatch(/[{}|]/);
    }
    for (const other of others) expect(holes(other)).toEqual(holes(english));
  });

  it('words problems by codes that errors have', () => {
    const tables = [RECEIVER_ERRORS, ACCESS_ERRORS, SHARE_ERRORS, FOLLOWER_ERRORS];
    const own = { partMissing: 'of this page' };
    const rows = Object.assign(own, ...tables, PUBLISH_ERRORS, UPLOAD_ERRORS, FAULTS);
    const codes = Object.keys(MESSAGES)
      .filter((key) => key.match(/^[pw]_/))
      .map((key) => key.split('_')[1] ?? '');
    expect(codes.length).toBeGreaterThan(10);
    expect(codes.filter((code) => !(code in rows))).toEqual([]);
  });

  it('chooses between one and many, and writes numbers as the locale does', () => {
    expect(fill('en', 'en', 'uploadDone', { n: 1 })).toBe('1 reading uploaded');
    expect(fill('en', 'en', 'uploadDone', { n: 1283 })).toBe('1,283 readings uploaded');
    expect(fill('de', 'de', 'uploadDone', { n: 1283 })).toBe('1.283 Werte hochgeladen');
    expect(fill('es', 'es', 'uploadDone', { n: 1 })).toBe('1 lectura subida');
    expect(fill('de', 'de', 'checkedSame', { n: 1 })).toMatch(/^1 kam vom Dienst/);
    expect(fill('de', 'de', 'checkedSame', { n: 2 })).toMatch(/^2 kamen vom Dienst/);
    expect(fill('es', 'es', 'checkedMissing', { n: 1 })).toMatch(/^1 debería estar y no volvió/);
    expect(fill('en', 'en', 'checkedOthers', { n: 1 })).toMatch(/^1 was brought/);
    const pages = { done: 1, total: 1, n: 38 };
    expect(fill('en', 'en', 'readProgress', pages)).toBe('1 of 1 page · 38 readings');
  });

  it('shows strings of devices as they are, whatever is in them', () => {
    const name = '<img src=x onerror=alert(1)> {n} $& {name}';
    expect(fill('en', 'en', 'loggedInAs', { name })).toBe(`Logged in as ${name}`);
  });
});

describe('the language', () => {
  it.each([
    [['de-AT', 'en'], 'de'],
    [['fr-FR', 'es-MX', 'en'], 'es'],
    [['ja'], 'en'],
    [[], 'en'],
  ] as const)('for %j is %s', (wanted, code) => {
    expect(languageOf(wanted)).toBe(code);
  });

  it('keeps the dates of the browser where they are of the language', () => {
    expect(localeOf('en', ['de-DE', 'en-GB'])).toBe('en-GB');
    expect(localeOf('es', ['de-DE', 'en-GB'])).toBe('es-DE');
  });

  it.each([
    [['fr-FR'], 'en-FR', '14:35', '28 Nov'],
    [['ja'], 'en-JP', '14:35', 'Nov 28'],
    [['hi-IN', 'hi'], 'en-IN', '2:35 pm', '28 Nov'],
    [['ar'], 'en-EG', '2:35 PM', 'Nov 28'],
    [['not a tag'], 'en', '2:35 PM', 'Nov 28'],
    [[], 'en', '2:35 PM', 'Nov 28'],
  ])(
    'of %j that the page does not speak has the clock of its region',
    (browser, tag, time, day) => {
      const locale = localeOf('en', browser);
      expect(locale).toBe(tag);
      const at = new Date(2026, 10, 28, 14, 35);
      const words = (options: Intl.DateTimeFormatOptions): string =>
        new Intl.DateTimeFormat(locale, options).format(at).replace(/\s/g, ' ');
      expect(words({ timeStyle: 'short' })).toBe(time);
      expect(words({ day: 'numeric', month: 'short' })).toBe(day);
    },
  );
});

describe('a part of all', () => {
  it.each([
    [0, '0%'],
    [0.1, '<1%'],
    [0.5, '1%'],
    [98.9, '99%'],
    [99.9, '>99%'],
    [100, '100%'],
  ])('of %d percent is %s: something is not nothing', (part, words) => {
    expect(partPercent(part).replace(/\s/g, '')).toBe(words);
  });

  it('goes by a rounding that fits the others, and is nothing or all only if it is', () => {
    expect(partPercent(0.6, 0)).toBe('<1%');
    expect(partPercent(33.6, 33)).toBe('33%');
  });
});

describe('glucose', () => {
  it('is a whole number of mg/dL, or mmol/L with a tenth', () => {
    expect(glucose(181)).toBe('181');
    unit.value = 'mmol/L';
    expect(glucose(181)).toBe('10.0');
    unit.value = 'mg/dL';
  });
});
