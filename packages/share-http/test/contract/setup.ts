import type { EndpointName } from '@egvkit/protocol/share';
import type { ShareClient } from '../../src/index.ts';
import { ACCOUNT, SERIAL, start } from '../harness.ts';

/** Generations of the service, with the login of a client of that time. */
export const GENERATIONS = [
  ['current', 'twoSteps'],
  ['2015', 'oneStep'],
] as const;

type Started = Awaited<ReturnType<typeof start>>;

/** A service with a wearer's account, and what a test wants to know of it. */
export interface Setup extends Started {
  readonly generation: 'current' | '2015';
  readonly share: ShareClient;
}

/** The service of a generation, and a client for it. */
export async function setUp(
  generation: 'current' | '2015',
  login: 'twoSteps' | 'oneStep',
): Promise<Setup> {
  const account = { ...ACCOUNT, receiver: SERIAL, sharing: true };
  const started = await start({ account, behaviour: { generation } });
  return { ...started, generation, share: started.client({ login }) };
}

/** Someone who follows the account: what they log in with, and what ties them to it. */
export async function withFollower({ share, service, client, server }: Setup) {
  const invited = await share.followers.invite({
    name: 'Grandma',
    email: 'grandma@example.invalid',
    displayName: 'Ann',
  });
  const { accountId, password } = await service.acceptInvitation(invited.subscriptionId);
  const follower = client({ login: 'follower', accountName: undefined, accountId, password });
  return { ...invited, follower, origin: server.origin };
}

/** One call, shown to be made and understood. */
export type Case = (setup: Setup) => Promise<void>;

/** Every call has one; the compiler says which is missing. */
export type Cases = { readonly [Name in EndpointName]: Case };
