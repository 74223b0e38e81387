import { serveShare } from '@egvkit/emulators/node';
import {
  createShareService,
  MemoryShareStore,
  type ShareService,
  type StoredReading,
  type StoredSession,
} from '@egvkit/emulators/share';
import type { Scene } from '../src/scene.ts';
import { listenNowhere } from './listen.ts';
import { type Onlooker, openOnlooker } from './onlooker.ts';

/** What time it is on stage. */
export const NOW_MS = Date.UTC(2026, 2, 1, 12);

const SERIAL = 'SM12345678';
const WRONG_PASSWORD = 'incorrect horse "battery" & ü';
const ACCOUNT = {
  name: 'ann@example.com',
  password: 'correct horse "battery" & ü',
  accountId: '11111111-2222-4333-8444-555555555555',
};

/** What the account has at first, oldest first. */
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

/** Remembers every session there ever was, to look for it where none may be. */
class OpenStore extends MemoryShareStore {
  readonly sessionIds = new Set<string>();

  override saveSession(id: string, session: StoredSession): void {
    this.sessionIds.add(id);
    super.saveSession(id, session);
  }
}

/** Where one runtime plays the cases: an emulated service, and somebody who looks on. */
export interface Stage extends AsyncDisposable, Pick<Onlooker, 'calls' | 'redirectsFollowed'> {
  readonly scene: Scene;
  readonly service: ShareService;
  /** What may not be shown anywhere. */
  readonly secrets: () => readonly string[];
}

/** Opens a stage of its own on ports that were free. */
export async function openStage(): Promise<Stage> {
  await using stack = new AsyncDisposableStack();
  const store = new OpenStore();
  const service = createShareService({
    store,
    now: () => NOW_MS,
    accounts: [ACCOUNT],
    options: { displayOffsetMinutes: -420 },
  });
  await service.ready;
  service.addReadings(ACCOUNT.name, READINGS.map(stored));
  const server = stack.use(await serveShare(service));
  const onlooker = stack.use(await openOnlooker(service));
  const nowhere = stack.use(await listenNowhere());
  const resources = stack.move();
  return {
    scene: {
      share: server.origin,
      stage: onlooker.origin,
      nowhere: nowhere.origin,
      nowMs: NOW_MS,
      accountName: ACCOUNT.name,
      password: ACCOUNT.password,
      wrongPassword: WRONG_PASSWORD,
      serialNumber: SERIAL,
    },
    service,
    calls: onlooker.calls,
    redirectsFollowed: onlooker.redirectsFollowed,
    secrets: () => {
      const { name, password, accountId } = ACCOUNT;
      return [name, password, WRONG_PASSWORD, accountId, ...store.sessionIds];
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
