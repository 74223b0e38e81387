import type { Reading } from '@egvkit/protocol';
import { readingOfCandidate } from './candidate.ts';
import type { Plan } from './plan.ts';
import { SAME_SECOND_MS, ServiceReadings } from './service-readings.ts';

/** Readings that other publishers have put on the service. They are reported, not replaced. */
export interface OtherPublishers {
  /** Of what this receiver has, the copies that another device put there. */
  readonly copies: readonly Reading[];
  /** Of the last half hour, and nothing that this receiver has. */
  readonly fresh: readonly Reading[];
}

const FRESH_MS = 1_800_000;

/** Finds the readings on the service that this receiver's uploads cannot have brought. Pure. */
export function otherPublishers(
  plan: Plan,
  onService: ServiceReadings,
  nowMs: number,
): OtherPublishers {
  const others = [...plan.known, ...plan.unverifiable, ...plan.refused, ...plan.repeated].map(
    ({ utcMs, record }) => readingOfCandidate(record, utcMs),
  );
  const ours = new ServiceReadings([...plan.post, ...plan.found, ...others]);
  const copies: Reading[] = [];
  const fresh: Reading[] = [];
  const first = new Set<Reading>();
  for (const reading of onService.all) {
    const same = ours.copies(reading);
    const exact = same.find(({ utcMs }) => Math.abs(utcMs - reading.utcMs) <= SAME_SECOND_MS);
    if (same.length === 0) {
      if (nowMs - reading.utcMs <= FRESH_MS) fresh.push(reading);
    } else if (exact === undefined || first.has(exact)) copies.push(reading);
    else first.add(exact);
  }
  return { copies, fresh };
}
