import { NO_REASON } from './caller.ts';

/** The codes of failed connections, of Node, Bun and Deno, and what they mean to a person. */
const REASONS: readonly (readonly [codes: RegExp, reason: string])[] = [
  [/ENOTFOUND/, 'its name is unknown'],
  [/EAI_AGAIN/, 'its name could not be looked up'],
  [/REFUSED/i, 'nothing answers at that address'],
  [/CERT|SELF_SIGNED|UNABLE_TO|SSL/, 'its certificate or encryption is not accepted'],
  [/TIMEDOUT|TIMEOUT/, 'it does not answer'],
  [/NETUNREACH/, 'there is no network'],
  [/HOSTUNREACH/, 'there is no way to that address'],
  [/RESET|SOCKET/, 'it was closed from the other side'],
];

/** Why a connection failed, for a person; with the code, for who looks it up. */
export function explainFailure(code: string): string {
  const known = REASONS.find(([codes]) => codes.test(code));
  return known === undefined ? code || NO_REASON : `${known[1]} (${code})`;
}
