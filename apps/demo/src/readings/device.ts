import type { ClockObservation } from '@egvkit/protocol';
import type { Receiver } from '@egvkit/receiver';

/** Facts that a receiver tells of itself, for people. Undefined if it does not tell one. */
export interface Device {
  readonly product: string | undefined;
  /** In capitals. */
  readonly serialNumber: string | undefined;
  readonly transmitterId: string | undefined;
  readonly batteryPercent: number | undefined;
  readonly batteryState: string | undefined;
  /** Seconds that the internal clock is ahead of this computer's; negative if it is behind. */
  readonly clockErrorSeconds: number;
  readonly clock: ClockObservation;
}

/** Asks a receiver what it is. */
export async function readDevice(receiver: Receiver, signal: AbortSignal): Promise<Device> {
  const { firmware, serialNumber, transmitterId } = await receiver.identify({ signal });
  const { percent, state } = await receiver.battery({ signal });
  const { errorSeconds, systemSeconds, hostUnixMs } = await receiver.clock({ signal });
  return {
    product: firmware?.productName,
    serialNumber,
    transmitterId,
    batteryPercent: percent,
    batteryState: state?.name,
    clockErrorSeconds: errorSeconds,
    clock: { systemSeconds, hostUnixMs },
  };
}
