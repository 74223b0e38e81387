import type { Destination, PostOutcome, ReadBack } from './destination.ts';
import type { Journal } from './journal.ts';
import { ServiceReadings } from './service-readings.ts';
import { type FindThere, LOOK_MARGIN_MS } from './slots.ts';
import type { PlannedReading } from './uploaded-data.ts';

export interface PosterOptions {
  readonly destination: Destination;
  readonly findThere: FindThere;
  readonly journal: Journal;
  readonly serialNumber: string;
  readonly signal: AbortSignal | undefined;
  /** Time when the service was last read, Unix ms. */
  readonly lookedAtMs: number;
  readonly nowMs: () => number;
}

/** Outcome of a batch. */
export interface Posted {
  /** Brought to the service. */
  readonly posted: readonly PlannedReading[];
  /** There already: another session or device brought them meanwhile. */
  readonly found: readonly PlannedReading[];
  /** The service neither takes nor shows them: still pending, asked about in the next run. */
  readonly open: readonly PlannedReading[];
}

/** Readings as a look at the service finds them. */
interface Looked {
  /** It has copies of them. */
  readonly copied: PlannedReading[];
  /** It has another publisher's readings of the same measurements. */
  readonly others: PlannedReading[];
  readonly missing: PlannedReading[];
  /** Older than what it shows. */
  readonly hidden: PlannedReading[];
}

/** A batch takes a second or so; others who upload the same are seen before the next. */
const LOOK_AGAIN_MS = 2000;

/** Notes batches in the journal and posts them, until each of their readings is on the service. */
export class Poster {
  readonly #options: PosterOptions;
  #lookedAtMs: number;

  constructor(options: PosterOptions) {
    this.#options = options;
    this.#lookedAtMs = options.lookedAtMs;
  }

  async post(batch: readonly PlannedReading[]): Promise<Posted> {
    const { journal, destination } = this.#options;
    // What the journal gave itself it need not note again: every five minutes, that would fill it.
    const noted = new Set(journal.pending());
    await journal.plan(batch.filter((reading) => !noted.has(reading)));
    const { readBack } = destination;
    return readBack === undefined
      ? await this.#postByKey(batch)
      : await this.#postAndLook(batch, readBack);
  }

  /** Posts what the destination knows again by its key: a post without an answer is repeated. */
  async #postByKey(batch: readonly PlannedReading[]): Promise<Posted> {
    const { journal, destination } = this.#options;
    try {
      await this.#send(batch);
    } catch (error) {
      if (!destination.mayHaveArrived(error)) throw error;
      await this.#send(batch);
    }
    await journal.confirm(batch);
    return { posted: batch, found: [], open: [] };
  }

  async #postAndLook(batch: readonly PlannedReading[], readBack: ReadBack): Promise<Posted> {
    const { journal, destination, nowMs } = this.#options;
    const { copied, others, missing, hidden } =
      Math.abs(nowMs() - this.#lookedAtMs) > LOOK_AGAIN_MS
        ? await this.#look(batch, readBack)
        : { copied: [], others: [], missing: batch, hidden: [] };
    // As in a plan: whether the service has what it cannot show is not known.
    const found = [...copied, ...others];
    const open = [...hidden];
    const posted: PlannedReading[] = [];
    if (missing.length === 0) return { posted, found, open };
    let answered = true;
    try {
      if ((await this.#send(missing)) === 'posted') {
        await journal.confirm(missing);
        return { posted: missing, found, open };
      }
    } catch (error) {
      if (!destination.mayHaveArrived(error)) throw error;
      answered = false;
    }
    // A duplicate in a batch says nothing about the rest of it, and a post without an answer
    // nothing at all (spec/share §4.6, §7.7): look, then send what is missing one by one.
    const after = await this.#look(missing, readBack);
    (answered ? found : posted).push(...after.copied);
    found.push(...after.others);
    open.push(...after.hidden);
    if (answered && missing.length === 1) {
      open.push(...after.missing);
      return { posted, found, open };
    }
    const doubtful: PlannedReading[] = [];
    for (const reading of after.missing) {
      if ((await this.#send([reading])) === 'duplicate') doubtful.push(reading);
      else {
        await journal.confirm([reading]);
        posted.push(reading);
      }
    }
    if (doubtful.length > 0) {
      // What is said to be there is believed when it is seen.
      const last = await this.#look(doubtful, readBack);
      found.push(...last.copied, ...last.others);
      open.push(...last.missing, ...last.hidden);
    }
    return { posted, found, open };
  }

  async #send(readings: readonly PlannedReading[]): Promise<PostOutcome> {
    const { destination, journal, serialNumber, signal } = this.#options;
    await journal.assertHeld();
    return await destination.post(readings, { serialNumber, signal });
  }

  /** Reads back and confirms what is there. */
  async #look(readings: readonly PlannedReading[], readBack: ReadBack): Promise<Looked> {
    const { findThere, journal, signal, nowMs } = this.#options;
    const sinceMs = Math.min(...readings.map(({ utcMs }) => utcMs)) - LOOK_MARGIN_MS;
    const there = new ServiceReadings(await readBack.read({ signal, sinceMs }));
    this.#lookedAtMs = nowMs();
    const thereOf = findThere(readings, there);
    const looked: Looked = { copied: [], others: [], missing: [], hidden: [] };
    for (const reading of readings) {
      const isHidden = there.hides(reading.utcMs, readBack.mostReadings);
      looked[thereOf(reading) ?? (isHidden ? 'hidden' : 'missing')].push(reading);
    }
    await journal.confirm([...looked.copied, ...looked.others]);
    return looked;
  }
}
