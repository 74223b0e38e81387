import { type DataOf, stays, TableError } from '@egvkit/protocol';

/** Failures to take a password or another secret from its place, or to put it there. */
export const SECRET_ERRORS = {
  secretUnusable: stays<{
    /** The secret, such as `password of the Share account`. */
    what: string;
    /** The place, such as `FILE (DEXCOM_PASSWORD_FILE)`. */
    source: string;
    reason: string;
  }>(
    ({ what, source, reason }) => `The ${what} cannot be taken from ${source}: ${reason}.`,
    'Nothing was sent. Put the secret there, as a line of UTF-8 text, or name another place.',
  ),
  secretNotKept: stays<{ what: string; source: string; reason: string }>(
    ({ what, source, reason }) => `The ${what} cannot be kept in ${source}: ${reason}.`,
    'Correct that and try again; docs/settings.md has the other places.',
  ),
} as const;

export type SecretErrorCode = keyof typeof SECRET_ERRORS;

/** A secret cannot be taken from its place, or not be put there. Its value is never part of this. */
export class SecretError<Code extends SecretErrorCode = SecretErrorCode> extends TableError<
  typeof SECRET_ERRORS,
  Code
> {
  override readonly name = 'SecretError';

  constructor(code: Code, data: DataOf<typeof SECRET_ERRORS, Code>, options?: { cause?: unknown }) {
    super(SECRET_ERRORS, code, data, options);
  }
}
