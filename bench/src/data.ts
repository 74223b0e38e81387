import { displaySeconds, systemSeconds } from '@egvkit/protocol';
import type { EgvRecord } from '@egvkit/protocol/receiver';
import {
  encodePage,
  glucoseOf,
  predictionOf,
  recordFormat,
  recordsPerPage,
  trendByteOf,
} from '@egvkit/protocol/receiver/wire';

/** Bytes that repeat only after a long while, the same in every run (xorshift32). */
export function scrambled(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = 0x2545_f491;
  for (let i = 0; i < length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[i] = state;
  }
  return bytes;
}

/** EGVs five minutes apart whose values, trends and times vary as those of a receiver do. */
function egv(recordType: number, revision: number, index: number): EgvRecord {
  const system = 300_000_000 + 300 * index;
  const value = Math.round(150 + 90 * Math.sin(index / 17) + 15 * Math.sin(index / 3));
  return {
    kind: 'egv',
    recordType,
    revision,
    index,
    systemSeconds: systemSeconds(system),
    displaySeconds: displaySeconds(system - 25_200),
    glucose: glucoseOf(value),
    trend: trendByteOf(0x10 | (1 + (index % 7))),
    ...(revision >= 4 && {
      transmitter: {
        measuredSystemSeconds: systemSeconds(system - 2),
        transmitterSeconds: 300 * index,
        filteredRate: (index % 9) - 4,
        algorithmState: 6,
      },
    }),
    ...(revision >= 5 && { prediction: predictionOf(value + 3) }),
  };
}

const EGV = 4;

/** EGVs of this revision that fill a page. */
function egvsPerPage(revision: number): number {
  const size = recordFormat(EGV, revision)?.size;
  if (size === undefined) throw new Error(`no EGV layout of revision ${revision}`);
  return recordsPerPage(size);
}

/** A full page of EGVs, another for each number. */
export function egvPage(revision: number, pageNumber: number): Uint8Array {
  const fit = egvsPerPage(revision);
  const firstRecordIndex = pageNumber * fit;
  const records = Array.from({ length: fit }, (_, i) => egv(EGV, revision, firstRecordIndex + i));
  return encodePage({ recordType: EGV, revision, pageNumber, firstRecordIndex, records });
}

/** Full pages of one kind, one after the other. */
export function egvPages(
  revision: number,
  count: number,
): { readonly pages: readonly Uint8Array[]; readonly records: number } {
  const pages = Array.from({ length: count }, (_, pageNumber) => egvPage(revision, pageNumber));
  return { pages, records: count * egvsPerPage(revision) };
}
