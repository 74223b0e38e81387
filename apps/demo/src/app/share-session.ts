import type { FoldedReading, ShareClient } from '@egvkit/share-http';
import { computed, effect, signal } from '@preact/signals';
import {
  type AccountEvent,
  type AccountState,
  nextAccount,
  SIGNED_OUT,
} from '../machines/account.ts';
import {
  type FollowEvent,
  type Followed,
  type FollowState,
  NOT_FOLLOWING,
  nextFollow,
} from '../machines/follow.ts';
import {
  type FollowersEvent,
  type FollowersState,
  NO_FOLLOWERS,
  nextFollowers,
} from '../machines/followers.ts';
import { problemOf } from '../machines/problem.ts';
import {
  NO_UPLOAD,
  nextUpload,
  type UploadState,
  type UploadStateEvent,
} from '../machines/upload.ts';
import { askForServices, INSIDE, type Service, servicesFor } from '../share/services.ts';
import { connectedReceiver, givesMadeUp, receiverState, useForUpload } from './receiver-session.ts';

export const services = signal<readonly Service[]>([INSIDE]);
export const accountState = signal<AccountState>(SIGNED_OUT);
export const uploadState = signal<UploadState>(NO_UPLOAD);
export const followState = signal<FollowState>(NOT_FOLLOWING);
export const followersState = signal<FollowersState>(NO_FOLLOWERS);

/** True if the account takes what the connected receiver gives: made-up readings go to no real one. */
export const takesReadings = computed(() => {
  const state = accountState.value;
  if (state.at !== 'loggedIn') return false;
  return servicesFor(services.value, givesMadeUp.value).some(({ id }) => id === state.service);
});

/** True if the account that is logged in is of an emulated service. */
export const isEmulatedAccount = computed(() => {
  const state = accountState.value;
  if (state.at !== 'loggedIn') return false;
  return servicesFor(services.value, true).some(({ id }) => id === state.service);
});

/** Loaded when it is needed: most visits only look. */
const share = () => import('./share-parts.ts');

let client: ShareClient | undefined;
let uploading: AbortController | undefined;
let following: AbortController | undefined;

const account = (event: AccountEvent): void => {
  accountState.value = nextAccount(accountState.value, event);
};
const uploadHappens = (event: UploadStateEvent): void => {
  uploadState.value = nextUpload(uploadState.value, event);
};
const followHappens = (event: FollowEvent): void => {
  followState.value = nextFollow(followState.value, event);
};
const followersHappen = (event: FollowersEvent): void => {
  followersState.value = nextFollowers(followersState.value, event);
};

/** A plan is of the receiver that is connected: another one has its own. */
effect(() => {
  if (receiverState.value.at === 'choosing') {
    uploadState.value = nextUpload(uploadState.peek(), { kind: 'reset' });
  }
});

/** Asks what served the page for its services. */
export async function startServices(): Promise<void> {
  services.value = [...(await askForServices()), INSIDE];
}

/** Logs in, once: a refusal is never repeated by itself. */
export async function logIn(
  service: Service,
  credentials: { readonly accountName: string; readonly password: string },
): Promise<void> {
  if (accountState.value.at !== 'signedOut') return;
  account({ kind: 'logIn', service: service.id, accountName: credentials.accountName });
  const own = accountState.value;
  try {
    const { clientFor } = await share();
    const made = await clientFor(service, credentials);
    await made.logIn();
    // Nobody waits any more if everything was forgotten meanwhile.
    if (accountState.value !== own) return;
    client = made;
    account({ kind: 'loggedIn' });
  } catch (error) {
    if (accountState.value === own) account({ kind: 'refused', problem: problemOf(error) });
  }
}

/** Forgets the account and its password. */
export function logOut(): void {
  stopFollowing();
  uploading?.abort();
  client = undefined;
  account({ kind: 'logOut' });
  followersHappen({ kind: 'signedOut' });
  uploadHappens({ kind: 'reset' });
}

/** Looks what an upload would send; asks nothing of any service. */
export async function previewReadings(): Promise<void> {
  const receiver = connectedReceiver();
  const free = receiver === undefined ? undefined : useForUpload();
  if (receiver === undefined || free === undefined) return;
  uploadHappens({ kind: 'preview' });
  try {
    const { preview } = await share();
    uploading = new AbortController();
    uploadHappens({ kind: 'previewed', plan: await preview(receiver, uploading.signal) });
  } catch (error) {
    uploadHappens({ kind: 'failed', problem: problemOf(error) });
  } finally {
    free();
  }
}

/** Uploads what is new, and reads it back. */
export async function uploadReadings(assign: boolean): Promise<void> {
  const receiver = connectedReceiver();
  const own = client;
  if (receiver === undefined || own === undefined || !takesReadings.peek()) return;
  const free = useForUpload();
  if (free === undefined) return;
  uploadHappens({ kind: 'begin' });
  const stop = new AbortController();
  uploading = stop;
  try {
    const { upload } = await share();
    uploadHappens({ kind: 'loggedIn' });
    const options = { assign, signal: stop.signal };
    const outcome = await upload(receiver, own, options, uploadHappens);
    uploadHappens({ kind: 'checked', outcome });
  } catch (error) {
    if (stop.signal.aborted) uploadHappens({ kind: 'cancelled' });
    else uploadHappens({ kind: 'failed', problem: problemOf(error) });
  } finally {
    free();
    // What became of it is nothing to another account.
    if (client !== own) uploadHappens({ kind: 'reset' });
  }
}

/** Gives up an upload; what was posted is noted, so the next one goes on from there. */
export function cancelUpload(): void {
  uploading?.abort();
}

const DAY_MS = 86_400_000;

/** Shows the readings of the account as they come, until it is stopped. */
export async function startFollowing(): Promise<void> {
  if (client === undefined || followState.value.at !== 'off') return;
  const stop = new AbortController();
  following = stop;
  followHappens({ kind: 'start' });
  try {
    const watched = client.watch({
      signal: stop.signal,
      sinceMs: Date.now() - DAY_MS,
      onFailure: (error) => followHappens({ kind: 'troubled', problem: problemOf(error) }),
    });
    // `watch` tells of readings only; an account that shares none is told by one look at the day.
    const day = await client.readings({ minutes: 1440, maxCount: 288, signal: stop.signal });
    followHappens({ kind: 'came', readings: day.map(followedOf), nowMs: Date.now() });
    for await (const reading of watched) {
      followHappens({ kind: 'came', readings: [followedOf(reading)], nowMs: Date.now() });
    }
  } catch (error) {
    if (!stop.signal.aborted) followHappens({ kind: 'failed', problem: problemOf(error) });
  }
}

function followedOf({ utcMs, mgDl, status, trend }: FoldedReading): Followed {
  return { utcMs, mgDl, status, trend: trend.name };
}

/** Stops following. */
export function stopFollowing(): void {
  following?.abort();
  followHappens({ kind: 'stop' });
}

/** Does something about followers, and lists them anew. */
async function changeFollowers(
  work: 'loading' | 'inviting' | 'changing',
  change: (client: ShareClient) => Promise<unknown>,
): Promise<void> {
  const own = client;
  if (own === undefined || followersState.value.work !== undefined) return;
  followersHappen({ kind: 'begin', work });
  /** Followers of an account that is logged out by now are nothing to the next one. */
  const happen = (event: FollowersEvent): void => {
    if (client === own) followersHappen(event);
  };
  try {
    await change(own);
    const { followersOf } = await share();
    happen({ kind: 'listed', list: followersOf(await own.followers.list(), Date.now()) });
  } catch (error) {
    happen({ kind: 'failed', problem: problemOf(error) });
  }
}

/** Lists who follows the account. */
export const loadFollowers = (): Promise<void> => changeFollowers('loading', async () => {});

export const inviteFollower = (invitation: {
  readonly name: string;
  readonly email: string;
  readonly displayName: string;
}): Promise<void> =>
  changeFollowers('inviting', async ({ followers }) => {
    await followers.invite(invitation);
    followersHappen({ kind: 'invited', name: invitation.name });
  });

export const pauseFollower = (subscriptionId: string): Promise<void> =>
  changeFollowers('changing', ({ followers }) => followers.pause(subscriptionId));

export const resumeFollower = (subscriptionId: string): Promise<void> =>
  changeFollowers('changing', ({ followers }) => followers.resume(subscriptionId));

export const removeFollower = (contactId: string): Promise<void> =>
  changeFollowers('changing', ({ followers }) => followers.remove(contactId));
