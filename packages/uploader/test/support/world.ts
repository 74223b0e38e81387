import {
  type ClockObservation,
  displaySeconds,
  RECEIVER_EPOCH_UNIX_SECONDS,
  systemSeconds,
} from '@egvkit/protocol';
import { type EgvRecord, glucoseOf, trendByteOf } from '@egvkit/protocol/receiver';
import { decodeDate, type EgvUpload } from '@egvkit/protocol/share';
import type { ReadingSource, ServiceReading, UploadTarget } from '../../src/index.ts';

export const NOW_MS = Date.UTC(2026, 4, 4, 12, 0, 0);
const NOW_SYSTEM = NOW_MS / 1000 - RECEIVER_EPOCH_UNIX_SECONDS;

/** A G4 record that was stored `agoSeconds` before now. */
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
export function sourceOf(records: readonly EgvRecord[], jitterMs = 0): ReadingSource {
  const clock: ClockObservation = {
    systemSeconds: systemSeconds(NOW_SYSTEM),
    hostUnixMs: NOW_MS + jitterMs,
  };
  return {
    serialNumber: async () => 'SM00000001',
    clock: async () => clock,
    async *records({ since }) {
      const oldest = since.getTime() / 1000 - RECEIVER_EPOCH_UNIX_SECONDS;
      for (const record of records.toReversed()) {
        if (record.systemSeconds < oldest - 10) return;
        yield record;
      }
    },
  };
}

/** What goes wrong with one post. */
export type PostFault = 'lostBefore' | 'lostAfter' | 'refused';

class LostError extends Error {}

/** A Share-like service in memory: an exact repeat is a duplicate, and refuses its whole batch. */
export class FakeService implements UploadTarget {
  readonly shows: number = 288;
  readonly showsMs: number = 86_400_000;
  readonly stored: ServiceReading[] = [];
  readonly posts: EgvUpload[] = [];
  prepared: { serialNumber: string; assign: boolean } | undefined;
  /** Of the coming posts, in order; undefined is a post that works. */
  faults: (PostFault | undefined)[] = [];
  storeRestOfDuplicateBatch = false;
  /** Called before anything is done: throws to make the process die here. */
  checkpoint: (where: string) => void = () => {};

  async fingerprint(): Promise<string> {
    return 'test-service';
  }

  async prepare(options: { serialNumber: string; assign: boolean }): Promise<void> {
    this.prepared = { serialNumber: options.serialNumber, assign: options.assign };
  }

  async read(windowMs: number): Promise<readonly ServiceReading[]> {
    this.checkpoint('read');
    return this.stored
      .filter(({ utcMs }) => utcMs > NOW_MS - windowMs)
      .sort((a, b) => b.utcMs - a.utcMs)
      .slice(0, this.shows);
  }

  async post(body: EgvUpload): Promise<'posted' | 'duplicate'> {
    this.checkpoint('post');
    const fault = this.faults.shift();
    if (fault === 'lostBefore') throw new LostError();
    if (fault === 'refused') throw new Error('refused');
    this.posts.push(body);
    const outcome = this.#store(body);
    this.checkpoint('posted');
    if (fault === 'lostAfter') throw new LostError();
    return outcome;
  }

  #store(body: EgvUpload): 'posted' | 'duplicate' {
    const incoming = body.Egvs.map((one) => ({
      utcMs: (decodeDate(one.ST)?.utcMs ?? Number.NaN) + body.TA * 1000,
      value: one.Value,
      trend: one.Trend,
    }));
    const fresh = incoming.filter(({ utcMs }) => !this.stored.some((old) => old.utcMs === utcMs));
    const duplicate = fresh.length < incoming.length;
    if (!duplicate || this.storeRestOfDuplicateBatch) this.stored.push(...fresh);
    return duplicate ? 'duplicate' : 'posted';
  }

  mayHaveArrived(error: unknown): boolean {
    return error instanceof LostError;
  }
}
