import { outOfRange, type Reading } from '@egvkit/protocol';
import { disposing } from '../disposing.ts';
import { clockBaseMs, wasClockSet } from '../host-clock.ts';
import type { OpenJournal } from '../journal.ts';
import { runUpload, type UploadEvent, type UploadResult } from '../run.ts';
import { waitAfter } from './backoff.ts';
import { type Failure, failureOf } from './failure.ts';
import { HeldJournals } from './held-journals.ts';
import { type KeepClock, PLATFORM_CLOCK } from './keep-clock.ts';
import { type KeepStatus, statusOf, stillSo } from './keep-status.ts';
import { type KeptDestination, KnownDestination } from './kept-destination.ts';
import {
  afterHappening,
  type DestinationTrack,
  type Happening,
  nextSteps,
  type Step,
  setBackMs,
  startState,
} from './schedule.ts';
import {
  countAdded,
  newestAgeMs,
  newestReading,
  type OpenedSource,
  type Snapshot,
  sourceOfSnapshot,
  takeSnapshot,
} from './snapshot.ts';

/** Event of unattended uploading. `atMs` is this computer's time, Unix ms. */
export type KeepEvent = { readonly atMs: number } & (
  | {
      readonly kind: 'read';
      readonly serialNumber: string;
      /** Records that the read before did not have. */
      readonly added: number;
      readonly newest: Reading | undefined;
    }
  /** The receiver cannot be read; it is tried again. */
  | { readonly kind: 'readFailed'; readonly failure: Failure; readonly nextTryMs: number }
  | {
      readonly kind: 'uploaded';
      readonly destination: string;
      readonly result: UploadResult;
    }
  | {
      readonly kind: 'uploadFailed';
      readonly destination: string;
      readonly failure: Failure;
      readonly nextTryMs: number;
    }
  /** While an upload runs. */
  | { readonly kind: 'progress'; readonly destination: string; readonly event: UploadEvent }
  /** This computer's clock was set by so much, or the computer was asleep. */
  | { readonly kind: 'clockChanged'; readonly byMs: number }
);

export interface KeepOptions {
  /** Opens what is read; called for every read, and closed after it. */
  readonly source: (options: { readonly signal: AbortSignal }) => Promise<OpenedSource>;
  readonly destinations: readonly KeptDestination[];
  readonly journal: OpenJournal;
  /**
   * Last status of an earlier run: its reading and its times of success are told until this run has read
   * the receiver and uploaded. Nothing is known at the start if left out.
   */
  readonly before?: KeepStatus | undefined;
  /** The platform's if left out. */
  readonly clock?: KeepClock | undefined;
  /** Spreads retries; `Math.random` if left out. */
  readonly random?: (() => number) | undefined;
  /** Ends it: what is under way is given up, and nothing is lost. */
  readonly signal: AbortSignal;
  readonly onEvent?: ((event: KeepEvent) => void) | undefined;
  /** Called with every change, one call at a time; if it fails, nothing else does. */
  readonly onStatus?: ((status: KeepStatus) => Promise<void> | void) | undefined;
}

/** Longest pause between attempts to read a receiver, before jitter: it may be there again. */
const LONGEST_SOURCE_WAIT_MS = 5 * 60_000;
const LONGEST_WAIT_MS = 15 * 60_000;
/** No step takes so long; one that does is given up, so that nothing stands still for ever. */
const STEP_LIMIT_MS = 20 * 60_000;

/**
 * Uploads whatever a receiver stores, for as long as it is let: reads it when its next reading is due,
 * and brings what is new to each destination, once each, whatever happens in between. Every
 * destination is served for itself: one that fails holds no other back. Failures end in the
 * status and in events; this function ends only when the signal is aborted.
 *
 * @throws InputError `outOfRange` if there is no destination, or two have one name
 *
 * @example
 * ```ts
 * import { KeptRecords, keepUploading, memoryJournal, receiverSource, shareDestination } from '@egvkit/uploader';
 * import { Receiver } from '@egvkit/receiver';
 * import { openSerial } from '@egvkit/receiver-serial';
 * import { ShareClient } from '@egvkit/share-http';
 *
 * const share = new ShareClient({ region: 'us', accountName: 'ann', password: 'secret' });
 * const kept = new KeptRecords();
 * await keepUploading({
 *   async source({ signal }) {
 *     const receiver = await Receiver.open(await openSerial(undefined, { signal }), { signal });
 *     const close = { [Symbol.asyncDispose]: () => receiver.close() };
 *     return { ...receiverSource(receiver, { kept }), ...close };
 *   },
 *   destinations: [{ name: 'share', destination: shareDestination(share) }],
 *   journal: memoryJournal(),
 *   signal: AbortSignal.timeout(3_600_000),
 *   onStatus: ({ lastReading, person }) => console.log(lastReading, person),
 * });
 * ```
 */
export async function keepUploading(options: KeepOptions): Promise<void> {
  await new Keeper(options).run();
}

class Keeper {
  readonly #options: KeepOptions;
  readonly #clock: KeepClock;
  #startedMs: number;
  readonly #serialNumberBefore: string | undefined;
  readonly #destinations: ReadonlyMap<string, KnownDestination>;
  readonly #journals: HeldJournals;
  readonly #underWay = new Set<Promise<void>>();
  #state;
  #snapshot: Snapshot | undefined;
  #lastReading: Reading | undefined;
  #clockBaseMs: number;
  #nap = new AbortController();
  #told: Promise<void> = Promise.resolve();

  constructor(options: KeepOptions) {
    const names = options.destinations.map(({ name }) => name);
    if (names.length === 0 || new Set(names).size < names.length) {
      throw outOfRange(
        'destinations',
        `[${names.join(', ')}]`,
        'at least one, each of its own name',
      );
    }
    this.#options = options;
    this.#clock = options.clock ?? PLATFORM_CLOCK;
    this.#journals = new HeldJournals(options.journal, this.#clock);
    this.#destinations = new Map(
      options.destinations.map((one) => [one.name, new KnownDestination(one, this.#clock)]),
    );
    this.#startedMs = this.#clock.nowMs();
    const before = stillSo(options.before, this.#startedMs);
    this.#state = startState([...this.#destinations.keys()], this.#clock.monotonicMs(), before);
    this.#lastReading = before?.lastReading;
    this.#serialNumberBefore = before?.source.serialNumber;
    this.#clockBaseMs = clockBaseMs(this.#clock);
  }

  async run(): Promise<void> {
    const { signal } = this.#options;
    const wake = (): void => this.#nap.abort();
    signal.addEventListener('abort', wake);
    try {
      while (!signal.aborted) {
        this.#noticeClock();
        const { steps, wakeMs } = nextSteps(this.#state, this.#clock.monotonicMs());
        for (const step of steps) this.#start(step);
        await this.#told;
        if (steps.length === 0) await this.#sleepUntil(wakeMs);
      }
    } finally {
      signal.removeEventListener('abort', wake);
      await Promise.all(this.#underWay);
      await this.#journals.close();
      await this.#told;
    }
  }

  /** Sleeps; a step that ends, and the end of all, wake it. */
  async #sleepUntil(monotonicMs: number): Promise<void> {
    const ms = Math.max(monotonicMs - this.#clock.monotonicMs(), 0);
    if (!this.#nap.signal.aborted && !this.#options.signal.aborted) {
      await this.#clock.sleep(ms, this.#nap.signal).catch(() => {});
    }
    this.#nap = new AbortController();
  }

  #start(step: Step): void {
    this.#apply({ kind: 'started', step });
    const work = this.#carryOut(step).finally(() => {
      this.#underWay.delete(work);
      this.#nap.abort();
    });
    this.#underWay.add(work);
  }

  async #carryOut(step: Step): Promise<void> {
    const limit = this.#limit();
    try {
      if (step.kind === 'read') await this.#read(limit.signal);
      else await this.#upload(step.destination, limit.signal);
    } catch (error) {
      if (this.#options.signal.aborted) return;
      if (step.kind === 'read') this.#readFailed(error);
      else await this.#uploadFailed(step.destination, error);
    } finally {
      limit.clear();
    }
  }

  /** A signal that is aborted with the whole, and when a step has taken too long. */
  #limit(): { readonly signal: AbortSignal; clear(): void } {
    const { signal } = this.#options;
    const controller = new AbortController();
    const stop = (): void => controller.abort(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
    const timer = new AbortController();
    this.#clock.sleep(STEP_LIMIT_MS, timer.signal).then(
      () => controller.abort(new StepLimitError()),
      () => {},
    );
    return {
      signal: controller.signal,
      clear() {
        signal.removeEventListener('abort', stop);
        timer.abort();
      },
    };
  }

  async #read(signal: AbortSignal): Promise<void> {
    const number = this.#state.reads + 1;
    const destinations = [...this.#destinations.values()];
    const windowMs = Math.max(...destinations.map((one) => one.windowMs));
    const counts = destinations.some(({ destination }) => destination.takesCounts);
    const calibrations = destinations.some(({ destination }) => destination.calibrations);
    const { source, clock } = { source: this.#options.source, clock: this.#clock };
    const wanted = { windowMs, counts, calibrations };
    const snapshot = await disposing(await source({ signal }), (opened) =>
      takeSnapshot(opened, { number, ...wanted, clock, signal }),
    );
    const added = countAdded(snapshot, this.#snapshot);
    const { serialNumber } = snapshot;
    if (serialNumber !== this.#snapshot?.serialNumber) this.#forget();
    this.#snapshot = snapshot;
    this.#lastReading = newestReading(snapshot, clock.nowMs()) ?? this.#lastReading;
    for (const one of destinations) one.countPending(snapshot);
    const age = newestAgeMs(snapshot);
    const atMs = clock.nowMs();
    this.#apply({ kind: 'read', atMs, serialNumber, added, newestAgeMs: age });
    this.#tell({ kind: 'read', serialNumber, added, newest: this.#lastReading });
  }

  /** Another receiver: what was known of the one before says nothing about it. */
  #forget(): void {
    this.#lastReading = undefined;
    for (const one of this.#destinations.values()) one.forget();
  }

  #readFailed(error: unknown): void {
    const failure = failureOf(error, this.#clock.nowMs());
    const { failures } = this.#state.source;
    const waitMs = this.#waitAfter(error, failures + 1, LONGEST_SOURCE_WAIT_MS);
    this.#apply({ kind: 'readFailed', failure, waitMs });
    this.#tell({ kind: 'readFailed', failure, nextTryMs: Math.round(failure.atMs + waitMs) });
  }

  async #upload(name: string, signal: AbortSignal): Promise<void> {
    const known = this.#destination(name);
    const snapshot = this.#snapshot;
    if (snapshot === undefined) return;
    const { destination, serviceClock } = known;
    const hasFailed = this.#trackOf(name)?.failure !== undefined;
    const windowMs = known.windowToLookAt(snapshot, hasFailed);
    const result = await runUpload({
      source: sourceOfSnapshot(snapshot, this.#clock),
      ...{ destination, serviceClock, windowMs, signal, ...this.#clock },
      journal: this.#journals.open,
      onEvent: (event) => this.#tell({ kind: 'progress', destination: name, event }),
    });
    known.uploaded(result, snapshot, windowMs);
    if (this.#snapshot !== undefined) known.countPending(this.#snapshot);
    const isSettled = result.open.length === 0;
    const { number: read } = snapshot;
    const atMs = this.#clock.nowMs();
    this.#apply({ kind: 'uploaded', destination: name, atMs, read, isSettled });
    this.#tell({ kind: 'uploaded', destination: name, result });
  }

  async #uploadFailed(name: string, error: unknown): Promise<void> {
    const known = this.#destination(name);
    if (this.#snapshot !== undefined) await known.askJournal(this.#snapshot, this.#journals);
    if (this.#snapshot !== undefined) known.countPending(this.#snapshot);
    const failure = failureOf(error, this.#clock.nowMs());
    const failures = this.#trackOf(name)?.failures ?? 0;
    const waitMs = this.#waitAfter(error, failures + 1, LONGEST_WAIT_MS);
    this.#apply({ kind: 'uploadFailed', destination: name, failure, waitMs });
    const nextTryMs = Math.round(failure.atMs + waitMs);
    this.#tell({ kind: 'uploadFailed', destination: name, failure, nextTryMs });
  }

  #waitAfter(error: unknown, failures: number, longestMs: number): number {
    const { random = Math.random } = this.#options;
    return waitAfter({ error, failures, longestMs, nowMs: this.#clock.nowMs(), random });
  }

  #destination(name: string): KnownDestination {
    const known = this.#destinations.get(name);
    if (known === undefined) throw new TypeError(`No destination is called ${name}.`);
    return known;
  }

  #trackOf(destination: string): DestinationTrack | undefined {
    return this.#state.destinations.find(({ name }) => name === destination);
  }

  #noticeClock(): void {
    if (!wasClockSet(this.#clock, this.#clockBaseMs)) return;
    const baseMs = clockBaseMs(this.#clock);
    const byMs = Math.round(baseMs - this.#clockBaseMs);
    this.#clockBaseMs = baseMs;
    const backMs = setBackMs(byMs);
    this.#startedMs -= backMs;
    const shown = this.#lastReading;
    this.#lastReading = shown && { ...shown, utcMs: shown.utcMs - backMs };
    this.#apply({ kind: 'clockChanged', byMs });
    this.#tell({ kind: 'clockChanged', byMs });
  }

  #apply(happening: WithoutTime<Happening>): void {
    const monotonicMs = this.#clock.monotonicMs();
    this.#state = afterHappening(this.#state, { ...happening, monotonicMs } as Happening);
    const { onStatus } = this.#options;
    if (onStatus === undefined) return;
    // In their order, and the newest last, whatever the writing of one takes.
    const status = this.#status();
    this.#told = this.#told.then(() => onStatus(status)).catch(() => {});
  }

  #status(): KeepStatus {
    return statusOf(this.#state, {
      startedMs: this.#startedMs,
      serialNumberBefore: this.#serialNumberBefore,
      nowMs: this.#clock.nowMs(),
      monotonicMs: this.#clock.monotonicMs(),
      lastReading: this.#lastReading,
      pending: (name) => this.#destinations.get(name)?.pending,
      hasOtherPublisher: (name) => this.#destinations.get(name)?.hasOtherPublisher ?? false,
    });
  }

  #tell(event: WithoutAt<KeepEvent>): void {
    this.#options.onEvent?.({ ...event, atMs: this.#clock.nowMs() } as KeepEvent);
  }
}

type WithoutTime<Event> = Event extends unknown ? Omit<Event, 'monotonicMs'> : never;
type WithoutAt<Event> = Event extends unknown ? Omit<Event, 'atMs'> : never;

class StepLimitError extends Error {
  override readonly name = 'StepLimitError';

  constructor() {
    super(`It was not done after ${STEP_LIMIT_MS / 60_000} minutes.`);
  }
}
