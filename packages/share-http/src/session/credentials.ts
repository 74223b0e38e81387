import { outOfRange } from '@egvkit/protocol';
import { isId } from '@egvkit/protocol/share';
import type { CallOptions } from '../call-options.ts';

/** Account of the wearer, but for `login: 'follower'` of a `ShareClient`. */
export type ShareAccount =
  | {
      /** User name, e-mail address or phone number (`+1…`), as the account was made. */
      readonly accountName: string;
      readonly accountId?: undefined;
    }
  | {
      /** A UUID: the first step of logging in is left out. A follower's account has no name. */
      readonly accountId: string;
      readonly accountName?: undefined;
    };

/**
 * Password of the account, or a function that is called when a login needs it: again only after a login
 * that failed, and not for a session that is kept. Its signal is aborted when the call that needs the password is given up.
 */
export type Password = string | ((options: CallOptions) => Promise<string>);

/** Account and password, as a client is given them. */
export type ShareCredentials = ShareAccount & { readonly password: Password };

const isFilled = (text: unknown): text is string => typeof text === 'string' && text.trim() !== '';

/**
 * Refuses a password that is certainly wrong.
 *
 * @throws InputError `outOfRange`
 */
export function checkPassword(password: unknown): string {
  if (isFilled(password)) return password;
  throw outOfRange('the password', 'empty', 'filled in');
}

/**
 * Refuses credentials that are certainly wrong; the error shows none of them.
 *
 * @throws InputError `outOfRange`
 */
export function checkCredentials(
  given: ShareCredentials & { readonly applicationId?: string | undefined },
): void {
  const { accountName, accountId, password, applicationId } = given;
  if (!isFilled(accountName ?? accountId)) throw outOfRange('the account', 'empty', 'filled in');
  if (typeof password !== 'function') checkPassword(password);
  for (const [what, id] of Object.entries({ account: accountId, application: applicationId })) {
    if (id !== undefined && !isId(id)) throw outOfRange(`the ${what} id`, 'not an id', 'a UUID');
  }
}
