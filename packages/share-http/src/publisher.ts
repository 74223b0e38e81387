import { NO_REASON } from '@egvkit/platform';
import type { EgvUpload, FoldedReading, RegionName } from '@egvkit/protocol/share';
import { type ClockOffset, readClockOffset } from './account/service-clock.ts';
import type { CallOptions } from './call-options.ts';
import { UPLOADING_REFUSALS } from './http/refusals.ts';
import type { ShareReaderOptions } from './options.ts';
import { type BarePost, postOnce } from './publish/bare-post.ts';
import { Sharing } from './publish/sharing.ts';
import { type ReadOptions, readReadings } from './readings/readings.ts';
import { Caller } from './session/caller.ts';
import { logInByTwoSteps } from './session/login.ts';

/**
 * Publisher of a Share account: posts readings and reads them back, and nothing else. The part of
 * `ShareClient` for pages that upload: `shareDestination` of `@egvkit/uploader` takes either. Logins,
 * sessions, retries and errors follow the same rules; only a connection that fails is explained less,
 * as a browser gives no reason for it.
 *
 * @example
 * ```ts
 * import { SharePublisher } from '@egvkit/share-http';
 *
 * const share = new SharePublisher({ region: 'us', accountName: 'ann', password: 'secret' });
 * const { started } = await share.sharing.ensureReady('SM12345678');
 * if (started) console.log('The account is sharing now.');
 * ```
 */
export class SharePublisher {
  /** Address of the service, without a slash at the end. */
  readonly origin: string;
  readonly region: RegionName | undefined;
  /** Sharing, and the account's receiver. */
  readonly sharing: Sharing;
  readonly #caller: Caller;

  /**
   * Makes a publisher; sends nothing yet.
   *
   * @throws ShareError `badOrigin`, `insecureOrigin`; InputError for an unknown region or empty
   *   credentials
   */
  constructor(options: ShareReaderOptions) {
    const caller = new Caller(options, {
      logIn: logInByTwoSteps,
      refusals: UPLOADING_REFUSALS,
      explain: (code) => ({
        reason: code || NO_REASON,
        advice: 'Check the network and the address, and try again.',
      }),
    });
    this.#caller = caller;
    this.origin = caller.wire.origin;
    this.region = caller.wire.region;
    this.sharing = new Sharing(caller);
  }

  /** Logs in now, also if there is a session: one attempt, whose refusal is remembered. */
  async logIn({ signal }: CallOptions = {}): Promise<void> {
    await this.#caller.session.id({ signal, anew: true });
  }

  /** Gives a name for service and account that tells nothing about them. Sends nothing. */
  accountKey(): Promise<string> {
    return this.#caller.session.record.key();
  }

  /** Measures how far the service's clock is ahead of this computer's; see `ShareClient`. */
  clockOffset(options: CallOptions = {}): Promise<ClockOffset | undefined> {
    return readClockOffset(this.#caller, options);
  }

  /** Makes one post and nothing else; see `ShareClient`. */
  postReceiverEgvRecords(body: EgvUpload, options: CallOptions = {}): Promise<BarePost> {
    return postOnce(this.#caller, body, options);
  }

  /** Reads readings with their true time, newest first, copies folded; see `ShareClient`. */
  readings(options: ReadOptions = {}): Promise<readonly FoldedReading[]> {
    return readReadings(this.#caller, options);
  }
}
