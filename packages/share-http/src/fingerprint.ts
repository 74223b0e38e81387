import type { RefusalFingerprint } from './store.ts';

/** Slow enough that a stolen fingerprint does not give the password away in an afternoon. */
const ITERATIONS = 200_000;

function hex(bytes: ArrayBuffer | Uint8Array): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** A name for an account that tells nothing about it: SHA-256, hexadecimal. */
export async function accountKey(origin: string, account: string): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify([origin, account.toLowerCase()]));
  return hex(await crypto.subtle.digest('SHA-256', bytes));
}

async function derive(parts: readonly string[], salt: string, iterations: number): Promise<string> {
  const encoder = new TextEncoder();
  const secret = encoder.encode(JSON.stringify(parts));
  const key = await crypto.subtle.importKey('raw', secret, 'PBKDF2', false, ['deriveBits']);
  const algorithm = { name: 'PBKDF2', hash: 'SHA-256', salt: encoder.encode(salt), iterations };
  return hex(await crypto.subtle.deriveBits(algorithm, key, 256));
}

/** A fingerprint of what was refused (service, application, account, password), freshly salted. */
export async function fingerprint(parts: readonly string[]): Promise<RefusalFingerprint> {
  const salt = hex(crypto.getRandomValues(new Uint8Array(16)));
  return { salt, iterations: ITERATIONS, hash: await derive(parts, salt, ITERATIONS) };
}

/** Whether these are the parts a fingerprint was made of. */
export async function isFingerprintOf(
  known: RefusalFingerprint,
  parts: readonly string[],
): Promise<boolean> {
  return known.hash === (await derive(parts, known.salt, known.iterations));
}
