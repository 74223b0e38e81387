import type { ClockObservation } from '@egvkit/protocol';
import { keepsBackfilled } from '@egvkit/protocol/receiver';
import type { ReceiverReader } from '@egvkit/receiver';
import { sleep } from '../../sleep.ts';
import type { ReadingSource } from '../../source.ts';
import { calibrationCandidatesOf } from './calibration-candidates.ts';
import { candidatesOf } from './candidates.ts';
import type { KeptRecords } from './kept-records.ts';
import type { LossContext } from './lost-time.ts';
import { ReceiverRecords, type SourceIdentity } from './receiver-records.ts';
import { type HostClock, readSteadyClock } from './steady-clock.ts';
import { receiverTimeLosses } from './time-losses.ts';

const HOST_CLOCK: HostClock = {
  nowMs: Date.now,
  monotonicMs: () => performance.now(),
  sleep,
};

/** Choices of {@link receiverSource}. */
export interface ReceiverSourceOptions {
  /** Keeps what was read for the next connection; nothing is kept if left out. */
  readonly kept?: KeptRecords | undefined;
  /** This computer's clock and its way to wait; the platform's if left out. */
  readonly clock?: HostClock | undefined;
}

/**
 * A receiver as the source of an upload: its EGVs, and the backfilled ones where it has them. Raw
 * counts, meter values and calibrations are read only if they are wanted.
 */
export function receiverSource(
  receiver: ReceiverReader,
  { kept: given, clock = HOST_CLOCK }: ReceiverSourceOptions = {},
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
    async read({ nowMs, windowMs, counts, calibrations, signal, onRecord, onDamage }) {
      const { productId, serialNumber } = await identify(signal);
      kept.keepOnly(serialNumber);
      const options = { nowMs, windowMs, onDamage, onRecord, signal };
      const egvs = [...(await kept.read(receiver, 'egv', options))];
      if (keepsBackfilled(productId)) {
        egvs.push(...(await kept.read(receiver, 'backfilledEgv', options)));
      }
      const sensors = counts ? await kept.read(receiver, 'sensor', options) : [];
      const meters = calibrations ? await kept.read(receiver, 'meter', options) : [];
      const sets = calibrations ? await kept.read(receiver, 'calibration', options) : [];
      const losses = await receiverTimeLosses(receiver, { kept, nowMs, signal });
      const contextOf = ({ systemSeconds: nowSeconds }: ClockObservation): LossContext => ({
        ...{ losses, nowSeconds, windowSeconds: windowMs / 1000 },
      });
      return Object.assign((at: ClockObservation) => candidatesOf(egvs, contextOf(at), sensors), {
        calibrationsAt: (at: ClockObservation) =>
          calibrationCandidatesOf(meters, sets, contextOf(at)),
      });
    },
  };
}
