import {
  NightscoutError,
  nightscoutClock,
  nightscoutDestination,
} from '@egvkit/uploader/nightscout';
import type { Io } from '../../io/io.ts';
import type { FoundSecret } from '../../secrets/secret-source.ts';
import { SECRETS } from '../../secrets/secrets.ts';
import { knownSecret } from '../setup/kept-secret.ts';
import { type CheckId, type CheckResult, fail, failedBy, type Note, ok, skipped } from './check.ts';
import { clockCheck, connectedResult, dnsCheck } from './network-checks.ts';

const SETUP = 'Run "egvkit setup", which asks for it.';

/** Looks at the Nightscout site: that it answers, what its clock says, and if it takes the secret. */
export async function checkNightscout(
  { nightscoutUrl: url }: { readonly nightscoutUrl?: string | undefined },
  io: Io,
  note: Note,
): Promise<void> {
  const skip = (ids: readonly CheckId[], why: string): void => {
    for (const id of ids) note(id, skipped(why));
  };
  if (url === undefined) {
    const unknown = 'The address of the Nightscout site is not known.';
    note('nightscoutDns', fail(unknown, SETUP));
    const rest = [
      'nightscoutSite',
      'nightscoutClock',
      'nightscoutSecret',
      'nightscoutRights',
    ] as const;
    return skip(rest, unknown);
  }
  note('nightscoutDns', await dnsCheck(url, io));
  const { site, clock } = await siteChecks(url, io);
  note('nightscoutSite', site);
  note('nightscoutClock', clock);
  if (site.state === 'fail') {
    return skip(['nightscoutSecret', 'nightscoutRights'], 'The site did not answer.');
  }
  const { secret, rights } = await accessChecks(url, io);
  note('nightscoutSecret', secret);
  note('nightscoutRights', rights);
}

/** Asks the site for the time, once and without a secret, and judges the answer. */
async function siteChecks(
  url: string,
  io: Io,
): Promise<{ readonly site: CheckResult; readonly clock: CheckResult }> {
  try {
    const clock = await nightscoutClock({ url }, { signal: io.signal });
    return { site: await connectedResult(url, io), clock: clockCheck(clock, io) };
  } catch (error) {
    return { site: failedBy(error, io), clock: skipped('The site did not answer.') };
  }
}

interface AccessChecks {
  readonly secret: CheckResult;
  readonly rights: CheckResult;
}

const UNKNOWN = skipped('It takes a secret to know.');

/** Shows the site the secret that is kept for it, once. Sends no reading. */
async function accessChecks(url: string, io: Io): Promise<AccessChecks> {
  try {
    const token = await knownSecret(SECRETS.nightscoutToken, io);
    const apiSecret = token ?? (await knownSecret(SECRETS.nightscoutApiSecret, io));
    if (token !== undefined) return await triedAccess(url, { token }, io);
    if (apiSecret !== undefined) return await triedAccess(url, { apiSecret }, io);
  } catch (error) {
    return { secret: failedBy(error, io), rights: UNKNOWN };
  }
  return { secret: skipped('Neither a token nor an API secret is known.', SETUP), rights: UNKNOWN };
}

type Known =
  | { readonly token: FoundSecret; readonly apiSecret?: undefined }
  | { readonly apiSecret: FoundSecret; readonly token?: undefined };

async function triedAccess(
  url: string,
  { token, apiSecret }: Known,
  io: Io,
): Promise<AccessChecks> {
  const credentials = token ? { token: token.value } : { apiSecret: apiSecret.value };
  const secret = token
    ? ok(`The site takes the token in ${token.source}.`)
    : ok(
        `The site does not refuse the API secret in ${apiSecret.source}; an old one refuses only posts.`,
      );
  try {
    const destination = nightscoutDestination({ url, ...credentials });
    await destination.prepare({ serialNumber: '', assign: false, signal: io.signal });
  } catch (error) {
    const result = failedBy(error, io);
    const code = error instanceof NightscoutError ? error.code : undefined;
    if (code === 'permissionMissing') return { secret, rights: result };
    const fix = code === 'refused' ? `${result.fix} "egvkit setup" asks for it again.` : result.fix;
    return { secret: { ...result, fix }, rights: UNKNOWN };
  }
  const rights = token ? 'It may read and write entries.' : 'An API secret may do everything.';
  return { secret, rights: ok(rights) };
}
