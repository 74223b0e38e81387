import { sleep as timer } from '@egvkit/platform';
import type { ClockObservation } from '@egvkit/protocol';
import type { Destination } from './destination.ts';
import { disposing } from './disposing.ts';
import { postFirst } from './first-post.ts';
import { clockBaseMs, type HostClocks, requireSameClock } from './host-clock.ts';
import type { Journal, OpenJournal } from './journal.ts';
import { type OtherPublishers, otherPublishers } from './others.ts';
import { type SortedPending, sortPending } from './pending.ts';
import { batches, type Plan } from './plan.ts';
import { makePlan, newlyLost, windowOf, withLostTime } from './plan-inputs.ts';
import { type Posted, Poster } from './poster.ts';
import {
  askClock,
  type ReadingEvent,
  type Received,
  readRecords,
  requireSerialNumber,
} from './received.ts';
import { KnownServiceClock, readCorrectionMs } from './service-clock.ts';
import { ServiceReadings } from './service-readings.ts';
import { type FindThere, findCopies, LOOK_MARGIN_MS } from './slots.ts';
import type { ReadingSource, SourceDamage, SourceTime } from './source.ts';
import type { CalibrationData, PlannedReading } from './uploaded-data.ts';

/** Event during an upload, for a progress bar or a log. */
export type UploadEvent =
  | ReadingEvent
  | { readonly kind: 'planned'; readonly plan: Plan }
  /** Another device publishes to the account. */
  | { readonly kind: 'others'; readonly others: OtherPublishers }
  /** Of an earlier run that was interrupted: how many are there, and how many go out again. */
  | { readonly kind: 'reconciled'; readonly arrived: number; readonly again: number }
  /** Told after every post. */
  | { readonly kind: 'progress'; readonly done: number; readonly total: number };

export interface UploadOptions {
  readonly source: ReadingSource;
  readonly destination: Destination;
  /** `fileJournal(path)` of `@egvkit/uploader/node`, or `memoryJournal()`. */
  readonly journal: OpenJournal;
  /** Age of the oldest reading to upload, ms; as far back as the destination takes readings by default. */
  readonly windowMs?: number | undefined;
  /** Readings of one post; as many as the destination takes by default. */
  readonly batchSize?: number | undefined;
  /** Put this receiver in the place of the one that is assigned to the account. */
  readonly assignReceiver?: boolean | undefined;
  /** The host's clock in Unix ms; `Date.now` by default. */
  readonly nowMs?: (() => number) | undefined;
  /**
   * A clock in ms that is never set, to notice that the host's is; `performance.now` by default, and none if
   * only `nowMs` is given.
   */
  readonly monotonicMs?: (() => number) | undefined;
  /** Keeps what is known of the service's clock for the next upload; nothing is kept by default. */
  readonly serviceClock?: KnownServiceClock | undefined;
  /** Waits for so many ms; a timer by default. */
  readonly sleep?: ((ms: number, signal?: AbortSignal) => Promise<void>) | undefined;
  readonly onEvent?: ((event: UploadEvent) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Result of an upload. */
export interface UploadResult {
  readonly serialNumber: string;
  /** The receiver's clock beside the time that the upload goes by. */
  readonly clock: ClockObservation;
  /** The time that the upload goes by, Unix ms: the service's where it tells one. */
  readonly nowMs: () => number;
  /** Decision about every record in the window. */
  readonly plan: Plan;
  /** Readings that this run brought to the service. */
  readonly posted: readonly PlannedReading[];
  /**
   * Readings of an earlier run that are there although it did not learn of it: they had arrived, or another
   * publisher has brought the same measurements.
   */
  readonly arrivedBefore: readonly PlannedReading[];
  /** Readings of an earlier run that are now too old to be asked about. */
  readonly abandoned: readonly PlannedReading[];
  /** Not there when the run began, and there when they were to be posted. */
  readonly foundMeanwhile: readonly PlannedReading[];
  /** Of these it is still unknown if they are on the service: the next run asks about them. */
  readonly open: readonly PlannedReading[];
  /** Readings that other publishers have put on the service. */
  readonly others: OtherPublishers;
  /** Meter values and calibrations that this run brought to the service, where it takes them. */
  readonly calibrations: readonly CalibrationData[];
  readonly damage: readonly SourceDamage[];
}

/** Readings of a destination that cannot be read back: none. */
const NOTHING = new ServiceReadings([]);

/**
 * Uploads what is new: reads the receiver, settles what an interrupted run left open, posts
 * oldest first, and notes every step in the journal before and after it. Run again at any time:
 * nothing is uploaded twice.
 *
 * @throws UploadError, ReceiverError, ShareError; what had been posted by then is in the journal
 */
export async function runUpload(options: UploadOptions): Promise<UploadResult> {
  const { destination, signal } = options;
  const { nowMs: hostNowMs = Date.now } = options;
  const checkHostClock = watchHostClock(options);
  const { serviceClock = new KnownServiceClock(clocksOf(options)) } = options;
  const correction = await readCorrectionMs(destination, serviceClock, {
    ...{ nowMs: hostNowMs, signal },
  });
  const nowMs = (): number => hostNowMs() + correction;
  const serialNumber = await requireSerialNumber(options);
  // Receiver and service are asked meanwhile: the clock is read at certain moments of a second.
  return await disposing(askClock(options, serialNumber, correction), async (asked) => {
    const windowMs = windowOf(options, destination.limits);
    const received = await readRecords(options, windowMs, correction);
    return await disposing(await openJournal(options, serialNumber), async (journal) => {
      const clock = async (): Promise<SourceTime> => {
        const told = await asked.clock;
        checkHostClock();
        return told;
      };
      return await uploadReceived(options, { serialNumber, received, journal, clock, nowMs });
    });
  });
}

/** Parts that an upload begins with. */
interface Begun {
  readonly serialNumber: string;
  readonly received: Received;
  readonly journal: Journal;
  /** Waits for the receiver's clock, and makes sure that this computer's was not set meanwhile. */
  readonly clock: () => Promise<SourceTime>;
  readonly nowMs: () => number;
}

async function uploadReceived(options: UploadOptions, begun: Begun): Promise<UploadResult> {
  const { destination, onEvent, signal } = options;
  const { serialNumber, received, journal, nowMs } = begun;
  const { limits, readBack } = destination;
  const batchSize = Math.min(options.batchSize ?? limits.batchSize, limits.batchSize);
  await destination.prepare({ serialNumber, assign: options.assignReceiver ?? false, signal });

  const lookedAtMs = nowMs();
  const sinceMs =
    Math.min(lookedAtMs - received.windowMs, ...journal.pending().map(({ utcMs }) => utcMs)) -
    LOOK_MARGIN_MS;
  const look = async (): Promise<ServiceReadings | undefined> =>
    readBack && new ServiceReadings(await readBack.read({ signal, sinceMs }));
  const onService = await look();
  const clock = await begun.clock();
  const there = onService ?? NOTHING;
  const { mostReadings, inSlots } = readBack ?? {};
  const findThere = inSlots?.findThere({ ...received, clock, limits, journal }) ?? findCopies;
  const settled = await settlePending({ ...options, findThere, nowMs }, journal, there, clock);
  const candidates = withLostTime(received.candidatesAt, clock, journal);
  const input = { ...received, clock, candidates, limits, mostReadings, inSlots: inSlots?.find };
  const firstPlan = makePlan(input, journal, onService);
  onEvent?.({ kind: 'planned', plan: firstPlan });
  const others = otherPublishers(firstPlan, there, received.nowMs);
  if (others.copies.length + others.fresh.length > 0) onEvent?.({ kind: 'others', others });
  await journal.confirm(firstPlan.found);
  await journal.abandon(newlyLost(firstPlan, journal));

  const posted: PlannedReading[] = [];
  const foundMeanwhile: PlannedReading[] = [];
  const open = [...settled.open];
  let done = 0;
  const tell = (total: number): void => onEvent?.({ kind: 'progress', done, total });
  tell(settled.again.length + firstPlan.post.length);
  const poster = new Poster({
    ...{ destination, findThere, journal, serialNumber, signal, lookedAtMs, nowMs },
  });
  const take = (batch: Posted): void => {
    posted.push(...batch.posted);
    foundMeanwhile.push(...batch.found);
    open.push(...batch.open);
    done += batch.posted.length + batch.found.length + batch.open.length;
  };
  const first = await postFirst({
    ...{ plan: firstPlan, again: settled.again, clock, poster, nowMs, signal },
    sleep: options.sleep ?? timer,
    async replan() {
      const next = makePlan(input, journal, await look());
      await journal.confirm(next.found);
      return next;
    },
  });
  const { plan } = first;
  take(first.posted);
  const settledFirst = new Set([first.posted.posted, first.posted.found, first.posted.open].flat());
  const isLeft = (reading: PlannedReading): boolean => !settledFirst.has(reading);
  const again = settled.again.filter(isLeft);
  const fresh = plan.post.filter(isLeft);
  const total = done + again.length + fresh.length;
  if (done > 0) tell(total);
  for (const readings of [...batches(again, batchSize), ...batches(fresh, batchSize)]) {
    take(await poster.post(readings));
    tell(total);
  }
  const { arrived: arrivedBefore, abandoned } = settled;
  const calibrations = await destination.calibrations?.upload({
    candidates: received.candidatesAt.calibrationsAt?.(clock) ?? [],
    readings: received.candidatesAt.atHand ?? received.candidatesAt(clock),
    ...{ limits, journal, clock, plan, nowMs: nowMs(), windowMs: received.windowMs, signal },
  });
  return {
    ...{ serialNumber, clock, nowMs, plan, posted, arrivedBefore, abandoned },
    ...{ foundMeanwhile, open, others, damage: received.damage },
    calibrations: calibrations ?? [],
  };
}

/** Makes the check that nobody has set the host's clock since; none for a clock that has no second. */
function watchHostClock(options: UploadOptions): () => void {
  if (options.nowMs !== undefined && options.monotonicMs === undefined) return () => {};
  const clocks = clocksOf(options);
  const baseMs = clockBaseMs(clocks);
  return () => requireSameClock(clocks, baseMs);
}

function clocksOf({ nowMs, monotonicMs }: UploadOptions): HostClocks {
  return {
    nowMs: nowMs ?? Date.now,
    monotonicMs: monotonicMs ?? (() => performance.now()),
  };
}

async function openJournal(options: UploadOptions, serialNumber: string): Promise<Journal> {
  return await options.journal({ serialNumber, target: await options.destination.fingerprint() });
}

/** Settles the readings that an interrupted run left open: asks the service, and notes the answer. */
async function settlePending(
  {
    destination,
    findThere,
    onEvent,
    nowMs = Date.now,
  }: UploadOptions & {
    readonly findThere: FindThere;
  },
  journal: Journal,
  onService: ServiceReadings,
  clock: ClockObservation,
): Promise<SortedPending> {
  const { limits, readBack } = destination;
  const { windowMs: showsMs, mostReadings } = readBack ?? {
    ...limits,
    mostReadings: Number.POSITIVE_INFINITY,
  };
  const pending = journal.pending();
  const context = { onService, findThere, clock, nowMs: nowMs(), showsMs, mostReadings };
  const settled = sortPending(pending, context);
  if (pending.length === 0) return settled;
  await journal.confirm(settled.arrived);
  await journal.abandon(settled.abandoned);
  const { arrived, again } = settled;
  onEvent?.({ kind: 'reconciled', arrived: arrived.length, again: again.length });
  return settled;
}
