import { VirtualClock } from '@egvkit/contracts/virtual-clock';
import { RECEIVER_EPOCH_UNIX_SECONDS, systemSeconds } from '@egvkit/protocol';
import type { EgvRecord } from '@egvkit/protocol/receiver';
import {
  type KeepEvent,
  type KeepOptions,
  type KeepStatus,
  keepUploading,
  memoryJournal,
  type OpenedSource,
} from '../../src/index.ts';
import { candidatesOf } from '../../src/sources/receiver/candidates.ts';
import { egv, FakeService, NOW_MS } from '../support/world.ts';

const PERIOD_MS = 300_000;

/** A receiver that stores a reading every five minutes, from a minute after the beginning on. */
class GrowingReceiver {
  readonly #clock: VirtualClock;
  /** Unix ms when the virtual clock was at 0. */
  readonly #beginMs: number;
  serialNumber = 'SM00000001';
  /** Failure of opening it now; none if undefined. */
  fault: Error | undefined;
  opened = 0;

  constructor(clock: VirtualClock, beginMs: number) {
    this.#clock = clock;
    this.#beginMs = beginMs;
  }

  /** True time, Unix ms, whatever the computer's clock shows. */
  trueMs(): number {
    return this.#beginMs + this.#clock.monotonicMs();
  }

  /** Everything it has stored: true time and value. */
  stored(): readonly { readonly utcMs: number; readonly value: number }[] {
    const count = Math.floor((this.#clock.monotonicMs() - 60_000) / PERIOD_MS) + 1;
    return Array.from({ length: Math.max(count, 0) }, (_, i) => ({
      utcMs: this.#beginMs + 60_000 + i * PERIOD_MS,
      value: 80 + (i % 200),
    }));
  }

  readonly open = async (): Promise<OpenedSource> => {
    this.opened++;
    if (this.fault !== undefined) throw this.fault;
    const { serialNumber } = this;
    return {
      serialNumber: async () => serialNumber,
      clock: async () => ({
        systemSeconds: systemSeconds(
          Math.floor(this.trueMs() / 1000) - RECEIVER_EPOCH_UNIX_SECONDS,
        ),
        hostUnixMs: Math.floor(this.#clock.nowMs() / 1000) * 1000,
      }),
      read: async ({ windowMs }) => {
        const oldestMs = this.trueMs() - windowMs;
        const records: EgvRecord[] = this.stored()
          .map(({ utcMs, value }, i) => egv((NOW_MS - utcMs) / 1000, value, 1000 + i))
          .filter((_, i) => (this.stored()[i]?.utcMs ?? 0) >= oldestMs);
        const windowSeconds = windowMs / 1000;
        return ({ systemSeconds: nowSeconds }) =>
          candidatesOf(records.toReversed(), { losses: [], nowSeconds, windowSeconds });
      },
      [Symbol.asyncDispose]: async () => {},
    };
  };
}

/** A receiver, two services, and unattended uploading between them, on virtual time. */
export class KeepWorld {
  readonly clock = new VirtualClock(NOW_MS);
  readonly receiver = new GrowingReceiver(this.clock, NOW_MS);
  readonly share = this.#service('share');
  readonly other = this.#service('other');
  readonly events: KeepEvent[] = [];
  readonly statuses: KeepStatus[] = [];
  #stop = new AbortController();
  readonly #journal = memoryJournal();

  #service(name: string): FakeService {
    const service = new FakeService();
    service.fingerprint = async () => name;
    service.nowMs = () => this.receiver.trueMs();
    service.clockOffset = async () => ({
      offsetMs: this.receiver.trueMs() - this.clock.nowMs(),
      uncertaintyMs: 0,
    });
    return service;
  }

  /** Begins; settles when it has ended. */
  start(options: Partial<KeepOptions> = {}): Promise<void> {
    return keepUploading({
      source: this.receiver.open,
      destinations: [
        { name: 'share', destination: this.share },
        { name: 'other', destination: this.other },
      ],
      journal: this.#journal,
      clock: this.clock,
      random: () => 0,
      signal: this.#stop.signal,
      onEvent: (event) => this.events.push(event),
      onStatus: (status) => {
        this.statuses.push(status);
      },
      ...options,
    });
  }

  stop(): void {
    this.#stop.abort(new Error('stopped'));
  }

  /** Ends it and begins again with the same journal, as after a restart of the computer. */
  startAgain(options: Partial<KeepOptions> = {}): Promise<void> {
    this.stop();
    this.#stop = new AbortController();
    return this.start(options);
  }

  get status(): KeepStatus {
    const status = this.statuses.at(-1);
    if (status === undefined) throw new Error('There is no status yet.');
    return status;
  }

  /** Everything that the receiver stored at least so long ago. */
  due(ms: number): readonly { readonly utcMs: number; readonly value: number }[] {
    return this.receiver.stored().filter(({ utcMs }) => utcMs <= this.receiver.trueMs() - ms);
  }
}

/** Times and values on a service, oldest first. */
export function storedOn(
  service: FakeService,
): readonly { readonly utcMs: number; readonly value: number }[] {
  return service.stored
    .map(({ utcMs, value }) => ({ utcMs, value }))
    .sort((a, b) => a.utcMs - b.utcMs);
}
