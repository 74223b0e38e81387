import { SECRET_FIELDS } from './secrets.ts';

/** Secrets, which must not be shown; undefined ones are not known yet. */
export type Secrets = readonly (string | undefined)[];

/** Put in place of a secret. */
export const REDACTED = '…';

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Spells a text in every way that it can come back: plain, in JSON, in a query. */
function spellings(secret: string): string[] {
  const inQuery = encodeURIComponent(secret.toWellFormed());
  return [secret, JSON.stringify(secret).slice(1, -1), inQuery, inQuery.replaceAll('%20', '+')];
}

/** An id; at the end of a text also the start of one. */
const ID = /[0-9a-f]{8}-(?:(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f-]*$)/gi;
// `SubCode` repeats ids and internals, and decides nothing (share §3.4).
/** A secret field with its value. */
const NAMED = new RegExp(
  `(["'\\\\]*\\b(?:SubCode|${SECRET_FIELDS.join('|')})\\b["'\\\\]*\\s*[:=]\\s*)` +
    `("(?:[^"\\\\]|\\\\.)*"?|[^\\s,;&\\]}]+)`,
  'gi',
);

/** Cuts a secret that stops short because the text does. Below four characters it tells nothing. */
function cutStart(text: string, secret: string): string {
  for (let length = secret.length - 1; length >= 4; length--) {
    if (text.endsWith(secret.slice(0, length))) return text.slice(0, -length) + REDACTED;
  }
  return text;
}

/**
 * Takes the secrets out of a text from the service: the result is without ids, without the values of secret fields,
 * without `SubCode`, and without the given secrets as texts, JSON and queries spell them, whole or
 * cut off at the end.
 */
export function redactText(text: string, secrets: Secrets): string {
  let shown = text;
  const known = secrets.flatMap((secret) => (secret ? spellings(secret) : []));
  // Longest first, so that a secret inside another does not leave its rest behind.
  for (const secret of known.toSorted((a, b) => b.length - a.length)) {
    shown = cutStart(shown.replace(new RegExp(escaped(secret), 'gi'), REDACTED), secret);
  }
  return shown.replace(NAMED, `$1${REDACTED}`).replace(ID, REDACTED);
}

/** Characters that are looked through: an answer may have a million. */
const LOOKED_AT = 4096;

/**
 * Gives the start of a redacted text on one line, for an error: at most `length` characters, none of
 * which a terminal or a bidirectional text would act on.
 */
export function excerpt(text: string, secrets: Secrets, length = 200): string {
  const line = redactText(text.slice(0, LOOKED_AT), secrets)
    .replace(/[\s\p{C}]+/gu, ' ')
    .trim();
  return line.length <= length ? line : `${line.slice(0, length)}${REDACTED}`;
}
