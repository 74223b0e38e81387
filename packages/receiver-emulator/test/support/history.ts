import type { EgvRecord } from '@egvkit/protocol/receiver';
import type { ReceiverDatabase } from '../../src/database.ts';
import type { HistoryOptions } from '../../src/history/timeline.ts';
import { generateDatabase } from '../../src/history.ts';
import { g4 } from './bench.ts';
import { NOW_MS } from './clock.ts';

/** A generated history: three days of a G4 unless more is said. */
export function history(options: Partial<HistoryOptions> = {}): ReceiverDatabase {
  return generateDatabase({ profile: g4, seed: 1, days: 3, nowMs: NOW_MS, ...options });
}

export function egvs(content: ReceiverDatabase, recordType: 4 | 18 = 4): EgvRecord[] {
  return content.records(recordType).map((record) => {
    if (record.kind !== 'egv') throw new Error(`a ${record.kind} record among the readings`);
    return record;
  });
}

/** The records of a type, said to be what they are. */
export function of<R>(content: ReceiverDatabase, recordType: number): readonly R[] {
  return content.records(recordType) as readonly unknown[] as readonly R[];
}

/** Seeds of the tests that must hold for any. */
export const SEEDS: readonly number[] = Array.from({ length: 20 }, (_, i) => i + 1);

/** All bytes of a database. */
export function bytesOf(content: ReceiverDatabase): Uint8Array[] {
  return content.partitions().flatMap(({ recordType }) => {
    const range = content.pageRange(recordType);
    if (range === undefined) return [];
    const count = range.last - range.first + 1;
    return Array.from({ length: count }, (_, i) => content.page(recordType, range.first + i)!);
  });
}

/** Differences between neighbours. */
export function steps(values: readonly number[]): number[] {
  return values.slice(1).map((value, i) => value - values[i]!);
}
