import { NO_REASON } from '@egvkit/platform';
import {
  type FoldedReading,
  judgeReadingFault,
  LONGEST_READ_MINUTES,
  type RegionName,
} from '@egvkit/protocol/share';
import type { CallOptions } from './call-options.ts';
import { ShareError, type ShareErrorCode } from './errors/share-error.ts';
import type { ShareReaderOptions } from './options.ts';
import {
  CURRENT_MINUTES,
  type ReadOptions,
  readNewest,
  readReadings,
} from './readings/readings.ts';
import { Caller, type CallerParts } from './session/caller.ts';
import { logInByTwoSteps } from './session/login.ts';

/** Parts of a program that only reads. */
const READING: CallerParts = {
  logIn: logInByTwoSteps,
  refusals: {
    judge: judgeReadingFault,
    // The faults of a reader become nothing else.
    error: (code, facts) => new ShareError(code as ShareErrorCode, facts as never),
    advise: () => 'See FAULTS of @egvkit/protocol/share.',
    adviseOnLogin: () => 'Check name, password and region: refusals lock the account.',
  },
  explain: (code) => ({ reason: code || NO_REASON, advice: 'Try again later.' }),
};

/**
 * Reader of a Share account: logs in and reads, and nothing else. The part of `ShareClient` for
 * places where every kilobyte counts. Logins, sessions, retries and errors follow the same rules;
 * errors give less advice.
 *
 * @example
 * ```ts
 * import { ShareReader } from '@egvkit/share-http';
 *
 * const reader = new ShareReader({ region: 'us', accountName: 'ann', password: 'secret' });
 * const reading = await reader.current();
 * console.log(reading === undefined ? 'no current reading' : `${reading.mgDl} mg/dL`);
 * ```
 */
export class ShareReader {
  /** Address of the service, without a slash at the end. */
  readonly origin: string;
  readonly region: RegionName | undefined;
  readonly #caller: Caller;

  /**
   * Makes a reader; sends nothing yet.
   *
   * @throws ShareError `badOrigin`, `insecureOrigin`; InputError for an unknown region or empty
   *   credentials
   */
  constructor(options: ShareReaderOptions) {
    this.#caller = new Caller(options, READING);
    this.origin = this.#caller.wire.origin;
    this.region = this.#caller.wire.region;
  }

  /** Reads readings with their true time, newest first, copies folded; see `ShareClient`. */
  readings(options: ReadOptions = {}): Promise<readonly FoldedReading[]> {
    return readReadings(this.#caller, options);
  }

  /** Reads the newest reading of the last 24 hours. Undefined if there is none. */
  latest(options: CallOptions = {}): Promise<FoldedReading | undefined> {
    return readNewest(this.#caller, LONGEST_READ_MINUTES, options);
  }

  /** Reads the newest reading if it is at most 10 minutes old. Undefined if there is none. */
  current(options: CallOptions = {}): Promise<FoldedReading | undefined> {
    return readNewest(this.#caller, CURRENT_MINUTES, options);
  }
}
