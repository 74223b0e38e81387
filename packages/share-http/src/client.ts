import { checkPort, explainFailure } from '@egvkit/platform';
import type { EgvUpload, FoldedReading, GlucoseRecord, RegionName } from '@egvkit/protocol/share';
import { LONGEST_READ_MINUTES } from '@egvkit/protocol/share';
import { Account } from './account/account.ts';
import {
  type ClockOffset,
  readClock,
  readClockOffset,
  type ServiceTime,
} from './account/service-clock.ts';
import type { CallOptions } from './call-options.ts';
import { Followers } from './followers/followers.ts';
import { Following } from './followers/following.ts';
import type { Platform } from './http/platform.ts';
import { REFUSALS } from './http/refusals.ts';
import type { ShareClientOptions } from './options.ts';
import { type BarePost, postOnce } from './publish/bare-post.ts';
import { postSafely, type SafePost } from './publish/safe-post.ts';
import { type ReadyOptions, Sharing } from './publish/sharing.ts';
import {
  CURRENT_MINUTES,
  type ReadOptions,
  readGlucose,
  readNewest,
  readReadings,
} from './readings/readings.ts';
import { forgetRefusal } from './session/forgotten-refusal.ts';
import { LOGIN_METHODS } from './session/login-methods.ts';
import { PacedStore } from './session/paced-store.ts';
import { SeparateSessions } from './session/store.ts';
import { WritingCaller } from './session/writing-caller.ts';
import type { WatchedReading } from './watch/poller.ts';
import { type WatchOptions, watchWith } from './watch/watch.ts';

/**
 * Client of a Share account over HTTP. Logs in by itself when a call needs it, keeps the session,
 * and logs in once more when the service has forgotten the session. No error has secrets in it.
 *
 * Any call can fail with a `ShareError`: `credentialsRefused`, `credentialsRefusedBefore`,
 * `accountLocked`, `loginUnanswered`, `loginTimeout` or `sessionEndedAgain` if it has to log in;
 * `unreachable`, `timeout`, `connectionLost`, `unavailable`, `tooManyRequests`, `blockedByFirewall`,
 * `badRequest` or `badReply` on the way; `sessionRejected`, `refused` or `serviceFault` by the
 * service's word. Its `outcomeUnknown` says that the call may have changed something all the same.
 * Arguments that cannot be sent, such as an empty serial number or a limit that is no whole number,
 * are an `InputError`. A store throws its own errors, and an aborted signal its reason. Further
 * errors stand at each method.
 *
 * @example
 * ```ts
 * import { ShareClient } from '@egvkit/share-http';
 *
 * const share = new ShareClient({ region: 'ous', accountName: 'ann', password: 'secret' });
 * const [newest] = await share.readings({ minutes: 60 });
 * if (newest?.status === 'inRange') console.log(newest.mgDl, newest.trend.name);
 * ```
 */
export class ShareClient {
  /** Address of the service, without a slash at the end. */
  readonly origin: string;
  readonly region: RegionName | undefined;
  /** E-mail address, picture and runtime info of the account. */
  readonly account: Account;
  /** Sharing, and the account's receiver. */
  readonly sharing: Sharing;
  /** Followers of the account: list, invite, remove, rename, pause, resume and more. */
  readonly followers: Followers;
  /** Accounts that the account follows, if it is a follower's. */
  readonly following: Following;
  readonly #caller: WritingCaller;

  /**
   * Makes a client; sends nothing yet.
   *
   * @throws ShareError `badOrigin`, `insecureOrigin`; InputError for an unknown region, empty
   *   credentials or a port that `fetch` refuses
   */
  constructor(options: ShareClientOptions) {
    const login = options.login ?? 'twoSteps';
    const caller = new WritingCaller(this.#paced(options), {
      logIn: LOGIN_METHODS[login],
      refusals: REFUSALS,
      explain: (code, { origin }) => explainFailure(code, origin),
    });
    this.#caller = caller;
    this.origin = caller.wire.origin;
    if (options.fetch === undefined)
      checkPort('the Share service', Number(new URL(this.origin).port));
    this.region = caller.wire.region;
    this.account = new Account(caller);
    this.sharing = new Sharing(caller);
    this.followers = new Followers(caller);
    this.following = new Following(caller, login);
  }

  /** The same options, with a store that lets logins pass at the pace of unattended programs. */
  #paced(options: ShareClientOptions & Platform): ShareClientOptions {
    if (options.unattended !== true) return options;
    const { store = new SeparateSessions(), now = Date.now } = options;
    const host = (): string => new URL(this.origin).host;
    const monotonicMs = (): number => performance.now();
    return { ...options, store: new PacedStore(store, { host, now, monotonicMs }) };
  }

  /**
   * Logs in now, also if there is a session: to find out if name and password are right. Makes one
   * attempt; a refusal is remembered like any other.
   *
   * @throws ShareError `credentialsRefused`, `credentialsRefusedBefore`, `accountLocked`
   */
  async logIn({ signal }: CallOptions = {}): Promise<void> {
    await this.#caller.session.id({ signal, anew: true });
  }

  /**
   * Lets this login be sent again, once, although it was refused or got no clear answer: for a user
   * who is sure that it was right, or who has repaired the account. Other passwords that were
   * refused stay refused, and a lock by the service stays. Sends nothing.
   *
   * @throws as the store
   */
  forgetRefusedLogin(options: CallOptions = {}): Promise<void> {
    return forgetRefusal(this.#caller.session, options);
  }

  /**
   * Gives a name for service and account that tells nothing about them, the same every time: for a
   * journal or a cache. Sends nothing.
   */
  accountKey(): Promise<string> {
    return this.#caller.session.record.key();
  }

  /**
   * Reads the service's clock. Needs no account. It is unknown if the service still serves it.
   *
   * @throws ShareError as any call, but for the login; `badReply` also for an unreadable date
   */
  systemUtcTime(options: CallOptions = {}): Promise<ServiceTime> {
    return readClock(this.#caller, options);
  }

  /**
   * Measures how far the service's clock is ahead of this computer's, by one request that needs no
   * account: from {@link systemUtcTime} or, where that is not served, from the header `Date`.
   *
   * @returns undefined if the answer tells no time
   * @throws ShareError `unreachable`, `timeout`, `connectionLost`, `badReply`; `unavailable`,
   *   `tooManyRequests` or `blockedByFirewall` if the service asks to wait
   */
  clockOffset(options: CallOptions = {}): Promise<ClockOffset | undefined> {
    return readClockOffset(this.#caller, options);
  }

  /**
   * Uploads readings so that each is stored once: starts sharing if it is off, assigns the receiver
   * if `assign` allows it, reads back readings that were not answered for, and posts the missing
   * ones again, once. `buildEgvUploads` of `@egvkit/protocol/share` makes the body.
   *
   * @throws ShareError with `outcomeUnknown` if reading back cannot tell either: it fails (see
   *   `cause`), or the readings are older than a day or too many. PublishError `duplicateBatch`
   *   likewise; `receiverNotAssigned` without `assign`, or if repairing did not help, like
   *   `notSharing`. InputError for a body without readings
   */
  postEgvs(body: EgvUpload, options: ReadyOptions = {}): Promise<SafePost> {
    return postSafely(this.#caller, body, options);
  }

  /**
   * Makes one post and nothing else, for programs that keep a journal of their own. `duplicate` says
   * that at least one of the readings is stored already, and nothing about the rest.
   *
   * @throws ShareError with `outcomeUnknown` if the readings may have been taken although no answer
   *   came: read back before sending them again. PublishError `receiverNotAssigned`, `notSharing`.
   *   InputError for a body without readings
   */
  postReceiverEgvRecords(body: EgvUpload, options: CallOptions = {}): Promise<BarePost> {
    return postOnce(this.#caller, body, options);
  }

  /**
   * Reads records as the service gives them. An empty list is an answer, not a failure.
   *
   * @throws ShareError as any call
   */
  readGlucose(options: ReadOptions = {}): Promise<readonly GlucoseRecord[]> {
    return readGlucose(this.#caller, options);
  }

  /**
   * Reads readings with their true time, newest first, mg/dL and mmol/L. Copies from a second device
   * are folded into the first (`duplicates`). `emptyReasons` tells why a list may be empty.
   *
   * @throws ShareError as any call, `badReply` also for a reading without a date
   */
  readings(options: ReadOptions = {}): Promise<readonly FoldedReading[]> {
    return readReadings(this.#caller, options);
  }

  /**
   * Reads the newest reading of the last 24 hours. Undefined if there is none.
   *
   * @throws ShareError as `readings`
   */
  latest(options: CallOptions = {}): Promise<FoldedReading | undefined> {
    return readNewest(this.#caller, LONGEST_READ_MINUTES, options);
  }

  /**
   * Reads the newest reading if it is at most 10 minutes old. Undefined if there is none.
   *
   * @throws ShareError as `readings`
   */
  current(options: CallOptions = {}): Promise<FoldedReading | undefined> {
    return readNewest(this.#caller, CURRENT_MINUTES, options);
  }

  /**
   * Gives each new reading once, in order, as it appears; see `watchReadings`.
   *
   * @throws ShareError that waiting does not cure, such as `credentialsRefused`, `accountLocked`
   */
  watch(options: WatchOptions = {}): AsyncGenerator<WatchedReading, void, void> {
    return watchWith(this, options, this.#caller);
  }

  /** Gives the parts of the client that may be shown. */
  toJSON(): { readonly origin: string; readonly region: RegionName | undefined } {
    return { origin: this.origin, region: this.region };
  }

  /** Gives the same for Node's `util.inspect`. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `ShareClient ${JSON.stringify(this)}`;
  }
}
