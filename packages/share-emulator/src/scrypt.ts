import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import type { PasswordHasher } from './passwords.ts';

/** 32 MiB and some tens of milliseconds a password. */
const COST = { N: 2 ** 15, r: 8, p: 1 } as const;
const KEY_BYTES = 32;
const SALT_BYTES = 16;
/** Most memory that a stored hash may make the server take. */
const MOST_MEMORY = 256 * 1024 * 1024;

function derive(
  password: string,
  salt: Buffer,
  cost: Pick<ScryptOptions, 'N' | 'r' | 'p'>,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, KEY_BYTES, { ...cost, maxmem: MOST_MEMORY }, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

/** Salted scrypt by Node's own crypto, for servers. */
export const scryptPasswords: PasswordHasher = {
  async hash(password) {
    const salt = randomBytes(SALT_BYTES);
    const key = await derive(password, salt, COST);
    return `scrypt$${COST.N}$${COST.r}$${COST.p}$${salt.toString('hex')}$${key.toString('hex')}`;
  },
  async matches(password, hash) {
    const [kind, N, r, p, salt = '', known = ''] = hash.split('$');
    if (kind !== 'scrypt') return false;
    const cost = { N: Number(N), r: Number(r), p: Number(p) };
    const key = await derive(password, Buffer.from(salt, 'hex'), cost);
    const expected = Buffer.from(known, 'hex');
    return expected.length === key.length && timingSafeEqual(expected, key);
  },
};
