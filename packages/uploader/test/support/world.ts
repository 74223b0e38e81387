import type { TimeLoss } from '@egvkit/analysis';
import {
  type ClockObservation,
  displaySeconds,
  RECEIVER_EPOCH_UNIX_SECONDS,
  type Reading,
  readingOf,
  systemSeconds,
  TREND_NAMES,
} from '@egvkit/protocol';
import type { EgvRecord } from '@egvkit/protocol/receiver';
import { glucoseOf, trendByteOf } from '@egvkit/protocol/receiver/wire';
import {
  type CallOptions,
  type Destination,
  type DestinationLimits,
  type PlannedReading,
  type PostOutcome,
  type ReadBack,
  type ReadingSource,
  type ServiceClock,
  SHARE_LIMITS,
} from '../../src/index.ts';
import { candidatesOf } from '../../src/sources/receiver/candidates.ts';

export const NOW_MS = Date.UTC(2026, 4, 4, 12, 0, 0);
/** Clocks of a computer on which no time passes, however long a test takes. */
export const STILL = { nowMs: () => NOW_MS, monotonicMs: () => 0 } as const;
const NOW_SYSTEM = NOW_MS / 1000 - RECEIVER_EPOCH_UNIX_SECONDS;

/** A G4 record that was stored `agoSeconds` before `NOW_MS`. */
export function egv(agoSeconds: number, word: number, index: number, trend = 4): EgvRecord {
  const system = NOW_SYSTEM - agoSeconds;
  return {
    kind: 'egv',
    recordType: 4,
    revision: 2,
    index,
    systemSeconds: systemSeconds(system),
    displaySeconds: displaySeconds(system - 25_200),
    glucose: glucoseOf(word),
    trend: trendByteOf(trend | 0x10),
  };
}

/** `count` readings, the newest a minute old, every one with a value of its own. */
export function readings(count: number): EgvRecord[] {
  return Array.from({ length: count }, (_, i) => egv(60 + (count - 1 - i) * 300, 80 + i, 1000 + i));
}

/** A receiver whose clock is read with an error of `jitterMs`. */
export function sourceOf(
  records: readonly EgvRecord[],
  jitterMs = 0,
  nowMs: number = NOW_MS,
  losses: readonly TimeLoss[] = [],
): ReadingSource {
  const clock: ClockObservation = {
    systemSeconds: systemSeconds(nowMs / 1000 - RECEIVER_EPOCH_UNIX_SECONDS),
    hostUnixMs: nowMs + jitterMs,
  };
  return {
    serialNumber: async () => 'SM00000001',
    clock: async () => clock,
    async read({ nowMs: hostMs, windowMs, onRecord }) {
      const oldest = (hostMs - windowMs) / 1000 - RECEIVER_EPOCH_UNIX_SECONDS;
      const inWindow = records.filter((record) => record.systemSeconds >= oldest - 10);
      for (const _ of inWindow) onRecord();
      const windowSeconds = windowMs / 1000;
      return ({ systemSeconds: nowSeconds }) =>
        candidatesOf(inWindow.toReversed(), { losses, nowSeconds, windowSeconds });
    },
  };
}

/** A reading as a service gives it. */
export function served(utcMs: number, value: number, trend = 4): Reading {
  const name = TREND_NAMES[trend] ?? 'unknown';
  return readingOf(value, { utcMs, trend: { raw: trend, name }, source: 'a test' });
}

/** The same on its way to a service. */
export function planned(n: number, utcMs: number, value: number): PlannedReading {
  const sourceClocks = { systemMs: utcMs + 14_365_000, displayMs: utcMs - 14_424_000 };
  return { ...served(utcMs, value), key: `4:${n}@${n}`, sourceClocks };
}

/** Failure of one post. */
export type PostFault = 'lostBefore' | 'lostAfter' | 'refused';

class LostError extends Error {}

/** A destination in memory whose posts fail as they are told to. */
export abstract class FakeDestination implements Destination {
  abstract readonly limits: DestinationLimits;
  abstract readonly readBack: ReadBack | undefined;
  readonly posts: (readonly PlannedReading[])[] = [];
  prepared: { serialNumber: string; assign: boolean } | undefined;
  /** Of the coming posts, in order; undefined is a post that works. */
  faults: (PostFault | undefined)[] = [];
  /** Called before anything is done: throws to make the process die here. */
  checkpoint: (where: string) => void = () => {};

  clock: ServiceClock | undefined = { offsetMs: 0, uncertaintyMs: 20 };

  /** Values that are there, oldest first. */
  abstract values(): number[];

  protected abstract store(
    readings: readonly PlannedReading[],
    serialNumber: string,
  ): PostOutcome | Promise<PostOutcome>;

  async clockOffset(): Promise<ServiceClock | undefined> {
    return this.clock;
  }

  async fingerprint(): Promise<string> {
    return 'test-service';
  }

  async prepare(options: { serialNumber: string; assign: boolean }): Promise<void> {
    this.prepared = { serialNumber: options.serialNumber, assign: options.assign };
  }

  async post(
    readings: readonly PlannedReading[],
    { serialNumber }: CallOptions & { readonly serialNumber: string },
  ): Promise<PostOutcome> {
    this.checkpoint('post');
    const fault = this.faults.shift();
    if (fault === 'lostBefore') throw new LostError();
    if (fault === 'refused') throw new Error('refused');
    this.posts.push(readings);
    const outcome = await this.store(readings, serialNumber);
    this.checkpoint('posted');
    if (fault === 'lostAfter') throw new LostError();
    return outcome;
  }

  mayHaveArrived(error: unknown): boolean {
    return error instanceof LostError;
  }
}

/** A Share-like service in memory: an exact repeat is a duplicate, and refuses its whole batch. */
export class FakeService extends FakeDestination {
  readonly limits = SHARE_LIMITS;
  readonly readBack: ReadBack = {
    windowMs: 86_400_000,
    mostReadings: 288,
    read: () => this.read(),
  };
  readonly stored: Reading[] = [];
  /** The service's clock. */
  nowMs: () => number = () => NOW_MS;
  storeRestOfDuplicateBatch = false;

  async read(): Promise<readonly Reading[]> {
    this.checkpoint('read');
    return this.stored
      .filter(({ utcMs }) => utcMs > this.nowMs() - this.readBack.windowMs)
      .sort((a, b) => b.utcMs - a.utcMs)
      .slice(0, this.readBack.mostReadings);
  }

  values(): number[] {
    return this.stored.toSorted((a, b) => a.utcMs - b.utcMs).map(({ value }) => value);
  }

  protected store(readings: readonly PlannedReading[]): PostOutcome {
    const fresh = readings.filter(({ utcMs }) => !this.stored.some((old) => old.utcMs === utcMs));
    const duplicate = fresh.length < readings.length;
    if (!duplicate || this.storeRestOfDuplicateBatch) this.stored.push(...fresh);
    return duplicate ? 'duplicate' : 'posted';
  }
}
