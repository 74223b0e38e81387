import { sleep } from '@egvkit/platform';
import type { ClockObservation } from '@egvkit/protocol';
import { type EgvRecord, keepsBackfilled } from '@egvkit/protocol/receiver';
import type { ReceiverReader } from '@egvkit/receiver';
import type { CalibrationCandidate, Candidate } from '../../candidate.ts';
import type { ReadingSource, SourceReadOptions } from '../../source.ts';
import { candidatesOf } from './candidates.ts';
import type { KeptRecords } from './kept-records.ts';
import type { LossContext } from './lost-time.ts';
import { type ReadOptions, ReceiverRecords, type SourceIdentity } from './receiver-records.ts';
import { type HostClock, readSteadyClock } from './steady-clock.ts';
import { receiverTimeLosses } from './time-losses.ts';

const HOST_CLOCK: HostClock = {
  nowMs: Date.now,
  monotonicMs: () => performance.now(),
  sleep,
};

/** Choices of a receiver as the source of an upload. */
export interface ReceiverSourceOptions {
  /** Keeps what was read for the next connection; nothing is kept if left out. */
  readonly kept?: KeptRecords | undefined;
  /** This computer's clock and its way to wait; the platform's if left out. */
  readonly clock?: HostClock | undefined;
}

/**
 * A receiver as the source of readings alone, which is all that Share takes: its EGVs, and the backfilled
 * ones where it has them. The part of `receiverSource` for pages: its receiver may be a `ReceiverReader`.
 */
export function readingsSource(
  receiver: ReceiverReader,
  options: ReceiverSourceOptions = {},
): ReadingSource {
  return sourceOf(receiver, options);
}

/** Records that some destinations take besides readings, as they were read. */
export interface Besides {
  /** Adds to a candidate what goes with its reading. */
  complete(candidate: Candidate): Candidate;
  /** @param egvs show that the clock ran back, even if nothing else was stored since */
  calibrationsIn(context: LossContext, egvs: readonly EgvRecord[]): readonly CalibrationCandidate[];
}

/** Reads what is wanted besides readings. */
export type ReadBesides = (
  kept: ReceiverRecords,
  options: ReadOptions,
  wanted: Pick<SourceReadOptions, 'counts' | 'calibrations'>,
) => Promise<Besides>;

/** Makes a source of a receiver. */
export function sourceOf(
  receiver: ReceiverReader,
  { kept: given, clock = HOST_CLOCK }: ReceiverSourceOptions,
  readBesides?: ReadBesides,
): ReadingSource {
  const kept: ReceiverRecords = given ?? new ReceiverRecords();
  let identity: Promise<SourceIdentity> | undefined;
  const identify = (signal: AbortSignal | undefined) => {
    identity ??= kept.identify(receiver, signal);
    return identity;
  };
  return {
    serialNumber: async ({ signal }) => (await identify(signal)).serialNumber,
    async clock({ signal }) {
      const tick = kept.tickOf((await identify(signal)).serialNumber);
      const ask = () => receiver.systemClock({ ...(signal && { signal }) });
      return await readSteadyClock(ask, clock, { signal, kept: tick });
    },
    async read({ nowMs, windowMs, signal, onRecord, onDamage, ...wanted }) {
      const { productId, serialNumber } = await identify(signal);
      kept.keepOnly(serialNumber);
      const options = { nowMs, windowMs, onDamage, onRecord, signal };
      const egvs = [...(await kept.read(receiver, 'egv', options))];
      if (keepsBackfilled(productId)) {
        egvs.push(...(await kept.read(receiver, 'backfilledEgv', options)));
      }
      const besides = await readBesides?.(kept, options, wanted);
      const losses = await receiverTimeLosses(receiver, { kept, nowMs, signal });
      const contextOf = ({ systemSeconds: nowSeconds }: ClockObservation): LossContext => ({
        ...{ losses, nowSeconds, windowSeconds: windowMs / 1000 },
      });
      return Object.assign(
        (at: ClockObservation) => candidatesOf(egvs, contextOf(at), besides?.complete),
        besides && {
          calibrationsAt: (at: ClockObservation) => besides.calibrationsIn(contextOf(at), egvs),
        },
      );
    },
  };
}
