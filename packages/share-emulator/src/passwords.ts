import { toHex } from '@egvkit/protocol';

/** Hashes passwords, which are never kept as they are. */
export interface PasswordHasher {
  hash(password: string): Promise<string>;
  matches(password: string, hash: string): Promise<boolean>;
}

const ITERATIONS = 100_000;

async function derive(password: string, salt: string, iterations: number): Promise<string> {
  const encoder = new TextEncoder();
  const secret = encoder.encode(password);
  const key = await crypto.subtle.importKey('raw', secret, 'PBKDF2', false, ['deriveBits']);
  const algorithm = { name: 'PBKDF2', hash: 'SHA-256', salt: encoder.encode(salt), iterations };
  return toHex(new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, 256)));
}

/** Salted PBKDF2-SHA-256 by WebCrypto, so that the service runs wherever `fetch` does. */
export const webCryptoPasswords: PasswordHasher = {
  async hash(password) {
    const salt = toHex(crypto.getRandomValues(new Uint8Array(16)));
    return `pbkdf2-sha256$${ITERATIONS}$${salt}$${await derive(password, salt, ITERATIONS)}`;
  },
  async matches(password, hash) {
    const [kind, iterations = '', salt = '', known = ''] = hash.split('$');
    if (kind !== 'pbkdf2-sha256') return false;
    return (await derive(password, salt, Number(iterations))) === known;
  },
};
