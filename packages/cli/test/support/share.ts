import { serveShare } from '@egvkit/emulators/node';
import {
  createShareService,
  generatedReadings,
  type ShareServiceOptions,
} from '@egvkit/emulators/share';
import { onTestFinished } from 'vitest';
import { ACCOUNT, makeFolder, type Ran, run } from './world.ts';

/** What `egvkit share` is to find. */
export interface ShareSetting {
  /** Of readings; 1 if left out. */
  readonly days?: number;
  /** Which receiver the account has. */
  readonly receiver?: string;
  readonly options?: ShareServiceOptions['options'];
  readonly now?: () => number;
}

/** A service with a day of readings, and `egvkit share` pointed at it. */
export async function makeShare({ days = 1, receiver, options, now }: ShareSetting = {}) {
  const service = createShareService({
    accounts: [{ ...ACCOUNT, ...(receiver && { receiver }) }],
    ...(options && { options }),
    ...(now && { now }),
  });
  await service.ready;
  if (days > 0) {
    service.addReadings(ACCOUNT.name, generatedReadings({ seed: 3, days, nowMs: Date.now() }));
  }
  const server = await serveShare(service);
  const { path: folder, [Symbol.asyncDispose]: removeFolder } = await makeFolder();
  onTestFinished(async () => {
    await server.close();
    await removeFolder();
  });
  const calls: string[] = [];
  service.onRequest(({ endpoint, phase }) => {
    if (phase === 'received') calls.push(endpoint);
  });
  const env = { DEXCOM_PASSWORD: ACCOUNT.password, XDG_STATE_HOME: folder };
  const flags = ['--share-url', server.origin, '--account', ACCOUNT.name];
  const share = (
    words: string,
    extra: readonly string[] = [],
    io: Parameters<typeof run>[2] = {},
  ) => run(['share', ...words.split(' '), ...extra, ...flags], env, io);
  return { service, server, folder, calls, env, flags, share };
}

/** What was told to programs. */
export const json = ({ out }: Ran) => JSON.parse(out) as Record<string, unknown>;
