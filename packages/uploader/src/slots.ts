import type { Reading } from '@egvkit/protocol';
import { near, type ServiceReadings, type Timed } from './service-readings.ts';
import type { PlannedReading } from './uploaded-data.ts';

/**
 * Finds for readings that the service has no copy of another publisher's reading of the same
 * measurement.
 *
 * @param readings all that are known here, so that one of them does not take another's
 */
export type FindInSlots = (
  readings: readonly Timed[],
  onService: ServiceReadings,
) => ReadonlyMap<Timed, Reading>;

/** Time around readings in which the service is looked at: what is in their slots, and copies of what is. */
export const LOOK_MARGIN_MS = 600_000;

/** Tells of some readings which of them the service has. */
export type FindThere = (
  readings: readonly PlannedReading[],
  onService: ServiceReadings,
) => (reading: PlannedReading) => boolean;

/**
 * Makes a search for readings that are on the service, as a copy or as another publisher's reading of the same
 * measurement.
 *
 * @param stored the source's own readings: none of them takes another's
 */
export function findThere(
  stored: () => readonly (Timed & { readonly key: string })[],
  find: FindInSlots | undefined,
): FindThere {
  return (readings, onService) => {
    const keys = new Set(readings.map(({ key }) => key));
    const others = find === undefined ? [] : stored().filter(({ key }) => !keys.has(key));
    const inSlots = find?.([...readings, ...others], onService);
    return (reading) => onService.find(reading) !== undefined || inSlots?.has(reading) === true;
  };
}

/**
 * Makes a search for a destination: it finds the nearest reading within `slotMs`, each for one of those
 * here, and none that is a copy of any.
 *
 * @param slotMs half of the time between two measurements
 */
export function inSlots(slotMs: number): FindInSlots {
  return (readings, onService) => {
    const copied = new Set(readings.flatMap((reading) => onService.copies(reading)));
    const free = onService.all.filter((one) => !copied.has(one));
    const pairs = readings
      .filter((reading) => onService.find(reading) === undefined)
      .flatMap((reading) =>
        near(free, reading.utcMs, slotMs).map((other) => ({
          ...{ reading, other, apartMs: Math.abs(other.utcMs - reading.utcMs) },
        })),
      )
      .sort((a, b) => a.apartMs - b.apartMs);
    const found = new Map<Timed, Reading>();
    const taken = new Set<Reading>();
    for (const { reading, other } of pairs) {
      if (found.has(reading) || taken.has(other)) continue;
      found.set(reading, other);
      taken.add(other);
    }
    return found;
  };
}
