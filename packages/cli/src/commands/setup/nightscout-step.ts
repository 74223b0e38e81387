import { EgvkitError } from '@egvkit/protocol';
import { nightscoutDestination } from '@egvkit/uploader/nightscout';
import { SECRETS, type SecretKind } from '../../secrets/secrets.ts';
import { parseSetting } from '../../settings/settings.ts';
import type { Answers } from './answers.ts';
import { attempt, type Dialog } from './dialog.ts';
import { knownSecret } from './kept-secret.ts';

/** A token as the Admin Tools of a site make it: the name of its subject and a hash. */
const TOKEN = /^[\w-]*-[0-9a-f]{16}$/;

/** Asks for the Nightscout site until it takes the secret: one attempt for each answer. */
export async function askNightscout(dialog: Dialog, answers: Answers): Promise<void> {
  const { io, text, yesNo, secret, say, sayFailure } = dialog;
  const known = {
    token: await knownSecret(SECRETS.nightscoutToken, io),
    apiSecret: await knownSecret(SECRETS.nightscoutApiSecret, io),
  };
  let offered = known.token ?? known.apiSecret;
  for (;;) {
    const url = await text('Address of the Nightscout site', {
      initial: answers.settings.nightscoutUrl as string | undefined,
      parse: (answer) => String(parseSetting('nightscoutUrl', answer)),
    });
    answers.settings.nightscoutUrl = url;
    const useKnown =
      offered !== undefined && (await yesNo(`Use the secret in ${offered.source}?`, true));
    const value =
      useKnown && offered !== undefined
        ? offered.value
        : await secret('Token of the site (its Admin Tools make one), or its API secret');
    const isToken = useKnown ? offered === known.token : TOKEN.test(value);
    try {
      const site = await attempt(dialog, () => tried(url, isToken, value, io.signal));
      if (site !== undefined) {
        const kind: SecretKind = isToken ? SECRETS.nightscoutToken : SECRETS.nightscoutApiSecret;
        say(`  The site takes this ${isToken ? 'token' : 'API secret'}.`);
        answers.secrets = [...answers.secrets, { kind, value }];
        return;
      }
    } catch (error) {
      if (!(error instanceof EgvkitError) || io.signal.aborted) throw error;
      sayFailure(error);
    }
    // What was refused is not offered again.
    if (useKnown) offered = undefined;
  }
}

/** Asks the site whether it takes the secret, and lets it write. Sends no reading. */
async function tried(
  url: string,
  isToken: boolean,
  value: string,
  signal: AbortSignal,
): Promise<true> {
  const credentials = isToken ? { token: value } : { apiSecret: value };
  const destination = nightscoutDestination({ url, ...credentials });
  await destination.prepare({ serialNumber: '', assign: false, signal });
  return true;
}
