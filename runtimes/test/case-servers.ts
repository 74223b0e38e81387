import {
  createShareService,
  memoryShareStore,
  type ShareService,
  type ShareStore,
  type StoredReading,
} from '@egvkit/share-emulator';
import { serveShare } from '@egvkit/share-emulator/node';
import type { Scene } from '../src/scene.ts';
import { type Controller, openController } from './controller.ts';
import { listenNowhere } from './listen.ts';

/** Unix milliseconds of the present in every case. */
export const NOW_MS = Date.UTC(2026, 2, 1, 12);

const SERIAL = 'SM12345678';
const WRONG_PASSWORD = 'incorrect horse "battery" & ü';
const ACCOUNT = {
  name: 'ann@example.com',
  password: 'correct horse "battery" & ü',
  accountId: '11111111-2222-4333-8444-555555555555',
};

/** Readings of the account at first, oldest first. */
const READINGS = [
  { ageMinutes: 33, mgDl: 95, trend: 4 },
  { ageMinutes: 23, mgDl: 70, trend: 6 },
  { ageMinutes: 18, mgDl: 181, trend: 3 },
  { ageMinutes: 13, mgDl: 401, trend: 1 },
  { ageMinutes: 8, mgDl: 39, trend: 7 },
  { ageMinutes: 3, mgDl: 120, trend: 4 },
];

function stored({ ageMinutes, mgDl, trend }: (typeof READINGS)[number]): StoredReading {
  const utcMs = NOW_MS - ageMinutes * 60_000;
  return { serialNumber: SERIAL, stMs: utcMs, dtMs: utcMs, wtMs: utcMs, trend, mgDl };
}

/** Makes a store that adds the id of every session to a set. */
function openStore(sessionIds: Set<string>): ShareStore {
  const store = memoryShareStore();
  const save = store.saveSession.bind(store);
  store.saveSession = (id, session) => {
    sessionIds.add(id);
    save(id, session);
  };
  return store;
}

/** An emulated service and a controller, for one run of the cases. */
export interface CaseServers
  extends AsyncDisposable,
    Pick<Controller, 'calls' | 'redirectsFollowed'> {
  readonly scene: Scene;
  readonly service: ShareService;
  /** Texts that must never be shown. */
  readonly secrets: () => readonly string[];
}

/** Opens a service and its controller on free ports. */
export async function openCaseServers(): Promise<CaseServers> {
  await using stack = new AsyncDisposableStack();
  const sessionIds = new Set<string>();
  const store = openStore(sessionIds);
  const service = createShareService({
    store,
    now: () => NOW_MS,
    accounts: [ACCOUNT],
    options: { displayOffsetMinutes: -420 },
  });
  await service.ready;
  service.addReadings(ACCOUNT.name, READINGS.map(stored));
  const server = stack.use(await serveShare(service));
  const controller = stack.use(await openController(service));
  const nowhere = stack.use(await listenNowhere());
  const resources = stack.move();
  return {
    scene: {
      share: server.origin,
      controller: controller.origin,
      nowhere: nowhere.origin,
      nowMs: NOW_MS,
      accountName: ACCOUNT.name,
      password: ACCOUNT.password,
      wrongPassword: WRONG_PASSWORD,
      serialNumber: SERIAL,
    },
    service,
    calls: controller.calls,
    redirectsFollowed: controller.redirectsFollowed,
    secrets: () => {
      const { name, password, accountId } = ACCOUNT;
      return [name, password, WRONG_PASSWORD, accountId, ...sessionIds];
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
