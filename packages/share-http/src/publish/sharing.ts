import { EgvkitError } from '@egvkit/protocol';
import {
  checkMonitoredReceiverAssignmentStatus,
  isRemoteMonitoringSessionActive,
  normalizeSerialNumber,
  replacePublisherAccountMonitoredReceiver,
  startRemoteMonitoringSession,
  stopRemoteMonitoringSession,
  UPLOADING_ADVICE,
} from '@egvkit/protocol/share';
import type { CallOptions } from '../call-options.ts';
import { PublishError } from '../errors/publish-error.ts';
import { asking, type Caller } from '../session/caller.ts';

// Any other word means that the receiver is not the account's (share §2.1).
const ASSIGNED = 'AssignedToYou';

/** Errors of an assignment that had nothing to do. */
const MAYBE_ASSIGNED: ReadonlySet<string> = new Set([
  'refused',
  'serviceFault',
  'unavailable',
  'receiverNotAssigned',
]);

const withReceiver = (serialNumber: string) =>
  asking({ serialNumber: normalizeSerialNumber(serialNumber) });

/** Options of making an account ready for an upload. */
export interface ReadyOptions extends CallOptions {
  /** The user's word that this receiver may replace the account's; false if left out. */
  readonly assign?: boolean | undefined;
}

/** Sharing of the wearer's account, and the receiver that it takes readings from. */
export class Sharing {
  readonly #caller: Caller;

  /** @internal Made by `ShareClient`. */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * True if the account is sharing, without which it takes no readings.
   *
   * @throws ShareError as any call
   */
  isActive(options: CallOptions = {}): Promise<boolean> {
    return this.#caller.value(isRemoteMonitoringSessionActive, asking(), options);
  }

  /**
   * Starts sharing: followers see the account. Does nothing if it is sharing already.
   *
   * @throws PublishError `receiverNotAssigned` if the receiver is not the account's
   */
  async start(
    serialNumber: string,
    options: CallOptions = {},
  ): Promise<'started' | 'alreadyActive'> {
    const row = startRemoteMonitoringSession;
    const { refusal } = await this.#caller.call(row, withReceiver(serialNumber), options);
    if (refusal === undefined) return 'started';
    if (refusal.verdict.known === 'MonitoringSessionAlreadyActive') return 'alreadyActive';
    throw refusal.error;
  }

  /**
   * Stops sharing. It is unknown what followers see then; an upload does not end with it.
   *
   * @throws ShareError as any call
   */
  async stop(options: CallOptions = {}): Promise<void> {
    await this.#caller.value(stopRemoteMonitoringSession, asking(), options);
  }

  /**
   * Finds out if the account takes readings from this receiver.
   *
   * @returns `status`: the service's word for it; anything but `AssignedToYou` means no
   * @throws ShareError as any call
   */
  async checkReceiver(
    serialNumber: string,
    options: CallOptions = {},
  ): Promise<{ readonly assigned: boolean; readonly status: string }> {
    const row = checkMonitoredReceiverAssignmentStatus;
    const status = await this.#caller.value(row, withReceiver(serialNumber), options);
    return { assigned: status === ASSIGNED, status };
  }

  /**
   * Makes this receiver the account's, in place of the one it has: a program that publishes with
   * that one is refused from then on. Call it only on the user's word. Does nothing if the receiver
   * is the account's already.
   *
   * @throws ShareError as any call, PublishError `receiverNotAssigned`; neither if the receiver is the account's
   *   all the same
   */
  async assignReceiver(
    serialNumber: string,
    options: CallOptions = {},
  ): Promise<'assigned' | 'alreadyAssigned'> {
    const row = replacePublisherAccountMonitoredReceiver;
    try {
      await this.#caller.value(row, withReceiver(serialNumber), options);
      return 'assigned';
    } catch (error) {
      // Any HTTP 500 may mean that it is assigned already (share §2.1).
      if (!(error instanceof EgvkitError) || !MAYBE_ASSIGNED.has(error.code)) throw error;
      const { assigned } = await this.checkReceiver(serialNumber, options);
      if (!assigned) throw error;
      return 'alreadyAssigned';
    }
  }

  /**
   * Makes the account ready for an upload: the receiver assigned (only with `assign`) and sharing
   * on.
   *
   * @returns the changes that were made
   * @throws PublishError `receiverNotAssigned` if the receiver is not assigned and may not be
   *
   * @example
   * ```ts
   * import { ShareClient } from '@egvkit/share-http';
   *
   * const share = new ShareClient({ region: 'us', accountName: 'ann', password: 'secret' });
   * const { started } = await share.sharing.ensureReady('SM12345678');
   * if (started) console.log('The account is sharing now.');
   * ```
   */
  async ensureReady(
    serialNumber: string,
    options: ReadyOptions = {},
  ): Promise<{ readonly assigned: boolean; readonly started: boolean }> {
    const { assigned: already, status } = await this.checkReceiver(serialNumber, options);
    if (!already && !options.assign) {
      const advice = UPLOADING_ADVICE.MonitoredReceiverNotAssigned;
      throw new PublishError('receiverNotAssigned', { status, advice });
    }
    const assigned = !already && (await this.assignReceiver(serialNumber, options)) === 'assigned';
    if (await this.isActive(options)) return { assigned, started: false };
    const started = (await this.start(serialNumber, options)) === 'started';
    return { assigned, started };
  }
}
