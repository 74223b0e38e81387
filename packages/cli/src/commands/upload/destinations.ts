import { type Destination, shareDestination } from '@egvkit/uploader';
import { nightscoutDestination } from '@egvkit/uploader/nightscout';
import type { Io } from '../../io/io.ts';
import type { DestinationName } from '../../options/destination.ts';
import type { UploadOptions } from '../../options/upload.ts';
import { UsageError } from '../../options/usage.ts';
import { secretFrom } from '../../secrets/secret-source.ts';
import { SECRETS } from '../../secrets/secrets.ts';
import { checkedAccount, openAccount } from '../share/client.ts';
import { followSecret } from './secret-follower.ts';

/** A place that an upload goes to. */
export interface OpenedDestination {
  readonly name: DestinationName;
  /** Address of the service, for people. */
  readonly address: string;
  readonly destination: Destination;
}

/** Says how the destinations are used. */
export interface OpenDestinationOptions {
  /**
   * True if nobody is there later: secrets that have to be asked for are asked for and tried now, those
   * of files are read again when they change, and logins keep the pace of unattended programs.
   */
  readonly isUnattended: boolean;
}

const OPENERS: Readonly<
  Record<
    DestinationName,
    (
      options: UploadOptions,
      io: Io,
      how: OpenDestinationOptions,
    ) => Promise<Omit<OpenedDestination, 'name'>>
  >
> = {
  async share(options, io, { isUnattended }) {
    const client = await openAccount(checkedAccount(options), io, {
      isUnattended,
      tryTyped: isUnattended,
    });
    return { address: client.origin, destination: shareDestination(client) };
  },
  async nightscout({ nightscoutUrl: url }, io, { isUnattended }) {
    if (url === undefined) throw noSite();
    const make = (secret: NightscoutSecret): Destination =>
      nightscoutDestination({ url, ...secret });
    const known = await knownSecret(io);
    if (known === undefined) {
      const destination = make({ token: await typedToken(io) });
      // Whoever has typed it is still there. What comes from a file is tried when there is something to send:
      // a site that is down at the start of the computer holds nothing up.
      if (isUnattended) await destination.prepare({ ...UNNAMED, signal: io.signal });
      return { address: url, destination };
    }
    const again = async (): Promise<NightscoutSecret> => (await knownSecret(io)) ?? known;
    return {
      address: url,
      destination: isUnattended ? await followSecret(again, make) : make(known),
    };
  },
};

/** A site takes readings of any receiver. */
const UNNAMED = { serialNumber: '', assign: false };

/** Names of the destinations of an upload; Share if none is named. */
export function destinationNames({ to = ['share'] }: UploadOptions): readonly DestinationName[] {
  return to;
}

/** Opens the destinations that the options name. Sends nothing but what tries a typed secret. */
export async function openDestinations(
  options: UploadOptions,
  io: Io,
  how: OpenDestinationOptions,
): Promise<readonly OpenedDestination[]> {
  const names = destinationNames(options);
  if (names.length > 1 && options.journal !== undefined) {
    throw new UsageError('--journal names one file, and each destination needs a journal.', {
      help: ['Leave it out: each gets its own in the state folder.'],
    });
  }
  // Nothing is asked before all of the command line is known to be right.
  if (names.includes('share')) checkedAccount(options);
  if (names.includes('nightscout') && options.nightscoutUrl === undefined) throw noSite();
  const opened: OpenedDestination[] = [];
  for (const name of names) opened.push({ name, ...(await OPENERS[name](options, io, how)) });
  return opened;
}

function noSite(): UsageError {
  return new UsageError('The address of the Nightscout site is missing.', {
    help: ['Add --nightscout-url https://…, or set NIGHTSCOUT_URL; "egvkit setup" keeps it.'],
  });
}

type NightscoutSecret = { readonly token: string } | { readonly apiSecret: string };

/** The secret that is known without asking; the token goes before the API secret. */
async function knownSecret(io: Io): Promise<NightscoutSecret | undefined> {
  const token = await secretFrom(SECRETS.nightscoutToken, io);
  if (token !== undefined) return { token: token.value };
  const apiSecret = await secretFrom(SECRETS.nightscoutApiSecret, io);
  return apiSecret && { apiSecret: apiSecret.value };
}

async function typedToken(io: Io): Promise<string> {
  const instead = 'Set NIGHTSCOUT_TOKEN_FILE to a file with the token, or NIGHTSCOUT_TOKEN to it.';
  const typed = await io.askSecret('Access token of the Nightscout site', instead);
  if (typed === '') throw new UsageError('No token was typed, so nothing was sent.');
  return typed;
}
