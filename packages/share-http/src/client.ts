import { ShareError } from '@egvkit/protocol';
import {
  decodeDate,
  decodeReading,
  type EgvUpload,
  type EndpointName,
  type FaultCode,
  type GlucoseRecord,
  normalizeSerialNumber,
  type RegionName,
  type ShareReading,
} from '@egvkit/protocol/share';
import type { Outcome } from './answer.ts';
import { Caller } from './caller.ts';
import type { ShareClientOptions } from './options.ts';

/** What every call takes: a way to give up waiting for it. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

/** How much to read back. */
export interface ReadOptions extends CallOptions {
  /** Of the last how many minutes: 1 … 1440, which is the default. 0 gives none. */
  readonly minutes?: number | undefined;
  /** At most how many: 1 … 288, which is the default. 0 gives none. */
  readonly maxCount?: number | undefined;
}

const ASSIGNED = 'AssignedToYou';
const DAY_MINUTES = 1440;
const READINGS_PER_DAY = 288;

/**
 * A Share account over HTTP. Signs in by itself when a call needs it, keeps the session, and
 * signs in once more when the service has forgotten it. Every failure is a {@link ShareError}
 * without secrets in it.
 */
export class ShareClient {
  /** Where requests go, without a slash at the end. */
  readonly origin: string;
  readonly region: RegionName | undefined;
  readonly #caller: Caller;

  /**
   * Sends nothing yet. Throws `ShareError` `badOrigin` or `insecureOrigin`, and `InputError` for
   * an unknown region or empty credentials.
   */
  constructor(options: ShareClientOptions) {
    this.#caller = new Caller(options);
    this.origin = this.#caller.target.origin;
    this.region = this.#caller.target.region;
  }

  /** The service's clock. Needs no account. */
  async systemUtcTime(
    options: CallOptions = {},
  ): Promise<{ readonly utcMs: number; readonly offsetMinutes: number }> {
    const name = 'SystemUtcTime';
    const outcome = await this.#caller.send(name, { query: {}, body: undefined }, options.signal);
    if (outcome.refusal !== undefined) throw outcome.refusal.error;
    const { DateTime, OffsetMinutes } = outcome.value;
    const date = decodeDate(DateTime);
    if (date === undefined) throw unreadable(name, 'its date cannot be read');
    return { utcMs: date.utcMs, offsetMinutes: OffsetMinutes };
  }

  /**
   * Whether the account takes readings from this receiver. `status` is the service's word for it;
   * anything but `AssignedToYou` means no.
   */
  async checkReceiverAssignment(
    serialNumber: string,
    options: CallOptions = {},
  ): Promise<{ readonly assigned: boolean; readonly status: string }> {
    const query = { serialNumber: normalizeSerialNumber(serialNumber) };
    const name = 'CheckMonitoredReceiverAssignmentStatus';
    const status = await this.#caller.value(name, query, undefined, options.signal);
    return { assigned: status === ASSIGNED, status };
  }

  /**
   * Makes this receiver the account's, in place of the one it has: whatever publishes with that
   * one is refused from then on. Only on the user's word. Nothing happens if it is the account's
   * already.
   */
  async assignReceiver(
    serialNumber: string,
    options: CallOptions = {},
  ): Promise<'assigned' | 'alreadyAssigned'> {
    const query = { serialNumber: normalizeSerialNumber(serialNumber) };
    const name = 'ReplacePublisherAccountMonitoredReceiver';
    try {
      await this.#caller.value(name, query, undefined, options.signal);
      return 'assigned';
    } catch (error) {
      // Any HTTP 500 may mean that it is assigned already (spec/share §2.1).
      if (!(error instanceof ShareError) || !MAYBE_ASSIGNED.has(error.code)) throw error;
      const { assigned } = await this.checkReceiverAssignment(serialNumber, options);
      if (!assigned) throw error;
      return 'alreadyAssigned';
    }
  }

  /** Whether the account is sharing, without which it takes no readings. */
  async isMonitoringActive(options: CallOptions = {}): Promise<boolean> {
    return this.#caller.value('IsRemoteMonitoringSessionActive', {}, undefined, options.signal);
  }

  /** Starts sharing: followers see the account. Nothing happens if it is sharing already. */
  async startMonitoring(
    serialNumber: string,
    options: CallOptions = {},
  ): Promise<'started' | 'alreadyActive'> {
    const query = { serialNumber: normalizeSerialNumber(serialNumber) };
    const outcome = await this.#caller.call(
      'StartRemoteMonitoringSession',
      query,
      undefined,
      options.signal,
    );
    return accept(outcome, 'MonitoringSessionAlreadyActive') ? 'started' : 'alreadyActive';
  }

  /**
   * Does what an upload needs: the receiver assigned (only with `assign: true`, else
   * `receiverNotAssigned` is thrown) and sharing on. Tells what it changed.
   */
  async ensureReady(
    serialNumber: string,
    options: CallOptions & { readonly assign: boolean },
  ): Promise<{ readonly assigned: boolean; readonly started: boolean }> {
    const { assigned: already, status } = await this.checkReceiverAssignment(serialNumber, options);
    if (!already && !options.assign) throw new ShareError('receiverNotAssigned', { status });
    const assigned = !already && (await this.assignReceiver(serialNumber, options)) === 'assigned';
    if (await this.isMonitoringActive(options)) return { assigned, started: false };
    const started = (await this.startMonitoring(serialNumber, options)) === 'started';
    return { assigned, started };
  }

  /**
   * Uploads readings; `buildEgvUpload` makes the body. `duplicate` says that at least one of them
   * is there already, and nothing about the rest (spec/share §4.6).
   *
   * @throws ShareError with `outcomeUnknown` if they may have been taken although no answer came:
   *   read back before sending them again. `receiverNotAssigned`, `monitoringInactive`
   */
  async postEgvs(
    body: EgvUpload,
    options: CallOptions = {},
  ): Promise<{ readonly outcome: 'posted' | 'duplicate' }> {
    const sent = { ...body, Egvs: body.Egvs.map((egv) => ({ ...egv })) };
    const outcome = await this.#caller.call('PostReceiverEgvRecords', {}, sent, options.signal);
    return { outcome: accept(outcome, 'DuplicateEgvPosted') ? 'posted' : 'duplicate' };
  }

  /** Readings as the service gives them. An empty list is an answer, not a failure (§0.9). */
  async readGlucose(options: ReadOptions = {}): Promise<readonly GlucoseRecord[]> {
    const { minutes = DAY_MINUTES, maxCount = READINGS_PER_DAY } = options;
    const name = 'ReadPublisherLatestGlucoseValues';
    return this.#caller.value(name, { minutes, maxCount }, undefined, options.signal);
  }

  /** Readings with their true time, newest first. */
  async readings(options: ReadOptions = {}): Promise<readonly ShareReading[]> {
    const records = await this.readGlucose(options);
    const readings = records.map((record) => {
      const reading = decodeReading(record);
      if (reading !== undefined) return reading;
      throw unreadable('ReadPublisherLatestGlucoseValues', 'a reading has no date to be read');
    });
    return readings.sort((a, b) => b.utcMs - a.utcMs);
  }

  /**
   * Lets a refused sign-in be sent again, once: for a user who is sure that it was right.
   * A lock by the service stays.
   */
  async forgetRefusedLogin(): Promise<void> {
    await this.#caller.session.forgetRefusal();
  }

  /**
   * A name for service and account that tells nothing about them, the same every time: for a
   * journal or a cache. Sends nothing.
   */
  async accountKey(): Promise<string> {
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

/** What a failed assignment can look like when there was nothing to do. */
const MAYBE_ASSIGNED: ReadonlySet<string> = new Set([
  'refused',
  'serviceFault',
  'unavailable',
  'receiverNotAssigned',
]);

/** True if the call went through, false if it was refused with the code that is as good. */
function accept(outcome: Outcome<unknown>, code: FaultCode): boolean {
  if (outcome.refusal === undefined) return true;
  if (outcome.refusal.verdict.known === code) return false;
  throw outcome.refusal.error;
}

function unreadable(endpoint: EndpointName, problem: string): ShareError {
  return new ShareError('badReply', {
    endpoint,
    status: 200,
    problem,
    excerpt: '',
    outcomeUnknown: false,
  });
}
