/** What has been learnt about one receiver and is of use the next time it is connected. */
export interface DeviceFacts {
  /** How many pages it can be asked for at once: 1 if it did not answer requests for several. */
  readonly pagesPerRequest: number;
}

/** Remembers receivers by their serial number, over connections or over restarts. */
export interface DeviceMemory {
  load(serialNumber: string): Promise<DeviceFacts | undefined>;
  save(serialNumber: string, facts: DeviceFacts): Promise<void>;
}

/** Remembers for as long as the program runs. */
export function memoryOfDevices(): DeviceMemory {
  const known = new Map<string, DeviceFacts>();
  return {
    load: async (serialNumber) => known.get(serialNumber),
    save: async (serialNumber, facts) => {
      known.set(serialNumber, facts);
    },
  };
}
