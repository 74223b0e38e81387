import { SECRET_FIELDS } from './secrets.ts';

/** What stands where a secret stood. */
export const REDACTED = '…';

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The spellings in which a text can come back: plain, in JSON, in a query. */
function spellings(secret: string): string[] {
  const inJson = JSON.stringify(secret).slice(1, -1);
  let inQuery = secret;
  try {
    inQuery = encodeURIComponent(secret);
  } catch {
    // A lone surrogate has no such spelling.
  }
  return [...new Set([secret, inJson, inQuery, inQuery.replaceAll('%20', '+')])];
}

const ID = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gi;
const PART_OF_ID_AT_END = /[0-9a-f]{8}-[0-9a-f-]*$/i;
const NAMED = new RegExp(
  `(["'\\\\]*\\b(?:${SECRET_FIELDS.join('|')})\\b["'\\\\]*\\s*[:=]\\s*)` +
    `("(?:[^"\\\\]|\\\\.)*"?|[^\\s,;&\\]}]+)`,
  'gi',
);
/** `SubCode` repeats ids and internals (spec/share §3.4) and decides nothing: it goes as a whole. */
const SUB_CODE = /("SubCode"\s*:\s*)("(?:[^"\\]|\\.)*"?)/gi;

/** Cuts a secret that stops short because the text does. Below four characters it tells nothing. */
function cutStart(text: string, secret: string): string {
  for (let length = secret.length - 1; length >= 4; length--) {
    if (text.endsWith(secret.slice(0, length))) return text.slice(0, -length) + REDACTED;
  }
  return text;
}

/**
 * A text from the service that may be shown: without ids, without the values of secret fields,
 * without `SubCode`, and without the given secrets in any spelling, whole or cut off at the end.
 */
export function redactText(text: string, secrets: readonly string[]): string {
  let shown = text;
  const known = secrets.filter((secret) => secret !== '').flatMap(spellings);
  // Longest first, so that a secret inside another does not leave its rest behind.
  for (const secret of known.toSorted((a, b) => b.length - a.length)) {
    shown = cutStart(shown.replace(new RegExp(escaped(secret), 'gi'), REDACTED), secret);
  }
  return shown
    .replace(SUB_CODE, `$1"${REDACTED}"`)
    .replace(NAMED, `$1${REDACTED}`)
    .replace(ID, REDACTED)
    .replace(PART_OF_ID_AT_END, REDACTED);
}

/** An answer may be a million characters long; what follows these is not worth looking through. */
const LOOKED_AT = 4096;

/** The start of a redacted text on one line, for an error: at most `length` characters. */
export function excerpt(text: string, secrets: readonly string[], length = 200): string {
  const line = redactText(text.slice(0, LOOKED_AT), secrets).replace(/\s+/g, ' ').trim();
  return line.length <= length ? line : `${line.slice(0, length)}${REDACTED}`;
}
