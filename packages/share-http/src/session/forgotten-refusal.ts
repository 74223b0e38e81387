import { orAborted } from '@egvkit/platform';
import type { CallOptions } from '../call-options.ts';
import { answered } from './login-guard.ts';
import type { Session } from './session.ts';

/** Forgets that this login was refused or unanswered, so that it can be sent once more. */
export async function forgetRefusal(session: Session, options: CallOptions): Promise<void> {
  const { record } = session;
  await session.requirePassword(options);
  const forget = (): Promise<void> =>
    record.change(async ({ refused, ...rest }) => {
      if (refused === undefined) return rest;
      const own = await session.fingerprint(refused.salt);
      const hashes = refused.hashes.filter((hash) => hash !== own);
      return { ...answered(rest, own), refused: { ...refused, hashes } };
    });
  await orAborted(record.exclusively(forget, options), options.signal);
}
