/** As slow as every runtime allows: Cloudflare's workers refuse more (cloudflare/workerd#1346). */
const ITERATIONS = 100_000;

function hex(bytes: ArrayBuffer | Uint8Array): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** A name for an account that tells nothing about it: SHA-256, hexadecimal. */
export async function accountKey(origin: string, account: string): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify([origin, account.toLowerCase()]));
  return hex(await crypto.subtle.digest('SHA-256', bytes));
}

/** Makes fingerprints of one account differ from those of all others. */
export function newSalt(): string {
  return hex(crypto.getRandomValues(new Uint8Array(16)));
}

/** A fingerprint of what was refused: service, application, account, password. */
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
  return hex(await crypto.subtle.deriveBits(algorithm, key, 256));
}
