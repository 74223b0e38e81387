import { PASSWORD_STDIN_OPTION } from '../../options/password-stdin.ts';
import {
  ACCOUNT_OPTION,
  LOGIN_WAY_OPTION,
  REGION_OPTION,
  SHARE_URL_OPTION,
} from '../../options/share-account.ts';
import { exampleText } from '../../output/help-text.ts';
import type { Root } from '../base.ts';

/** `egvkit share` without its commands, which all take its options. */
export function createShare(root: Root) {
  return root
    .command('share')
    .summary('log in, read, watch, and manage followers at Dexcom Share')
    .description(
      'Talks to a Dexcom Share account. A login is kept, so that the password is asked for once a day; what changes the account asks first. The password may also come from DEXCOM_PASSWORD_FILE (a file) or DEXCOM_PASSWORD.',
    )
    .addOption(REGION_OPTION)
    .addOption(ACCOUNT_OPTION)
    .addOption(SHARE_URL_OPTION)
    .addOption(LOGIN_WAY_OPTION)
    .addOption(PASSWORD_STDIN_OPTION)
    .addHelpText('after', exampleText('egvkit help share readings'));
}

/** The command `egvkit share`, to which its subcommands are added. */
export type Share = ReturnType<typeof createShare>;
