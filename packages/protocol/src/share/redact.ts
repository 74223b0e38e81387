import { SECRET_FIELDS } from './secrets.ts';

/** What must not be shown; what is not there yet may stand among it. */
export type Secrets = readonly (string | undefined)[];

/** What stands where a secret stood. */
export const REDACTED = '…';

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The spellings in which a text can come back: plain, in JSON, in a query. */
function spellings(secret: string): string[] {
  const inQuery = encodeURIComponent(secret.toWellFormed());
  return [secret, JSON.stringify(secret).slice(1, -1), inQuery, inQuery.replaceAll('%20', '+')];
}

/** An id; at the end of a text also the start of one. */
const ID = /[0-9a-f]{8}-(?:(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f-]*$)/gi;
/** `SubCode` repeats ids and internals (spec/share §3.4) and decides nothing. */
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
 * A text from the service that may be shown: without ids, without the values of secret fields,
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

/** An answer may be a million characters long; what follows these is not worth looking through. */
const LOOKED_AT = 4096;

/**
 * The start of a redacted text on one line, for an error: at most `length` characters, none of
 * which a terminal or a bidirectional text would act on.
 */
export function excerpt(text: string, secrets: Secrets, length = 200): string {
  const line = redactText(text.slice(0, LOOKED_AT), secrets)
    .replace(/[\s\p{C}]+/gu, ' ')
    .trim();
  return line.length <= length ? line : `${line.slice(0, length)}${REDACTED}`;
}
