import { ShareError } from '@egvkit/protocol';
import type { EgvRecord } from '@egvkit/protocol/receiver';
import type { Receiver, ReceiverIdentity } from '@egvkit/receiver';
import type { ShareClient } from '@egvkit/share-http';
import type { ReadingSource, UploadTarget } from './ports.ts';

/** Receivers that keep readings which the transmitter delivered late (spec/receiver §5.4). */
const BACKFILLING_PRODUCTS: readonly (string | undefined)[] = ['ScoutReceiver', 'OrionReceiver'];

/** A receiver as the source of an upload: its EGVs, and the backfilled ones where it has them. */
export function receiverSource(receiver: Receiver): ReadingSource {
  let identity: Promise<ReceiverIdentity> | undefined;
  function identify(signal: AbortSignal | undefined): Promise<ReceiverIdentity> {
    identity ??= receiver.identify({ ...(signal && { signal }) });
    return identity;
  }
  return {
    serialNumber: async (signal) => (await identify(signal)).serialNumber,
    clock: async (signal) => await receiver.clock({ ...(signal && { signal }) }),
    async *records({ since, signal, onDamage }): AsyncGenerator<EgvRecord, void, void> {
      const options = { since, onDamage, ...(signal && { signal }) };
      yield* receiver.records('egv', options);
      const { firmware } = await identify(signal);
      if (BACKFILLING_PRODUCTS.includes(firmware?.productId)) {
        yield* receiver.records('backfilledEgv', options);
      }
    },
  };
}

const MINUTE_MS = 60_000;
/** What clients of Share may ask for at the most (spec/share §4.8). */
const SHARE_MINUTES = 1440;
const SHARE_READINGS = 288;

/** A Share account as the target of an upload. */
export function shareTarget(client: ShareClient): UploadTarget {
  return {
    shows: SHARE_READINGS,
    showsMs: SHARE_MINUTES * MINUTE_MS,
    fingerprint: () => client.accountKey(),
    async prepare({ serialNumber, assign, signal }) {
      await client.ensureReady(serialNumber, { assign, signal });
    },
    async read(windowMs, signal) {
      const minutes = Math.min(SHARE_MINUTES, Math.ceil(windowMs / MINUTE_MS));
      const readings = await client.readings({ minutes, maxCount: SHARE_READINGS, signal });
      // What is compared with the journal is what is there, copies included.
      const all = readings.flatMap((reading) => [reading, ...reading.duplicates]);
      return all.map(({ utcMs, mgDl, trend }) => ({
        utcMs,
        value: mgDl,
        trend: trend.number,
      }));
    },
    post: async (body, signal) => (await client.postEgvs(body, { signal })).outcome,
    mayHaveArrived: (error) => error instanceof ShareError && error.outcomeUnknown,
  };
}
