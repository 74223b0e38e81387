/** All that is outside the guest: the service, the receiver, the registry, the date. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { EMULATED_SERIAL_NUMBER, EmulatedReceiver } from '@egvkit/receiver-emulator';
import { createShareService, type ShareService } from '@egvkit/share-emulator';
import { serveShare } from '@egvkit/share-emulator/node';
import type { BaseImage } from '../base-image.ts';
import type { Archives } from '../packages.ts';
import { type BootOptions, Computer } from './computer.ts';
import type { Guest } from './guest.ts';
import { type HistoryStart, historyFrom, profile } from './history.ts';
import { ACCOUNT, SHARE_PORT } from './installation.ts';
import { REGISTRY_PORT, serveRegistry } from './registry.ts';
import { Requests } from './requests.ts';
import { VirtualDate } from './virtual-date.ts';

const DAY_MS = 86_400_000;
/** Any date that the receiver and egvkit believe. */
const START_MS = Date.UTC(2026, 10, 10, 8);

export interface WorldOptions {
  readonly base: BaseImage;
  readonly product: string;
  readonly archives: Archives;
  /** Folder for files. */
  readonly work: string;
  readonly console: string;
  readonly seed: number;
}

export interface World extends AsyncDisposable {
  readonly start: HistoryStart;
  readonly date: VirtualDate;
  readonly service: ShareService;
  readonly receiver: EmulatedReceiver;
  readonly computer: Computer;
  readonly requests: Requests;
}

/** Puts a world up, whose computer is off. */
export async function makeWorld(options: WorldOptions): Promise<World> {
  await using started = new AsyncDisposableStack();
  const { seed, archives } = options;
  const work = join(options.work, 'world');
  await mkdir(work, { recursive: true });
  const date = new VirtualDate(START_MS);
  const start = { seed, startMs: START_MS };
  const receiver = new EmulatedReceiver({
    ...{ profile, nowMs: date.nowMs },
    database: historyFrom(start),
  });
  const account = { ...ACCOUNT, receiver: EMULATED_SERIAL_NUMBER, sharing: true };
  const service = createShareService({ accounts: [account], now: date.nowMs });
  const requests = new Requests(service, date.nowMs, DAY_MS);
  const server = started.use(await serveShare(service));
  const registry = started.use(await serveRegistry(archives));
  const ports = {
    [SHARE_PORT]: Number(new URL(server.origin).port),
    [REGISTRY_PORT]: registry.port,
  };
  const computer = started.use(await Computer.make({ ...options, work, date, receiver, ports }));
  const resources = started.move();
  return {
    ...{ start, date, service, receiver, computer, requests },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/** Restarts the computer in order, as a person does, and gives the guest of the new start. */
export async function restart(
  { computer, requests }: World,
  guest: Guest,
  options?: BootOptions,
): Promise<Guest> {
  await guest.shutDown();
  requests.startOver({ cut: false });
  const next = computer.boot(options);
  await next.ready;
  return next;
}
