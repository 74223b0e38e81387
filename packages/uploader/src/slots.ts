import type { Reading } from '@egvkit/protocol';
import { type OwnReading, type OwnSource, ownReadings } from './own-readings.ts';
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

/** A reading that the service has: copied, or as another publisher's reading of the same measurement. */
export type There = 'copied' | 'others';

/** Tells of some readings which of them the service has; undefined of one that it has not. */
export type FindThere = (
  readings: readonly PlannedReading[],
  onService: ServiceReadings,
) => (reading: PlannedReading) => There | undefined;

/** Tells it of a destination that knows no readings but its copies. */
export const findCopies: FindThere = (_, onService) => (reading) =>
  onService.find(reading) && 'copied';

/** Search of a destination that knows another publisher's readings of the same measurements. */
export interface SlotSearch {
  readonly find: FindInSlots;
  /**
   * Makes a search for readings that are to go out. None of what their source has takes another's: it is asked
   * once, and only if there is something to search for.
   */
  readonly findThere: (source: OwnSource) => FindThere;
}

/**
 * Makes a search for a destination: it finds the nearest reading within `slotMs`, each for one of those
 * here, and none that is a copy of any.
 *
 * @param slotMs half of the time between two measurements
 */
export function inSlots(slotMs: number): SlotSearch {
  const find = findWithin(slotMs);
  return { find, findThere: (source) => findAny(find, source) };
}

function findAny(find: FindInSlots, source: OwnSource): FindThere {
  let own: readonly OwnReading[] | undefined;
  return (readings, onService) => {
    const copyOf = findCopies(readings, onService);
    if (readings.length === 0) return copyOf;
    own ??= ownReadings(source);
    const keys = new Set(readings.map(({ key }) => key));
    const inSlots = find([...readings, ...own.filter(({ key }) => !keys.has(key))], onService);
    return (reading) => copyOf(reading) ?? (inSlots.has(reading) ? 'others' : undefined);
  };
}

function findWithin(slotMs: number): FindInSlots {
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
