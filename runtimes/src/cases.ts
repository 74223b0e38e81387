// What an application does with the Share client, in nothing but JavaScript and the web's own.
import type { FoldedReading } from '@egvkit/protocol/share';
import {
  type SessionStore,
  ShareClient,
  type ShareClientOptions,
  ShareReader,
} from '@egvkit/share-http';
import { failureOf, type Scene } from './scene.ts';

/** A case: plays, and gives what it has seen as JSON. */
type Case = (scene: Scene, store: SessionStore) => Promise<unknown>;

const MINUTE_MS = 60_000;

/** With one store for all cases, only the first has to log in. */
function optionsOf(scene: Scene, store: SessionStore): ShareClientOptions {
  const { share: origin, accountName, password, nowMs } = scene;
  // The clock of tests is no public option.
  const clock = { now: () => nowMs };
  return { origin, accountName, password, store, repeats: 0, ...clock };
}

function tell({ utcMs, offsetMinutes, mgDl, mmolL, status, trend }: FoldedReading) {
  return { utcMs, offsetMinutes, mgDl, mmolL, status, trend: trend.name };
}

/** A store as a program may have one where it runs: texts by their names. */
function lastingStore(texts: Map<string, string>): SessionStore {
  return {
    async load(key) {
      const text = texts.get(key);
      return text === undefined ? undefined : JSON.parse(text);
    },
    async save(key, account) {
      texts.set(key, JSON.stringify(account));
    },
  };
}

/** Done when the service has received what this case has sent. */
async function arrived({ controller }: Scene): Promise<void> {
  await (await fetch(`${controller}/arrived`)).text();
}

/** Every case, in the order in which they are played. */
export const CASES = {
  async readings(scene, store) {
    const reader = new ShareReader(optionsOf(scene, store));
    return (await reader.readings({ minutes: 30, maxCount: 4 })).map(tell);
  },

  async newestReading(scene, store) {
    const reader = new ShareReader(optionsOf(scene, store));
    const [latest, current] = [await reader.latest(), await reader.current()];
    return { latest: latest?.utcMs, current: current?.utcMs };
  },

  async forgottenSession(scene, store) {
    const reader = new ShareReader(optionsOf(scene, store));
    return (await reader.readings()).length;
  },

  async wrongPassword(scene) {
    const kept = new Map<string, string>();
    const share = () =>
      new ShareClient({
        ...optionsOf(scene, lastingStore(kept)),
        password: scene.wrongPassword,
      });
    const first = share();
    const tries = [await failureOf(first.logIn()), await failureOf(first.logIn())];
    // The program has been started again.
    return [...tries, await failureOf(share().logIn())];
  },

  async noListener(scene, store) {
    const options = { ...optionsOf(scene, store), origin: scene.nowhere } as ShareClientOptions;
    return failureOf(new ShareReader(options).readings());
  },

  async slowAnswer(scene, store) {
    const reader = new ShareReader({ ...optionsOf(scene, store), timeoutMs: 200 });
    return failureOf(reader.readings());
  },

  async longAnswer(scene, store) {
    const reader = new ShareReader({ ...optionsOf(scene, store), maxReplyBytes: 64 });
    return failureOf(reader.readings());
  },

  async redirect(scene, store) {
    const options = { ...optionsOf(scene, store), origin: scene.controller } as ShareClientOptions;
    return failureOf(new ShareReader(options).readings());
  },

  async aborted(scene, store) {
    const reader = new ShareReader(optionsOf(scene, store));
    const controller = new AbortController();
    const reason = new Error('The user has left.');
    const reading = reader.readings({ signal: controller.signal }).catch((error) => error);
    await arrived(scene);
    controller.abort(reason);
    return { endedWithItsReason: (await reading) === reason };
  },

  async watched(scene, store) {
    const client = new ShareClient(optionsOf(scene, store));
    const controller = new AbortController();
    const reason = new Error('The user has seen enough.');
    const sinceMs = scene.nowMs - 10 * MINUTE_MS;
    const watching = client.watch({ sinceMs, signal: controller.signal });
    const first = await watching.next();
    const second = await watching.next();
    const waiting = watching.next().catch((error) => error);
    // One turn, so that it is asleep until the next reading is due.
    await new Promise((resolve) => setTimeout(resolve, 0));
    controller.abort(reason);
    return {
      seen: [first, second].map(({ value }) => value && { ...tell(value), late: value.late }),
      endedWithItsReason: (await waiting) === reason,
    };
  },

  async upload(scene, store) {
    const share = new ShareClient(optionsOf(scene, store));
    const date = `/Date(${scene.nowMs - MINUTE_MS})/`;
    const body = {
      SN: scene.serialNumber,
      Egvs: [{ Trend: 4, ST: date, DT: date, Value: 111 }],
      TA: 0,
    };
    return {
      ready: await share.sharing.ensureReady(scene.serialNumber, { assign: true }),
      first: await share.postReceiverEgvRecords(body),
      second: await share.postReceiverEgvRecords(body),
      latest: (await share.latest())?.mgDl,
    };
  },
} satisfies Record<string, Case>;

/** The name of a case. */
export type CaseName = keyof typeof CASES;
