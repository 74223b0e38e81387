import { Option } from '@commander-js/extra-typings';
import type { RegionName } from '@egvkit/protocol/share';
import type { LoginMethod } from '@egvkit/share-http';
import { choiceOption } from './choice.ts';
import { UsageError } from './usage.ts';

const REGIONS: Readonly<Record<RegionName, string>> = {
  us: 'United States',
  ous: 'outside the United States: Europe, Canada, Australia and more',
  jp: 'Japan and Asia-Pacific',
};

/** The ways to log in with an account name; a follower's account has only an id. */
export type LoginWay = Extract<LoginMethod, 'twoSteps' | 'oneStep'>;

const LOGIN_WAYS: Readonly<Record<LoginWay, string>> = {
  twoSteps: 'as Share does today',
  oneStep: 'as Share did until 2020',
};

export const REGION_OPTION = choiceOption(
  '--region <region>',
  'where the account is: us (United States), jp (Japan and Asia-Pacific), or ous (everywhere else)',
  REGIONS,
);

export const SHARE_URL_OPTION = new Option(
  '--share-url <url>',
  'address of a Share service of your own, in place of --region',
);

export const ACCOUNT_OPTION = new Option(
  '--account <name>',
  "the wearer's Dexcom account: user name, e-mail address, or phone number with + and country code (or DEXCOM_USERNAME)",
);

export const LOGIN_WAY_OPTION = choiceOption(
  '--login-way <way>',
  'twoSteps (default), or oneStep for a service that imitates Share as it was until 2020',
  LOGIN_WAYS,
);

export const YES_OPTION = new Option('--yes', 'change the account without asking');

/** Values of the options that choose an account. */
export interface AccountOptions {
  readonly region?: RegionName | undefined;
  readonly shareUrl?: string | undefined;
  readonly account?: string | undefined;
}

/** An account of a service. */
export type ChosenAccount = ChosenService & { readonly accountName: string };

/** A service, by its region or its address. The address has not been looked at. */
export type ChosenService = { readonly region: RegionName } | { readonly origin: string };

/** The service that is named; undefined if none is. */
export function chosenService({ region, shareUrl }: AccountOptions): ChosenService | undefined {
  if (region !== undefined && shareUrl !== undefined) {
    throw new UsageError('Give either --region or --share-url, not both.');
  }
  if (shareUrl !== undefined) return { origin: shareUrl };
  return region === undefined ? undefined : { region };
}

/** The account that is named; undefined if none is. */
export function chosenAccountName({ account }: AccountOptions): string | undefined {
  return account?.trim() ? account : undefined;
}

/** The account and service that are named; both have to be. */
export function requireAccount(options: AccountOptions): ChosenAccount {
  const service = chosenService(options);
  if (service === undefined) {
    throw new UsageError('The region of the account is missing.', {
      help: [
        'Add --region us, ous or jp, or --share-url for a service of your own; "egvkit setup" keeps them.',
      ],
    });
  }
  const accountName = chosenAccountName(options);
  if (accountName === undefined) {
    throw new UsageError("The wearer's account is missing.", {
      help: ['Add --account NAME, or set DEXCOM_USERNAME; "egvkit setup" keeps it.'],
    });
  }
  return { ...service, accountName };
}
