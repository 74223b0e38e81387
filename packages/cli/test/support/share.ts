import {
  createShareService,
  generatedReadings,
  type ShareServiceOptions,
} from '@egvkit/share-emulator';
import { serveShare } from '@egvkit/share-emulator/node';
import { onTestFinished } from 'vitest';
import { NO_SETTINGS } from './no-settings.ts';
import { ACCOUNT, makeFolder, type Ran, run } from './world.ts';

/** Readings, receiver and options of the emulated service for `egvkit share`. */
export interface ShareSetting {
  /** Days of readings; 1 if left out. */
  readonly days?: number;
  /** Serial number of the account's receiver. */
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
  const env = { ...NO_SETTINGS, DEXCOM_PASSWORD: ACCOUNT.password, XDG_STATE_HOME: folder };
  const flags = ['--share-url', server.origin, '--account', ACCOUNT.name];
  const share = (
    words: string,
    extra: readonly string[] = [],
    io: Parameters<typeof run>[2] = {},
  ) => run(['share', ...words.split(' '), ...extra, ...flags], env, io);
  return { service, server, folder, calls, env, flags, share };
}

/** Parses the JSON that a command wrote. */
export const json = ({ out }: Ran) => JSON.parse(out) as Record<string, unknown>;
