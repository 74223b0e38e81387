import type { SensorRecord } from '@egvkit/protocol/receiver';
import type { Candidate } from '../../candidate.ts';

/** Makes the function that adds the raw counts of these records to candidates. */
export function countsAdder(sensors: readonly SensorRecord[]): (candidate: Candidate) => Candidate {
  if (sensors.length === 0) return (candidate) => candidate;
  let counts: ReadonlyMap<number, SensorRecord> | undefined;
  return (candidate) => {
    const known = COUNTED.get(candidate);
    if (known !== undefined) return known;
    counts ??= new Map(sensors.map((sensor) => [sensor.systemSeconds as number, sensor]));
    return withCounts(candidate, counts);
  };
}

/** Candidates with their counts: unattended, those of a day are asked for every five minutes. */
const COUNTED = new WeakMap<Candidate, Candidate>();

/** A sensor record has the time of its reading or is a second older (spec/receiver §5.2). */
function withCounts(candidate: Candidate, counts: ReadonlyMap<number, SensorRecord>): Candidate {
  const { systemSeconds, details, backfilled } = candidate;
  // A late reading has its measurement's time, and the counts of another.
  if (backfilled) return candidate;
  const sensor = counts.get(systemSeconds) ?? counts.get(systemSeconds - 1);
  if (sensor === undefined) return candidate;
  const { unfiltered, filtered, rssi } = sensor;
  const counted = { ...candidate, details: { ...details, unfiltered, filtered, rssi } };
  COUNTED.set(candidate, counted);
  return counted;
}
