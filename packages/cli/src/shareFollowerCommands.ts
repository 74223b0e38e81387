import { ShareError } from '@egvkit/protocol';
import {
  type AlertChoices,
  encodeAlertSettings,
  isId,
  PERMISSIONS,
  type Permission,
  type Subscription,
  subscriptionStatus,
} from '@egvkit/protocol/share';
import type { ShareClient } from '@egvkit/share-http';
import { wholeNumber } from './emulateShareOptions.ts';
import { EXIT, type ExitCode } from './failure.ts';
import { alertLines, followerJson, followerLine } from './followerWords.ts';
import type { Io } from './io.ts';
import {
  changing,
  openClient,
  openClientToChange,
  SHARE_FLAGS,
  type ShareValues,
  tell,
} from './shareOptions.ts';
import { chooseAccountName, listOf, parseFlags, parseNamedWords } from './uploadOptions.ts';
import { UsageError } from './usage.ts';

/** The flags of `invite`. */
export const INVITE_FLAGS = {
  ...SHARE_FLAGS,
  'display-name': { type: 'string' },
  permissions: { type: 'string' },
  high: { type: 'string' },
  low: { type: 'string' },
  'urgent-low': { type: 'string' },
  'no-data': { type: 'string' },
} as const;

type InviteValues = ReturnType<typeof parseFlags<typeof INVITE_FLAGS>>;

const NAME = 'The name of the follower';
const ANY_NUMBER = [0, 100_000] as const;

/** Who follows, and who is invited. */
export async function followersListCommand(args: readonly string[], io: Io): Promise<ExitCode> {
  const values = parseFlags(args, SHARE_FLAGS);
  const client = await openClient(values, io);
  const followers = await client.followers.list({ signal: io.signal });
  const nowMs = Date.now();
  if (values.json) {
    tell(values, io, '', { followers: followers.map((follower) => followerJson(follower, nowMs)) });
    return EXIT.ok;
  }
  for (const follower of followers) io.write(`${followerLine(follower, nowMs)}\n`);
  if (followers.length === 0) io.write('Nobody follows, and nobody is invited.\n');
  return EXIT.ok;
}

/** Invites somebody: the service sends the e-mail. */
export async function followersInviteCommand(args: readonly string[], io: Io): Promise<ExitCode> {
  const named = [NAME, 'The e-mail address of the follower'] as const;
  const { values, words } = parseNamedWords(args, INVITE_FLAGS, named);
  const [name, email] = words;
  const permissions = choosePermission(values.permissions ?? 'graph');
  const alerts = chooseAlerts(values);
  const client = await openClientToChange(
    values,
    io,
    `Have Dexcom invite ${email} to follow, as ${name}?`,
  );
  const displayName = values['display-name'] ?? chooseAccountName(values.account, io) ?? '';
  const invitation = { name, email, displayName, permissions, alerts };
  const { contactId, subscriptionId } = await changing(io, () =>
    client.followers.invite(invitation, { signal: io.signal }),
  );
  const line = `${name} is invited; the invitation is good for seven days.`;
  tell(values, io, line, { name, contactId, subscriptionId });
  return EXIT.ok;
}

/** Gives a follower another name. */
export async function followersRenameCommand(args: readonly string[], io: Io): Promise<ExitCode> {
  const { values, words } = parseNamedWords(args, SHARE_FLAGS, [NAME, 'The new name']);
  const [name, newName] = words;
  const what = `call ${name} ${newName}`;
  return await change(values, io, { name, what, find: findContact }, async (client, contactId) => {
    await client.followers.rename(contactId, newName, { signal: io.signal });
    return `${name} is now called ${newName}.`;
  });
}

/** Lets a follower see the graph, or only the newest value and alerts. */
export async function followersPermissionsCommand(
  args: readonly string[],
  io: Io,
): Promise<ExitCode> {
  const named = [NAME, `What the follower may see (${PERMITTED})`] as const;
  const { values, words } = parseNamedWords(args, SHARE_FLAGS, named);
  const [name, word] = words;
  const permission = choosePermission(word);
  const what = permission === 'graph' ? 'see the graph' : 'see the newest value only';
  const meant = { name, what: `let ${name} ${what}`, find: findSubscription };
  return await change(values, io, meant, async (client, subscriptionId) => {
    await client.followers.setPermissions(subscriptionId, permission, { signal: io.signal });
    return `${name} may now ${what}.`;
  });
}

/** Removes a follower, somebody who is invited, or any contact by its id. */
export async function followersRemoveCommand(args: readonly string[], io: Io): Promise<ExitCode> {
  const { values, words } = parseNamedWords(args, SHARE_FLAGS, [NAME]);
  const [name] = words;
  const client = await openClientToChange(values, io, `Really remove ${name}?`);
  // Not looked up: an invitation that failed can leave a contact that no list shows.
  const contactId = isId(name) ? name : await findContact(client, name, io);
  await changing(io, () => client.followers.remove(contactId, { signal: io.signal }));
  tell(values, io, `${name} no longer follows.`, { name, contactId });
  return EXIT.ok;
}

/** Shows a follower nothing until it is resumed. */
export async function followersPauseCommand(args: readonly string[], io: Io): Promise<ExitCode> {
  const { values, words } = parseNamedWords(args, SHARE_FLAGS, [NAME]);
  const [name] = words;
  const meant = { name, what: `show ${name} nothing for now`, find: findSubscription };
  return await change(values, io, meant, async (client, subscriptionId) => {
    await client.followers.pause(subscriptionId, { signal: io.signal });
    return `${name} sees nothing until it is resumed.`;
  });
}

/** Ends a pause. */
export async function followersResumeCommand(args: readonly string[], io: Io): Promise<ExitCode> {
  const { values, words } = parseNamedWords(args, SHARE_FLAGS, [NAME]);
  const [name] = words;
  const meant = { name, what: `show ${name} everything again`, find: findSubscription };
  return await change(values, io, meant, async (client, subscriptionId) => {
    await client.followers.resume(subscriptionId, { signal: io.signal });
    return `${name} sees the account again.`;
  });
}

/** The alerts of a follower, which only the follower changes. */
export async function followersAlertsCommand(args: readonly string[], io: Io): Promise<ExitCode> {
  const { values, words } = parseNamedWords(args, SHARE_FLAGS, [NAME]);
  const [name] = words;
  const client = await openClient(values, io);
  const subscriptionId = await findSubscription(client, name, io);
  const alerts = await client.followers.alerts(subscriptionId, { signal: io.signal });
  if (values.json) {
    const told = Object.entries(alerts).map(([alert, { raw: _, ...rest }]) => ({ alert, ...rest }));
    tell(values, io, '', { alerts: told });
    return EXIT.ok;
  }
  for (const line of alertLines(alerts)) io.write(`${line}\n`);
  return EXIT.ok;
}

interface Meant {
  readonly name: string;
  /** What is to be done to whom, as a question goes on. */
  readonly what: string;
  /** The id by which the service is told who is meant. */
  readonly find: typeof findSubscription;
}

/** Asks, finds the follower, and changes something of it. */
async function change(
  values: ShareValues,
  io: Io,
  { name, what, find }: Meant,
  carryOut: (client: ShareClient, id: string) => Promise<string>,
): Promise<ExitCode> {
  const client = await openClientToChange(values, io, `Really ${what}?`);
  const id = await find(client, name, io);
  tell(values, io, await changing(io, () => carryOut(client, id)), { name });
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
 * What the list has under a name, or under the id of contact or subscription. Who was invited again
 * is in it twice: the invitation that has expired is not meant then.
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
  if (first === undefined) throw new UsageError(`There is no follower "${name}".`);
  return [first, ...more];
}

function several(name: string, found: number): UsageError {
  return new UsageError(`There are ${found} followers "${name}"; use an id of the list.`);
}

function contactOf({ contactId }: Subscription): string {
  if (contactId !== undefined) return contactId;
  throw new ShareError('badReply', {
    endpoint: 'ListPublisherAccountSubscriptions',
    status: 200,
    problem: 'it does not tell the contact id of this follower',
    excerpt: '',
    outcomeUnknown: false,
  });
}

const PERMITTED = listOf(Object.keys(PERMISSIONS));

function choosePermission(word: string): Permission {
  if (Object.hasOwn(PERMISSIONS, word)) return word as Permission;
  throw new UsageError(`There is no permission "${word}"; use ${PERMITTED}.`);
}

/** The alerts that are switched on by naming a threshold; the ranges are the protocol's. */
function chooseAlerts(values: InviteValues): AlertChoices {
  const high = wholeNumber('high', values.high, ANY_NUMBER);
  const low = wholeNumber('low', values.low, ANY_NUMBER);
  const urgentLow = wholeNumber('urgent-low', values['urgent-low'], ANY_NUMBER);
  const noData = wholeNumber('no-data', values['no-data'], ANY_NUMBER);
  const alerts = {
    ...(high !== undefined && { high: { enabled: true, thresholdMgDl: high } }),
    ...(low !== undefined && { low: { enabled: true, thresholdMgDl: low } }),
    ...(urgentLow !== undefined && { urgentLow: { enabled: true, thresholdMgDl: urgentLow } }),
    ...(noData !== undefined && { noData: { enabled: true, delayMinutes: noData } }),
  };
  // Throws for what is outside the ranges, before anything is asked.
  encodeAlertSettings(alerts);
  return alerts;
}
