import { type ClockObservation, UploadError } from '@egvkit/protocol';
import type { UploadEncoding } from '@egvkit/protocol/share';
import type { DamageReport } from '@egvkit/receiver';
import type { Journal, OpenJournal } from './journal.ts';
import { batches, type Plan, type PlanInput, planUpload } from './plan.ts';
import type { ReadingSource, UploadTarget } from './ports.ts';
import { Poster } from './poster.ts';
import { type Candidate, candidateOf, type PlannedReading, ServiceReadings } from './reading.ts';

/** What happens during an upload, for a progress bar or a log. */
export type UploadEvent =
  | { readonly kind: 'source'; readonly serialNumber: string; readonly clock: ClockObservation }
  /** Told as records are read. */
  | { readonly kind: 'reading'; readonly records: number }
  | { readonly kind: 'damage'; readonly damage: DamageReport }
  | { readonly kind: 'planned'; readonly plan: Plan }
  /** Of an earlier run that was interrupted: how many arrived, and how many go out again. */
  | { readonly kind: 'reconciled'; readonly arrived: number; readonly again: number }
  /** Told after every post. */
  | { readonly kind: 'progress'; readonly done: number; readonly total: number };

export interface UploadOptions {
  readonly source: ReadingSource;
  readonly target: UploadTarget;
  /** `fileJournal(path)` of `@egvkit/uploader/node`, or `memoryJournal()`. */
  readonly journal: OpenJournal;
  /** How far back to upload; 24 hours by default, which is as far as Share shows. */
  readonly windowMs?: number;
  /** `utc` by default. */
  readonly encoding?: UploadEncoding;
  /** Readings of one post; 50 by default, more is unproven (spec/share §4.6). */
  readonly batchSize?: number;
  /** Put this receiver in the place of the one that is assigned to the account. */
  readonly assignReceiver?: boolean;
  /** The host's clock in Unix ms; `Date.now` by default. */
  readonly nowMs?: () => number;
  readonly onEvent?: (event: UploadEvent) => void;
  readonly signal?: AbortSignal;
}

/** What an upload came to. */
export interface UploadResult {
  readonly serialNumber: string;
  readonly clock: ClockObservation;
  /** What was decided for every record in the window. */
  readonly plan: Plan;
  /** Readings that this run brought to the service. */
  readonly posted: readonly PlannedReading[];
  /** Readings of an earlier run that had arrived although it did not learn of it. */
  readonly arrivedBefore: readonly PlannedReading[];
  /** Readings of an earlier run that are now too old to be asked about. */
  readonly abandoned: readonly PlannedReading[];
  readonly damage: readonly DamageReport[];
}

const DAY_MS = 86_400_000;
const BATCH_SIZE = 50;

/** What a receiver has, decided but not sent: see {@link previewUpload}. */
export type UploadPreview = Pick<UploadResult, 'serialNumber' | 'clock' | 'plan' | 'damage'>;

/** Of an upload only what reads; without a journal everything counts as new. */
export type PreviewOptions = Omit<UploadOptions, 'target' | 'journal' | 'assignReceiver'> & {
  readonly journal?: Pick<Journal, 'has'>;
};

/**
 * Says what an upload would do by what the receiver and the journal tell. Asks nothing of the
 * service and changes nothing.
 */
export async function previewUpload(options: PreviewOptions): Promise<UploadPreview> {
  const { serialNumber, clock, damage, ...received } = await readSource(options);
  const context = { clock, ...received, serviceShows: Number.POSITIVE_INFINITY };
  const plan = makePlan(options, context, options.journal, undefined);
  options.onEvent?.({ kind: 'planned', plan });
  return { serialNumber, clock, damage, plan };
}

/**
 * Uploads what is new: reads the receiver, settles what an interrupted run left open, posts
 * oldest first, and notes every step in the journal before and after it. Run again at any time:
 * nothing is uploaded twice.
 *
 * @throws UploadError, ReceiverError, ShareError; what had been posted by then is in the journal
 */
export async function runUpload(options: UploadOptions): Promise<UploadResult> {
  const { target, onEvent, signal, batchSize = BATCH_SIZE } = options;
  const received = await readSource(options);
  const { serialNumber, damage, clock } = received;
  await using journal = await openJournal(options, serialNumber);
  await target.prepare({ serialNumber, assign: options.assignReceiver ?? false, signal });

  const onService = new ServiceReadings(await target.read(target.showsMs, signal));
  const settled = await settlePending(options, journal, onService);
  const plan = makePlan(options, { ...received, serviceShows: target.shows }, journal, onService);
  onEvent?.({ kind: 'planned', plan });
  await journal.confirm(plan.found);

  const total = settled.again.length + plan.post.length;
  const posted: PlannedReading[] = [];
  onEvent?.({ kind: 'progress', done: 0, total });
  const poster = new Poster({ target, journal, serialNumber, signal });
  for (const readings of [...batches(settled.again, batchSize), ...batches(plan.post, batchSize)]) {
    // Those of an interrupted run are in the journal already; to note them again does no harm.
    await journal.plan(readings);
    await poster.post(readings);
    posted.push(...readings);
    onEvent?.({ kind: 'progress', done: posted.length, total });
  }
  const { arrived: arrivedBefore, abandoned } = settled;
  return { serialNumber, clock, plan, posted, arrivedBefore, abandoned, damage };
}

async function openJournal(options: UploadOptions, serialNumber: string): Promise<Journal> {
  return await options.journal({ serialNumber, target: await options.target.fingerprint() });
}

interface Received {
  readonly serialNumber: string;
  readonly clock: ClockObservation;
  readonly candidates: readonly Candidate[];
  readonly damage: readonly DamageReport[];
  readonly nowMs: number;
}

async function readSource(options: Omit<UploadOptions, 'target' | 'journal'>): Promise<Received> {
  const { source, onEvent, signal, windowMs = DAY_MS } = options;
  const serialNumber = await source.serialNumber(signal);
  if (serialNumber === undefined) throw new UploadError('noSerialNumber', {});
  const clock = await source.clock(signal);
  onEvent?.({ kind: 'source', serialNumber, clock });

  const nowMs = (options.nowMs ?? Date.now)();
  const candidates: Candidate[] = [];
  const damage: DamageReport[] = [];
  const onDamage = (report: DamageReport): void => {
    damage.push(report);
    onEvent?.({ kind: 'damage', damage: report });
  };
  for await (const record of source.records({
    since: new Date(nowMs - windowMs),
    signal,
    onDamage,
  })) {
    candidates.push(candidateOf(record));
    onEvent?.({ kind: 'reading', records: candidates.length });
  }
  return { serialNumber, clock, candidates, damage, nowMs };
}

function makePlan(
  { encoding = 'utc', windowMs = DAY_MS }: Pick<UploadOptions, 'encoding' | 'windowMs'>,
  input: Pick<PlanInput, 'candidates' | 'clock' | 'nowMs' | 'serviceShows'>,
  journal: Pick<Journal, 'has'> | undefined,
  onService: ServiceReadings | undefined,
): Plan {
  const isKnown = (key: string): boolean => journal?.has(key) ?? false;
  return planUpload({ ...input, windowMs, encoding, isKnown, onService });
}

/** What an interrupted run left open: asked of the service, and noted. */
async function settlePending(
  { target, onEvent, nowMs = Date.now }: UploadOptions,
  journal: Journal,
  onService: ServiceReadings,
): Promise<{ arrived: PlannedReading[]; again: PlannedReading[]; abandoned: PlannedReading[] }> {
  const arrived: PlannedReading[] = [];
  const again: PlannedReading[] = [];
  const abandoned: PlannedReading[] = [];
  const pending = journal.pending();
  if (pending.length === 0) return { arrived, again, abandoned };
  const visibleFrom = nowMs() - target.showsMs;
  for (const reading of pending) {
    if (onService.take(reading.utcMs, reading.egv.Value) !== undefined) arrived.push(reading);
    else if (reading.utcMs < visibleFrom) abandoned.push(reading);
    else again.push(reading);
  }
  await journal.confirm(arrived);
  await journal.abandon(abandoned);
  onEvent?.({ kind: 'reconciled', arrived: arrived.length, again: again.length });
  return { arrived, again, abandoned };
}
