import { RECEIVER_EPOCH_UNIX_SECONDS } from '@egvkit/protocol';
import type { EgvRecord } from '@egvkit/protocol/receiver';
import { Receiver } from '@egvkit/receiver';
import {
  EmulatedReceiver,
  generateDatabase,
  type LossSign,
  type LostTime,
  memoryTransport,
  type ProfileName,
  RECEIVER_PROFILES,
} from '@egvkit/receiver-emulator';
import { createShareService } from '@egvkit/share-emulator';
import { ShareClient } from '@egvkit/share-http';
import {
  memoryJournal,
  receiverSource,
  runUpload,
  shareDestination,
  type UploadResult,
} from '@egvkit/uploader';
import { vi } from 'vitest';
import { ACCOUNT } from './world.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
/** Time that a clock stands still, or runs back, in ms. */
export const LOST_MS = 3 * HOUR_MS;
/** Time from the beginning of a world to the end of the loss, in ms. */
const LOSS_AFTER_MS = LOST_MS + 10 * MINUTE_MS;

const realNow = Date.now;
/** Milliseconds from one reading to the next. */
const CADENCE_MS = 299_984;

function trueMsOf({ systemSeconds }: Pick<EgvRecord, 'systemSeconds'>): number {
  return (RECEIVER_EPOCH_UNIX_SECONDS + systemSeconds) * 1000;
}

export interface LossOptions {
  readonly how: LostTime['how'];
  readonly signs: readonly LossSign[];
  readonly profile?: ProfileName;
  /**
   * Time that the clock stands still, or runs back, in ms of whole seconds; {@link LOST_MS} by
   * default.
   */
  readonly lostMs?: number;
}

/** A reading and its true time. */
export interface TrueReading {
  readonly value: number;
  readonly utcMs: number;
}

/** An emulated receiver that is about to lose time, driver, uploader and emulated service. */
export interface LossWorld {
  /** Moves the time on to so many ms after the loss. */
  pass(ms: number): void;
  /** Moves it on to so long after the loss. */
  passLoss(ms: number): void;
  upload(): Promise<UploadResult>;
  /** Readings that were measured before or after the loss and may be uploaded. */
  truth(side: 'before' | 'after'): readonly TrueReading[];
  /** Readings on the service, oldest first. */
  stored(): readonly TrueReading[];
}

/** Replaces `Date.now`: restore it after the test. */
export function makeLossWorld(options: LossOptions): LossWorld {
  const { how, signs, profile: name = 'g4', lostMs = LOST_MS } = options;
  let aheadMs = 0;
  const nowMs = (): number => realNow() + aheadMs;
  vi.spyOn(Date, 'now').mockImplementation(nowMs);
  const startMs = nowMs();
  const profile = RECEIVER_PROFILES[name];
  const history = { profile, nowMs: startMs, seed: 5, days: 2, grows: true };
  const newest = generateDatabase(history).records(4).at(-1) as EgvRecord;
  // 100 s after a reading.
  const atMs = trueMsOf(newest) + 100_000 + Math.ceil(LOSS_AFTER_MS / CADENCE_MS) * CADENCE_MS;
  const timeLoss: LostTime =
    how === 'restarted' ? { how, signs, atMs } : { how, signs, atMs, seconds: lostMs / 1000 };
  const story = { ...history, timeLoss };
  const database = generateDatabase(story);
  const device = new EmulatedReceiver({ profile, timeLoss, database, nowMs });
  const service = createShareService({ accounts: [ACCOUNT], now: nowMs });
  const share = new ShareClient({
    origin: 'https://share.example',
    accountName: ACCOUNT.name,
    password: ACCOUNT.password,
    fetch: async (input, init) => await service.fetch(new Request(input, init)),
  });
  const journal = memoryJournal();

  // The same history again, until the loss: the order of records tells which side they are on.
  const asItWas = generateDatabase(story);
  asItWas.advance(atMs - 1);
  const lastBefore = (type: number): number => asItWas.records(type).at(-1)?.index ?? -1;
  const restartedMs = (Math.floor(atMs / 1000) - RECEIVER_EPOCH_UNIX_SECONDS - 60) * 1000;
  const behindMs = how === 'restarted' ? restartedMs : lostMs;

  return {
    pass: (ms) => {
      aheadMs += ms;
    },
    passLoss: (ms) => {
      aheadMs += Math.ceil((atMs + ms - nowMs()) / 1000) * 1000;
    },
    async upload() {
      await using receiver = await Receiver.open(memoryTransport(device));
      const source = receiverSource(receiver);
      const destination = shareDestination(share);
      return await runUpload({ source, destination, journal, assignReceiver: true });
    },
    truth: (side) =>
      [4, 18]
        .flatMap((type) => database.records(type) as readonly EgvRecord[])
        .filter(({ glucose: { value, displayOnly } }) => value >= 39 && !displayOnly)
        .filter(({ recordType, index }) => index > lastBefore(recordType) === (side === 'after'))
        .map(({ recordType, systemSeconds, transmitter, glucose }) => {
          const measured = recordType === 18 ? transmitter?.measuredSystemSeconds : systemSeconds;
          const utcMs = (RECEIVER_EPOCH_UNIX_SECONDS + (measured ?? Number.NaN)) * 1000;
          return { value: glucose.value, utcMs: side === 'after' ? utcMs + behindMs : utcMs };
        })
        .sort((a, b) => a.utcMs - b.utcMs),
    stored: () =>
      service.readings(ACCOUNT.name).map(({ mgDl, wtMs }) => ({ value: mgDl, utcMs: wtMs })),
  };
}
