import type { Journal } from './journal.ts';
import type { PostOutcome, UploadTarget } from './ports.ts';
import { type PlannedReading, ServiceReadings } from './reading.ts';

export interface PosterOptions {
  readonly target: UploadTarget;
  readonly journal: Journal;
  readonly serialNumber: string;
  readonly signal: AbortSignal | undefined;
}

/** Posts batches that the journal knows of, until each of their readings is on the service. */
export class Poster {
  readonly #options: PosterOptions;

  constructor(options: PosterOptions) {
    this.#options = options;
  }

  async post(readings: readonly PlannedReading[]): Promise<void> {
    const { journal, target } = this.#options;
    try {
      if ((await this.#send(readings)) === 'posted' || readings.length === 1) {
        await journal.confirm(readings);
        return;
      }
    } catch (error) {
      if (!target.mayHaveArrived(error)) throw error;
    }
    // A duplicate in a batch says nothing about the rest of it, and a post without an answer
    // nothing at all (spec/share §4.6, §7.7): look, then send what is missing one by one.
    for (const reading of await this.#missing(readings)) {
      await this.#send([reading]);
      await journal.confirm([reading]);
    }
  }

  async #send(readings: readonly PlannedReading[]): Promise<PostOutcome> {
    const { target, serialNumber, signal } = this.#options;
    const Egvs = readings.map(({ egv }) => egv);
    return await target.post({ SN: serialNumber, Egvs, TA: readings[0]?.ta ?? 0 }, signal);
  }

  /** Reads back; confirms what is there and gives what is not. */
  async #missing(readings: readonly PlannedReading[]): Promise<readonly PlannedReading[]> {
    const { journal, target, signal } = this.#options;
    const there = new ServiceReadings(await target.read(target.showsMs, signal));
    const missing: PlannedReading[] = [];
    const arrived: PlannedReading[] = [];
    for (const reading of readings) {
      const found = there.take(reading.utcMs, reading.egv.Value);
      (found === undefined ? missing : arrived).push(reading);
    }
    await journal.confirm(arrived);
    return missing;
  }
}
