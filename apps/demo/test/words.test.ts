import { FAULTS } from '@egvkit/protocol/share';
import { RECEIVER_ERRORS } from '@egvkit/receiver';
import { ACCESS_ERRORS } from '@egvkit/receiver/browser';
import { FOLLOWER_ERRORS, PUBLISH_ERRORS, SHARE_ERRORS } from '@egvkit/share-http';
import { UPLOAD_ERRORS } from '@egvkit/uploader';
import { describe, expect, it } from 'vitest';
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
    const rows = Object.assign({}, ...tables, PUBLISH_ERRORS, UPLOAD_ERRORS, FAULTS);
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
    expect(localeOf('es', ['de-DE', 'en-GB'])).toBe('es');
  });
});
