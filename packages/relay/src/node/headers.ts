import { validateHeaderName, validateHeaderValue } from 'node:http';
import { RelayError } from '../errors.ts';

/** Headers of every file of the page, unless the caller says otherwise. */
const DEFAULTS: Readonly<Record<string, string>> = {
  'cache-control': 'no-cache',
  'content-security-policy':
    "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** Headers that are the server's own. */
const RESERVED = /^(?:set-cookie|content-(?:type|length|encoding)|transfer-encoding|connection)$/;

/** Throws `RelayError` for a header that cannot be sent. */
function check(header: string, value: string): void {
  if (RESERVED.test(header.toLowerCase())) throw new RelayError('reservedHeader', { header });
  try {
    validateHeaderName(header);
    validateHeaderValue(header, value);
  } catch (cause) {
    throw new RelayError('badHeader', { header }, { cause });
  }
}

/** The headers of every file; `RelayError` `badHeader` or `reservedHeader`. */
export function pageHeaders(
  given: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const headers = { ...DEFAULTS };
  for (const [header, value] of Object.entries(given)) {
    check(header, value);
    headers[header.toLowerCase()] = value;
  }
  return headers;
}
