/** Facts about one receiver that are of use the next time it is connected. */
export interface DeviceFacts {
  /** Pages per request: 1 if the receiver did not answer requests for several. */
  readonly pagesPerRequest: number;
}

/** Remembers receivers by their serial number, over connections or over restarts. */
export interface DeviceMemory {
  load(serialNumber: string): Promise<DeviceFacts | undefined>;
  save(serialNumber: string, facts: DeviceFacts): Promise<void>;
}

/**
 * Remembers for as long as the program runs.
 *
 * @example
 * ```ts
 * import { Receiver, temporaryMemory } from '@egvkit/receiver';
 * import { openSerial } from '@egvkit/receiver-serial';
 *
 * const memory = temporaryMemory();
 * await using receiver = await Receiver.open(await openSerial(), { memory });
 * ```
 */
export function temporaryMemory(): DeviceMemory {
  const known = new Map<string, DeviceFacts>();
  return {
    load: async (serialNumber) => known.get(serialNumber),
    save: async (serialNumber, facts) => {
      known.set(serialNumber, facts);
    },
  };
}
