import { toHex } from '@egvkit/protocol';

/** Most iterations that every runtime allows: Cloudflare's workers refuse more (cloudflare/workerd#1346). */
const ITERATIONS = 100_000;

/** Makes a name for an account that tells nothing about it: SHA-256, hexadecimal. */
export async function accountKey(origin: string, account: string): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify([origin, account.toLowerCase()]));
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
}

/** Makes a salt, by which fingerprints of one account differ from those of all others. */
export function newSalt(): string {
  return toHex(crypto.getRandomValues(new Uint8Array(16)));
}

/** Makes the fingerprint of a login: service, application, account, password. */
export async function fingerprint(parts: readonly string[], salt: string): Promise<string> {
  const encoder = new TextEncoder();
  const secret = encoder.encode(JSON.stringify(parts));
  const key = await crypto.subtle.importKey('raw', secret, 'PBKDF2', false, ['deriveBits']);
  const algorithm = {
    name: 'PBKDF2',
    hash: 'SHA-256',
    salt: encoder.encode(salt),
    iterations: ITERATIONS,
  };
  return toHex(new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, 256)));
}
