import { type FoldedReading, LONGEST_READ_MINUTES, type RegionName } from '@egvkit/protocol/share';
import { Caller } from './caller.ts';
import type { ShareReaderOptions } from './options.ts';
import {
  type CallOptions,
  CURRENT_MINUTES,
  type Readings,
  type ReadOptions,
  readNewest,
  readReadings,
} from './readings.ts';

/**
 * Signs in and reads, and nothing else: the part of `ShareClient` for where every kilobyte counts.
 * The same rules hold for sign-ins, sessions, repeats and errors; errors give less advice.
 */
export class ShareReader {
  /** Where requests go, without a slash at the end. */
  readonly origin: string;
  readonly region: RegionName | undefined;
  readonly #caller: Caller;

  /**
   * Sends nothing yet. Throws `ShareError` `badOrigin` or `insecureOrigin`, and `InputError` for
   * an unknown region or empty credentials.
   */
  constructor(options: ShareReaderOptions) {
    this.#caller = new Caller(options);
    this.origin = this.#caller.target.origin;
    this.region = this.#caller.target.region;
  }

  /** Readings with their true time, newest first, copies folded; see `ShareClient`. */
  readings(options: ReadOptions = {}): Promise<Readings> {
    return readReadings(this.#caller, options);
  }

  /** The newest reading of the last 24 hours. */
  latest(options: CallOptions = {}): Promise<FoldedReading | undefined> {
    return readNewest(this.#caller, LONGEST_READ_MINUTES, options);
  }

  /** The newest reading if it is at most 10 minutes old. */
  current(options: CallOptions = {}): Promise<FoldedReading | undefined> {
    return readNewest(this.#caller, CURRENT_MINUTES, options);
  }
}
