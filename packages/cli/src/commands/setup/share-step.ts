import { InputError } from '@egvkit/protocol';
import { ShareClient, ShareError } from '@egvkit/share-http';
import { sessionStore } from '../../io/state-path.ts';
import { type AccountOptions, requireAccount } from '../../options/share-account.ts';
import { invalid } from '../../options/usage.ts';
import { SECRETS } from '../../secrets/secrets.ts';
import { parseSetting, type SettingValues } from '../../settings/settings.ts';
import type { Answers } from './answers.ts';
import { attempt, type Dialog } from './dialog.ts';
import { knownSecret } from './kept-secret.ts';

/** Asks for the Share account until a login succeeds: one attempt for each answer. */
export async function askShareAccount(dialog: Dialog, answers: Answers): Promise<void> {
  const { io, say, sayFailure } = dialog;
  let known = await knownSecret(SECRETS.password, io);
  for (;;) {
    answers.settings = { ...answers.settings, ...(await askService(dialog, answers.settings)) };
    answers.settings.account = await dialog.text(
      "Wearer's account: user name, e-mail address, or phone number with + and country code",
      {
        initial: answers.settings.account as string | undefined,
        parse: (text) => parseSetting('account', text),
      },
    );
    const useKnown =
      known !== undefined && (await dialog.yesNo(`Use the password in ${known.source}?`, true));
    const password =
      useKnown && known !== undefined
        ? known.value
        : await dialog.secret('Password of the Share account');
    try {
      const client = await logIn(dialog, answers.settings, password);
      if (client !== undefined) {
        say(`  Logged in at ${client.origin}.`);
        answers.client = client;
        answers.secrets = [...answers.secrets, { kind: SECRETS.password, value: password }];
        return;
      }
    } catch (error) {
      if (!isWrongAnswer(error)) throw error;
      sayFailure(error);
    }
    // What was refused is not offered again.
    if (useKnown) known = undefined;
  }
}

/** Logs in; undefined if the person would rather answer again than wait for the service. */
async function logIn(
  dialog: Dialog,
  settings: SettingValues,
  password: string,
): Promise<ShareClient | undefined> {
  const { io } = dialog;
  const account = requireAccount(settings as AccountOptions);
  return await attempt(dialog, async () => {
    const client = new ShareClient({ ...account, password, store: sessionStore(io) });
    await client.logIn({ signal: io.signal });
    return client;
  });
}

/** Refusals that another answer can help. A locked account is none: no answer is tried then. */
const WRONG_ANSWERS: ReadonlySet<string> = new Set([
  'credentialsRefused',
  'credentialsRefusedBefore',
  'badOrigin',
  'insecureOrigin',
]);

function isWrongAnswer(error: unknown): boolean {
  if (error instanceof InputError) return true;
  return error instanceof ShareError && WRONG_ANSWERS.has(error.code);
}

const REGIONS =
  'Region of the account: us (United States), jp (Japan and Asia-Pacific), ous (everywhere else)';

async function askService(
  dialog: Dialog,
  { region, shareUrl }: SettingValues,
): Promise<Pick<SettingValues, 'region' | 'shareUrl'>> {
  const initial = (region ?? shareUrl) as string | undefined;
  return await dialog.text(REGIONS, {
    initial,
    parse(text) {
      if (text === '') throw invalid('region', text, 'type us, ous or jp');
      // Of a service of one's own, which only those know of who have one.
      if (/^https?:/i.test(text)) {
        return { region: undefined, shareUrl: parseSetting('shareUrl', text) };
      }
      return { region: parseSetting('region', text), shareUrl: undefined };
    },
  });
}
