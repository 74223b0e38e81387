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

/** A reading that the service has: as a copy, or as another publisher's reading of the same measurement. */
export type There = 'copy' | 'another';

/** Tells of some readings which of them the service has; undefined of one that it has not. */
export type FindThere = (
  readings: readonly PlannedReading[],
  onService: ServiceReadings,
) => (reading: PlannedReading) => There | undefined;

/** A reading of the source itself. */
export interface OwnReading extends Timed {
  readonly key: string;
}

/**
 * Makes a search for readings that are on the service.
 *
 * @param ownReadings gives the source's own, of every measurement one: none of them takes another's. Asked once,
 *   and only where a destination knows another publisher's readings
 */
export function findThere(
  ownReadings: () => readonly OwnReading[],
  find: FindInSlots | undefined,
): FindThere {
  let own: readonly OwnReading[] | undefined;
  return (readings, onService) => {
    const isCopied = (reading: PlannedReading): boolean => onService.find(reading) !== undefined;
    if (find === undefined || readings.length === 0) {
      return (reading) => (isCopied(reading) ? 'copy' : undefined);
    }
    own ??= ownReadings();
    const keys = new Set(readings.map(({ key }) => key));
    const inSlots = find([...readings, ...own.filter(({ key }) => !keys.has(key))], onService);
    return (reading) => {
      if (isCopied(reading)) return 'copy';
      return inSlots.has(reading) ? 'another' : undefined;
    };
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
