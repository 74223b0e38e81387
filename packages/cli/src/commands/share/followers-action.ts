import {
  type AlertChoices,
  encodeAlertSettings,
  isId,
  type Permission,
  type Subscription,
  subscriptionStatus,
} from '@egvkit/protocol/share';
import { type ShareClient, ShareError } from '@egvkit/share-http';
import type { Io } from '../../io/io.ts';
import { chosenAccountName } from '../../options/share-account.ts';
import { DEFAULT_UNIT, type Unit } from '../../options/units.ts';
import { UsageError } from '../../options/usage.ts';
import { EXIT, type ExitCode } from '../../output/exit-codes.ts';
import { alertLines, followerJson, followerLine } from '../../output/followers.ts';

import {
  type ChangeOptions,
  changing,
  openClient,
  openClientToChange,
  type ShareOptions,
  tell,
} from './client.ts';

/** Command-line options of an invitation. Thresholds in mg/dL, `missingData` in minutes. */
interface InviteOptions extends ChangeOptions {
  readonly displayName?: string | undefined;
  readonly permissions?: Permission | undefined;
  readonly high?: number | undefined;
  readonly low?: number | undefined;
  readonly urgentLow?: number | undefined;
  readonly missingData?: number | undefined;
}

/** Lists who follows, and who is invited. */
export async function listFollowers(options: ShareOptions, io: Io): Promise<ExitCode> {
  const client = await openClient(options, io);
  const followers = await client.followers.list({ signal: io.signal });
  const nowMs = Date.now();
  if (options.json) {
    tell(options, io, '', {
      followers: followers.map((follower) => followerJson(follower, nowMs)),
    });
    return EXIT.ok;
  }
  for (const follower of followers) io.write(`${followerLine(follower, nowMs)}\n`);
  if (followers.length === 0) io.write('Nobody follows, and nobody is invited.\n');
  return EXIT.ok;
}

/** Invites somebody: the service sends the e-mail. */
export async function inviteFollower(
  name: string,
  email: string,
  options: InviteOptions,
  io: Io,
): Promise<ExitCode> {
  const { permissions = 'graph' } = options;
  const alerts = chosenAlerts(options);
  const client = await openClientToChange(
    options,
    io,
    `Have Dexcom invite ${email} to follow, as ${name}?`,
  );
  const displayName = options.displayName ?? chosenAccountName(options) ?? '';
  const invitation = { name, email, displayName, permissions, alerts };
  const { contactId, subscriptionId } = await changing(io, () =>
    client.followers.invite(invitation, { signal: io.signal }),
  );
  const line = `${name} is invited; the invitation is good for seven days.`;
  tell(options, io, line, { name, contactId, subscriptionId });
  return EXIT.ok;
}

/** Gives a follower another name. */
export async function renameFollower(
  name: string,
  newName: string,
  options: ChangeOptions,
  io: Io,
): Promise<ExitCode> {
  const what = `call ${name} ${newName}`;
  return await change(options, io, { name, what, find: findContact }, async (client, contactId) => {
    await client.followers.rename(contactId, newName, { signal: io.signal });
    return `${name} is now called ${newName}.`;
  });
}

/** Lets a follower see the graph, or only the newest value and alerts. */
export async function setPermissions(
  name: string,
  permission: Permission,
  options: ChangeOptions,
  io: Io,
): Promise<ExitCode> {
  const what = permission === 'graph' ? 'see the graph' : 'see the newest value only';
  const meant = { name, what: `let ${name} ${what}`, find: findSubscription };
  return await change(options, io, meant, async (client, subscriptionId) => {
    await client.followers.setPermissions(subscriptionId, permission, { signal: io.signal });
    return `${name} may now ${what}.`;
  });
}

/** Removes a follower, somebody who is invited, or any contact by its id. */
export async function removeFollower(
  name: string,
  options: ChangeOptions,
  io: Io,
): Promise<ExitCode> {
  const client = await openClientToChange(options, io, `Really remove ${name}?`);
  // Not looked up: an invitation that failed can leave a contact that no list shows.
  const contactId = isId(name) ? name : await findContact(client, name, io);
  await changing(io, () => client.followers.remove(contactId, { signal: io.signal }));
  tell(options, io, `${name} no longer follows.`, { name, contactId });
  return EXIT.ok;
}

/** Shows a follower nothing until it is resumed. */
export async function pauseFollower(
  name: string,
  options: ChangeOptions,
  io: Io,
): Promise<ExitCode> {
  const meant = { name, what: `show ${name} nothing for now`, find: findSubscription };
  return await change(options, io, meant, async (client, subscriptionId) => {
    await client.followers.pause(subscriptionId, { signal: io.signal });
    return `${name} sees nothing until it is resumed.`;
  });
}

/** Ends a pause. */
export async function resumeFollower(
  name: string,
  options: ChangeOptions,
  io: Io,
): Promise<ExitCode> {
  const meant = { name, what: `show ${name} everything again`, find: findSubscription };
  return await change(options, io, meant, async (client, subscriptionId) => {
    await client.followers.resume(subscriptionId, { signal: io.signal });
    return `${name} sees the account again.`;
  });
}

/** Shows the alerts of a follower, which only the follower changes. */
export async function showAlerts(
  name: string,
  options: ShareOptions & { readonly units?: Unit | undefined },
  io: Io,
): Promise<ExitCode> {
  const client = await openClient(options, io);
  const subscriptionId = await findSubscription(client, name, io);
  const alerts = await client.followers.alerts(subscriptionId, { signal: io.signal });
  if (options.json) {
    const told = Object.entries(alerts).map(([alert, { raw: _, ...rest }]) => ({ alert, ...rest }));
    tell(options, io, '', { alerts: told });
    return EXIT.ok;
  }
  for (const line of alertLines(alerts, options.units ?? DEFAULT_UNIT)) io.write(`${line}\n`);
  return EXIT.ok;
}

interface Meant {
  readonly name: string;
  /** The change and its follower, to complete the question "Really …?": `remove "Rob"`. */
  readonly what: string;
  /** Finds the id that the service takes for this change. */
  readonly find: typeof findSubscription;
}

/** Asks, finds the follower, and changes something of it. */
async function change(
  options: ChangeOptions,
  io: Io,
  { name, what, find }: Meant,
  carryOut: (client: ShareClient, id: string) => Promise<string>,
): Promise<ExitCode> {
  const client = await openClientToChange(options, io, `Really ${what}?`);
  const id = await find(client, name, io);
  tell(options, io, await changing(io, () => carryOut(client, id)), { name });
  return EXIT.ok;
}

/** The id of the one subscription that is meant. */
async function findSubscription(client: ShareClient, name: string, io: Io): Promise<string> {
  const [{ subscriptionId }, ...more] = await findEntries(client, name, io);
  if (more.length > 0) throw several(name, 1 + more.length);
  return subscriptionId;
}

/** The id of the one contact that is meant, who may be in the list once for each invitation. */
async function findContact(client: ShareClient, name: string, io: Io): Promise<string> {
  const entries = await findEntries(client, name, io);
  const [contactId, ...more] = new Set(entries.map(contactOf));
  if (contactId === undefined || more.length > 0) throw several(name, entries.length);
  return contactId;
}

/**
 * Finds the followers with a name, a contact id or a subscription id. An expired invitation is left
 * out if another entry of the same follower is found: a follower who was invited again is in the
 * list twice.
 */
async function findEntries(
  client: ShareClient,
  name: string,
  io: Io,
): Promise<[Subscription, ...Subscription[]]> {
  const nowMs = Date.now();
  const all = await client.followers.list({ signal: io.signal });
  const found = all.filter(
    ({ contactName, contactId, subscriptionId, state }) =>
      state.name !== 'removed' && [contactName, contactId, subscriptionId].includes(name),
  );
  const good = found.filter((one) => subscriptionStatus(one, nowMs) !== 'expired');
  const [first, ...more] = good.length > 0 ? good : found;
  if (first === undefined)
    throw new UsageError(`There is no follower "${name}".`, {
      help: ['"egvkit share followers list" prints names and ids.'],
    });
  return [first, ...more];
}

function several(name: string, found: number): UsageError {
  return new UsageError(`There are ${found} followers "${name}".`, {
    help: ['Use an id that "egvkit share followers list" prints.'],
  });
}

function contactOf({ contactId }: Subscription): string {
  if (contactId !== undefined) return contactId;
  throw new ShareError('badReply', {
    endpoint: 'ListPublisherAccountSubscriptions',
    status: 200,
    problem: 'the contact id of this follower is missing',
    excerpt: '',
    outcomeUnknown: false,
  });
}

/** The alerts that are switched on by naming a threshold; the ranges are the protocol's. */
function chosenAlerts({ high, low, urgentLow, missingData }: InviteOptions): AlertChoices {
  const alerts = {
    ...(high !== undefined && { high: { enabled: true, thresholdMgDl: high } }),
    ...(low !== undefined && { low: { enabled: true, thresholdMgDl: low } }),
    ...(urgentLow !== undefined && { urgentLow: { enabled: true, thresholdMgDl: urgentLow } }),
    ...(missingData !== undefined && {
      noData: { enabled: true, delayMinutes: missingData },
    }),
  };
  // Throws for what is outside the ranges, before anything is asked.
  encodeAlertSettings(alerts);
  return alerts;
}
