import { HIGH_MG_DL, LOW_MG_DL } from '@egvkit/protocol';
import {
  buildEgvUploads,
  LONGEST_READ_MINUTES,
  MOST_READINGS,
  readingOfShare,
  type UploadEncoding,
} from '@egvkit/protocol/share';
import { ShareError, type SharePublisher } from '@egvkit/share-http';
import type { Destination } from '../../destination.ts';
import type { DestinationLimits } from '../../uploaded-data.ts';

const WINDOW_MS = LONGEST_READ_MINUTES * 60_000;

/** Limits of Share. */
export const SHARE_LIMITS: DestinationLimits = {
  // What cannot be read back cannot be known to be there.
  windowMs: WINDOW_MS,
  batchSize: 50, // more is unproven (spec/share §4.6)
  lowestValue: LOW_MG_DL,
  highestValue: HIGH_MG_DL,
  timeStepMs: 1000,
};

/** Choices of {@link shareDestination}. */
export interface ShareDestinationOptions {
  /** `utc` if left out. */
  readonly encoding?: UploadEncoding | undefined;
  /** This computer's time, Unix ms; `Date.now` if left out. */
  readonly nowMs?: (() => number) | undefined;
}

/** `sinceMs` is of the service's clock, which this computer's may be behind: by two minutes at the most, and a bit. */
const CLOCKS_APART_MS = 180_000;

/** An account that was ready stays so, unless a post is refused; it is asked again after this time. */
const READY_FOR_MS = 3_600_000;

/** The part of a `SharePublisher` or `ShareClient` that an upload needs. */
export type ShareUploader = Pick<
  SharePublisher,
  'accountKey' | 'clockOffset' | 'postReceiverEgvRecords' | 'readings'
> & { readonly sharing: Pick<SharePublisher['sharing'], 'ensureReady'> };

/**
 * A Share account as the destination of an upload.
 *
 * @param share a `SharePublisher`, or a `ShareClient`
 *
 * @example
 * ```ts
 * import { SharePublisher } from '@egvkit/share-http';
 * import { shareDestination } from '@egvkit/uploader';
 *
 * const share = new SharePublisher({ region: 'us', accountName: 'ann', password: 'secret' });
 * const destination = shareDestination(share);
 * ```
 */
export function shareDestination(
  share: ShareUploader,
  { encoding = 'utc', nowMs = Date.now }: ShareDestinationOptions = {},
): Destination {
  let ready: { readonly serialNumber: string; readonly atMs: number } | undefined;
  function isReady(serialNumber: string): boolean {
    const agoMs = ready?.serialNumber === serialNumber ? nowMs() - ready.atMs : Number.NaN;
    return agoMs >= 0 && agoMs < READY_FOR_MS;
  }
  return {
    limits: SHARE_LIMITS,
    readBack: {
      windowMs: WINDOW_MS,
      mostReadings: MOST_READINGS,
      async read({ sinceMs = 0, signal }) {
        const agoMs = Math.max(nowMs() - sinceMs, 0) + CLOCKS_APART_MS;
        const minutes = Math.ceil(agoMs / 60_000);
        const shown = {
          minutes: Math.min(minutes, LONGEST_READ_MINUTES),
          maxCount: MOST_READINGS,
        };
        const readings = await share.readings({ ...shown, signal });
        // What is compared with the journal is what is there, copies included.
        return readings.flatMap((one) => [one, ...one.duplicates]).map(readingOfShare);
      },
    },
    clockOffset: (options) => share.clockOffset(options),
    fingerprint: () => share.accountKey(),
    async prepare({ serialNumber, assign, signal }) {
      if (isReady(serialNumber)) return;
      await share.sharing.ensureReady(serialNumber, { assign, signal });
      ready = { serialNumber, atMs: nowMs() };
    },
    async post(readings, { serialNumber, signal }) {
      let outcome: 'posted' | 'duplicate' = 'posted';
      for (const body of buildEgvUploads({ readings, serialNumber, encoding })) {
        const answer = await share.postReceiverEgvRecords(body, { signal }).catch((error) => {
          ready = undefined;
          throw error;
        });
        if (answer.outcome === 'duplicate') outcome = 'duplicate';
      }
      return outcome;
    },
    mayHaveArrived: (error) => error instanceof ShareError && error.outcomeUnknown,
  };
}
