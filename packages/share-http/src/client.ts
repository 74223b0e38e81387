import {
  type EgvUpload,
  ENDPOINTS,
  type FoldedReading,
  type GlucoseRecord,
  LONGEST_READ_MINUTES,
  type RegionName,
  type RuntimeInfo,
} from '@egvkit/protocol/share';
import { readClock, tellRuntimeInfo } from './account.ts';
import { asking, type Caller } from './caller.ts';
import { explainFailure } from './connection-failures.ts';
import { Followers } from './followers.ts';
import { Following } from './following.ts';
import type { ShareClientOptions } from './options.ts';
import { SIGN_INS } from './other-sign-ins.ts';
import { PatientCaller } from './patient-caller.ts';
import * as publisher from './publisher.ts';
import {
  type CallOptions,
  CURRENT_MINUTES,
  type Readings,
  type ReadOptions,
  readGlucose,
  readNewest,
  readReadings,
} from './readings.ts';
import { REFUSALS } from './refusals.ts';
import { postSafely, type SafePost, type SafePostOptions } from './safe-post.ts';
import { type WatchedReading, type WatchOptions, watchReadings } from './watch.ts';

/**
 * A Share account over HTTP. Signs in by itself when a call needs it, keeps the session, and
 * signs in once more when the service has forgotten it. No error has secrets in it.
 *
 * Any call can fail with a `ShareError`: `credentialsRefused`, `credentialsRefusedBefore` or
 * `loginBlocked` if it has to sign in; `unreachable`, `timeout`, `connectionLost`, `unavailable`,
 * `tooManyRequests`, `badRequest` or `badReply` on the way; `sessionRejected`, `refused` or
 * `serviceFault` by the service's word. Its `outcomeUnknown` says that something may have been
 * changed all the same. What cannot be sent, such as an empty serial number or a limit that is no
 * whole number, is an `InputError`. A store adds its own (`StoreError`), and a signal its reason.
 * What a method throws besides stands there.
 */
export class ShareClient {
  /** Where requests go, without a slash at the end. */
  readonly origin: string;
  readonly region: RegionName | undefined;
  /** The account's followers: list, invite, remove, rename, pause, resume and more. */
  readonly followers: Followers;
  /** Whom the account follows, if it is a follower's. */
  readonly following: Following;
  readonly #caller: Caller;

  /**
   * Sends nothing yet. Throws `ShareError` `badOrigin` or `insecureOrigin`, and `InputError` for
   * an unknown region or empty credentials.
   */
  constructor(options: ShareClientOptions) {
    const way = options.signIn ?? 'twoSteps';
    this.#caller = new PatientCaller(options, {
      signIn: SIGN_INS[way],
      refusals: REFUSALS,
      explain: explainFailure,
    });
    this.origin = this.#caller.target.origin;
    this.region = this.#caller.target.region;
    this.followers = new Followers(this.#caller);
    this.following = new Following(this.#caller, way);
  }

  /**
   * Signs in now, also if there is a session: to find out whether name and password are right. One
   * attempt; a refusal is remembered like any other.
   *
   * @throws ShareError `credentialsRefused`, `credentialsRefusedBefore`, `loginBlocked`
   *
   * Source: spec/share §2.1, §2.2, §3.1, §3.6 (captured).
   */
  async signIn(options: CallOptions = {}): Promise<void> {
    await this.#caller.session.id(options.signal, true);
  }

  /**
   * The service's clock. Needs no account. Whether it is still served is unknown.
   *
   * @throws ShareError as any call, but for the sign-in; `badReply` also for an unreadable date
   *
   * Source: spec/share §2.1, §5.2 (one source).
   */
  systemUtcTime(
    options: CallOptions = {},
  ): Promise<{ readonly utcMs: number; readonly offsetMinutes: number }> {
    return readClock(this.#caller, options);
  }

  /**
   * Whether the account takes readings from this receiver. `status` is the service's word for it;
   * anything but `AssignedToYou` means no.
   *
   * @throws ShareError as any call
   *
   * Source: spec/share §2.1 (several sources).
   */
  checkReceiverAssignment(
    serialNumber: string,
    options: CallOptions = {},
  ): Promise<{ readonly assigned: boolean; readonly status: string }> {
    return publisher.checkReceiver(this.#caller, serialNumber, options);
  }

  /**
   * Makes this receiver the account's, in place of the one it has: whatever publishes with that
   * one is refused from then on. Only on the user's word. Nothing happens if it is the account's
   * already.
   *
   * @throws ShareError as any call, SharingError `receiverNotAssigned`; neither if it is the
   *   account's all the same
   *
   * Source: spec/share §2.1 (several sources).
   */
  assignReceiver(
    serialNumber: string,
    options: CallOptions = {},
  ): Promise<'assigned' | 'alreadyAssigned'> {
    return publisher.assignReceiver(this.#caller, serialNumber, options);
  }

  /**
   * Whether the account is sharing, without which it takes no readings.
   *
   * @throws ShareError as any call
   *
   * Source: spec/share §2.1 (several sources).
   */
  isMonitoringActive(options: CallOptions = {}): Promise<boolean> {
    return publisher.isMonitoring(this.#caller, options);
  }

  /**
   * Starts sharing: followers see the account. Nothing happens if it is sharing already.
   *
   * @throws SharingError `receiverNotAssigned` if it is not the account's
   *
   * Source: spec/share §2.1 (several sources).
   */
  startMonitoring(
    serialNumber: string,
    options: CallOptions = {},
  ): Promise<'started' | 'alreadyActive'> {
    return publisher.startMonitoring(this.#caller, serialNumber, options);
  }

  /**
   * Stops sharing. What followers see then is unknown; it is not for the end of an upload.
   *
   * @throws ShareError as any call
   *
   * Source: spec/share §2.1, §7.7 (one source).
   */
  async stopMonitoring(options: CallOptions = {}): Promise<void> {
    await this.#caller.value(ENDPOINTS.StopRemoteMonitoringSession, asking(), options.signal);
  }

  /**
   * Does what an upload needs: the receiver assigned (only with `assign: true`) and sharing on.
   * Tells what it changed.
   *
   * @throws SharingError `receiverNotAssigned` if it is not assigned and may not be
   *
   * Source: spec/share §2.1, §7.7 (several sources).
   */
  ensureReady(
    serialNumber: string,
    options: CallOptions & { readonly assign: boolean },
  ): Promise<{ readonly assigned: boolean; readonly started: boolean }> {
    return publisher.ensureReady(this.#caller, serialNumber, options);
  }

  /**
   * Uploads readings; `buildEgvUpload` makes the body. `duplicate` says that at least one of them
   * is there already, and nothing about the rest (spec/share §4.6).
   *
   * @throws ShareError with `outcomeUnknown` if they may have been taken although no answer came:
   *   read back before sending them again. SharingError `receiverNotAssigned`,
   *   `monitoringInactive`. InputError for a body without readings
   *
   * Source: spec/share §2.1, §4.1 (several sources).
   */
  postEgvs(
    body: EgvUpload,
    options: CallOptions = {},
  ): Promise<{ readonly outcome: 'posted' | 'duplicate' }> {
    return publisher.postEgvs(this.#caller, body, options);
  }

  /**
   * Uploads readings so that each is there once: starts sharing if it is off, assigns the
   * receiver if `assign` says that it may, reads back what was not answered for, and posts again,
   * once, what is seen to be missing. Tells what is there and what is not.
   *
   * @throws ShareError with `outcomeUnknown` if reading back cannot tell either: it fails (the
   *   `cause` says how), or the readings are older than a day or too many. SharingError
   *   `receiverNotAssigned` without `assign`, or if repairing did not help, like
   *   `monitoringInactive`
   *
   * Source: spec/share §3.5, §4.6, §7.7.
   */
  postEgvsSafely(body: EgvUpload, options: SafePostOptions = {}): Promise<SafePost> {
    return postSafely(this.#caller, body, options);
  }

  /**
   * Tells the service which device and application publish. Not needed to upload.
   *
   * @throws ShareError as any call
   *
   * Source: spec/share §2.1 (several sources).
   */
  updateRuntimeInfo(runtimeInfo: RuntimeInfo, options: CallOptions = {}): Promise<void> {
    return tellRuntimeInfo(this.#caller, runtimeInfo, options);
  }

  /**
   * The account's own e-mail address.
   *
   * @throws ShareError as any call
   *
   * Source: spec/share §2.2 (one source).
   */
  accountEmail(options: CallOptions = {}): Promise<string> {
    return this.#caller.value(ENDPOINTS.ReadPublisherAccountEmail, asking(), options.signal);
  }

  /**
   * The account's picture: the bytes of an image whose format is not on record.
   *
   * @throws ShareError as any call
   *
   * Source: spec/share §2.2 (one source).
   */
  accountImage(options: CallOptions = {}): Promise<Uint8Array> {
    return this.#caller.value(ENDPOINTS.ReadPublisherAccountImage, asking(), options.signal);
  }

  /**
   * Readings as the service gives them. An empty list is an answer, not a failure (§0.9).
   *
   * @throws ShareError as any call
   *
   * Source: spec/share §2.1, §4.8 (captured).
   */
  readGlucose(options: ReadOptions = {}): Promise<readonly GlucoseRecord[]> {
    return readGlucose(this.#caller, options);
  }

  /**
   * Readings with their true time, newest first, mg/dL and mmol/L. Copies from a second device
   * are folded into the first (`duplicates`). An empty list says in `emptyBecause` what the
   * likely reasons are.
   *
   * @throws ShareError as any call, `badReply` also for a reading without a date
   *
   * Source: spec/share §0.9, §0.10, §4.8, §4.9 (captured).
   */
  readings(options: ReadOptions = {}): Promise<Readings> {
    return readReadings(this.#caller, options);
  }

  /**
   * The newest reading of the last 24 hours. Undefined if there is none.
   *
   * @throws ShareError as `readings`
   *
   * Source: spec/share §4.8 (captured).
   */
  latest(options: CallOptions = {}): Promise<FoldedReading | undefined> {
    return readNewest(this.#caller, LONGEST_READ_MINUTES, options);
  }

  /**
   * The newest reading if it is at most 10 minutes old. Undefined if there is none.
   *
   * @throws ShareError as `readings`
   *
   * Source: spec/share §4.8 (captured).
   */
  current(options: CallOptions = {}): Promise<FoldedReading | undefined> {
    return readNewest(this.#caller, CURRENT_MINUTES, options);
  }

  /**
   * Each new reading once, in order, as it appears; see `watchReadings`.
   *
   * @throws ShareError that waiting does not cure, such as `credentialsRefused`, and `loginBlocked`
   *
   * Source: spec/share §4.8.
   */
  watch(options: WatchOptions = {}): AsyncGenerator<WatchedReading, void, void> {
    return watchReadings(this, options, this.#caller);
  }

  /**
   * Lets this sign-in be sent again, once, although it was refused: for a user who is sure that it
   * was right, or who has repaired the account. Other passwords that were refused stay so, and so
   * does a lock by the service. Sends nothing.
   *
   * @throws what the store does
   *
   * Source: spec/share §3.6.
   */
  async forgetRefusedLogin(): Promise<void> {
    const { session } = this.#caller;
    await session.alone(() =>
      session.keep(async ({ refused, ...rest }) => {
        if (refused === undefined) return rest;
        const own = await session.fingerprint(refused.salt);
        const hashes = refused.hashes.filter((hash) => hash !== own);
        return { ...rest, refused: { ...refused, hashes } };
      }),
    );
  }

  /**
   * A name for service and account that tells nothing about them, the same every time: for a
   * journal or a cache. Sends nothing.
   */
  accountKey(): Promise<string> {
    return this.#caller.session.key();
  }

  /** What may be shown of the client. */
  toJSON(): { readonly origin: string; readonly region: RegionName | undefined } {
    return { origin: this.origin, region: this.region };
  }

  /** The same for Node's `util.inspect`. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `ShareClient ${JSON.stringify(this)}`;
  }
}
