import type { TrendName } from '@egvkit/protocol';
import type { DestinationLimits, PlannedReading } from '../../src/index.ts';
import { FakeDestination } from './world.ts';

const DAY_MS = 86_400_000;

/** A reading as this store keeps it. */
export interface Entry {
  /** Its own identifier: of receiver and record. */
  readonly id: string;
  readonly dateMs: number;
  /** Null where the receiver showed LOW or HIGH. */
  readonly sgv: number | null;
  readonly flag: 'LOW' | 'HIGH' | null;
  readonly direction: TrendName | 'unknown';
}

/**
 * A destination of another kind than Share: takes three months and a thousand readings at once,
 * keeps times to the millisecond, LOW and HIGH as flags, has identifiers of its own, and cannot be
 * read back.
 */
export class KeyedStore extends FakeDestination {
  readonly limits: DestinationLimits = {
    windowMs: 90 * DAY_MS,
    batchSize: 1000,
    lowestValue: 39,
    highestValue: 401,
    timeStepMs: 1,
  };
  readonly readBack = undefined;
  readonly entries = new Map<string, Entry>();

  /** Oldest first. */
  stored(): readonly { readonly utcMs: number; readonly value: number }[] {
    return [...this.entries.values()]
      .map(({ dateMs, sgv, flag }) => ({
        utcMs: dateMs,
        value: sgv ?? (flag === 'LOW' ? 39 : 401),
      }))
      .sort((a, b) => a.utcMs - b.utcMs);
  }

  values(): number[] {
    return this.stored().map(({ value }) => value);
  }

  protected store(readings: readonly PlannedReading[], serialNumber: string): 'posted' {
    if (readings.length > this.limits.batchSize) throw new Error('too many at once');
    for (const { key, utcMs, mgDl = null, status, trend } of readings) {
      const id = `${serialNumber}/${key}`;
      const flag = status === 'low' ? 'LOW' : status === 'high' ? 'HIGH' : null;
      if (mgDl === null && flag === null) throw new Error(`no glucose: ${status}`);
      this.entries.set(id, { id, dateMs: utcMs, sgv: mgDl, flag, direction: trend.name });
    }
    return 'posted';
  }
}
