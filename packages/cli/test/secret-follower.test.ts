import { type Destination, SHARE_LIMITS } from '@egvkit/uploader';
import { expect, it } from 'vitest';
import { followSecret } from '../src/commands/upload/secret-follower.ts';

/** A destination that refuses all secrets but one, and remembers what it was asked with. */
function destinationWith(secret: string, asked: string[]): Destination {
  return {
    limits: SHARE_LIMITS,
    readBack: undefined,
    clockOffset: async () => undefined,
    fingerprint: async () => 'one site',
    async prepare() {
      asked.push(secret);
      if (secret !== 'right') throw new Error('refused');
    },
    post: async () => 'posted',
    mayHaveArrived: () => false,
  };
}

it('a destination is made anew when its secret has been corrected, and only then', async () => {
  const asked: string[] = [];
  const made: string[] = [];
  let secret = 'wrong';
  const destination = await followSecret(
    async () => secret,
    (one) => {
      made.push(one);
      return destinationWith(one, asked);
    },
  );
  const upload = async (): Promise<void> => {
    await destination.clockOffset({});
    await destination.prepare({ serialNumber: 'SM1', assign: false });
  };
  await expect(upload()).rejects.toThrow('refused');
  await expect(upload()).rejects.toThrow('refused');
  secret = 'right';
  await upload();
  expect(made).toEqual(['wrong', 'right']);
  expect(asked).toEqual(['wrong', 'wrong', 'right']);
});
