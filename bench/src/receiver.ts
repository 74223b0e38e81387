import { type Bookmark, Receiver, recordTypeOf } from '@egvkit/receiver';
import {
  EmulatedReceiver,
  generateDatabase,
  memoryTransport,
  RECEIVER_PROFILES,
  type ReceiverDatabase,
} from '@egvkit/receiver-emulator';
import { timed } from './latency.ts';
import type { Report } from './report.ts';

const DAY_MS = 86_400_000;
/** More days than the EGV ring of a G4 holds, so that it is full. */
const DAYS = 32; // receiver §12.9
const EGV = recordTypeOf('egv');
const EGV_PAGES = 231;

/** Real time of one reading of a receiver. */
interface Reading {
  readonly seconds: number;
  /** For how long of that the receiver had a request and had not replied. */
  readonly latencySeconds: number;
  /** The sum of the latencies that were drawn; timers are late, so it is less. */
  readonly drawnSeconds: number;
  /** From opening the receiver on. */
  readonly requests: number;
  readonly records: number;
  readonly bookmark: Bookmark | undefined;
}

interface ReadOptions {
  readonly pagesPerRequest?: number;
  readonly bookmark?: Bookmark | undefined;
  /** Answer at once. */
  readonly instant?: boolean;
}

/**
 * Reads the EGVs of an emulated G4 that answers as slowly as a real one does: all of
 * them, or what is new since a bookmark. Timed once the receiver is open.
 */
async function readEgvs(
  // receiver §12.6
  database: ReceiverDatabase,
  nowMs: number,
  { bookmark, instant = false, ...options }: ReadOptions,
): Promise<Reading> {
  const device = new EmulatedReceiver({
    profile: RECEIVER_PROFILES.g4,
    database,
    nowMs: () => nowMs,
    ...(!instant && { timing: { seed: 1 } }),
  });
  const line = timed(device);
  await using receiver = await Receiver.open(memoryTransport(line), options);
  const openedMs = line.latencyMs();
  const openDrawnMs = device.repliesTookMs;
  const start = performance.now();
  let records = 0;
  let last = bookmark;
  for await (const batch of receiver.newRecords('egv', bookmark)) {
    records += batch.records.length;
    last = batch.bookmark;
  }
  return {
    seconds: (performance.now() - start) / 1000,
    latencySeconds: (line.latencyMs() - openedMs) / 1000,
    drawnSeconds: (device.repliesTookMs - openDrawnMs) / 1000,
    requests: device.codesSeen.length,
    records,
    bookmark: last,
  };
}

/** The driver against an emulated G4 with the measured latencies, in real time. */
export async function benchReceiver(report: Report): Promise<void> {
  const nowMs = Date.UTC(2026, 0, 31);
  const profile = RECEIVER_PROFILES.g4;
  const database = generateDatabase({ profile, seed: 1, days: DAYS, nowMs, grows: true });
  const range = database.pageRange(EGV);
  const pages = range === undefined ? 0 : range.last - range.first + 1;
  if (pages !== EGV_PAGES) throw new Error(`the emulated G4 has ${pages} pages of EGVs`);
  const stored = database.records(EGV).length;

  // So that neither the compiler nor the emulator has anything left to prepare.
  await readEgvs(database, nowMs, { instant: true });
  const byFours = await readEgvs(database, nowMs, {});
  const byOnes = await readEgvs(database, nowMs, { pagesPerRequest: 1 });
  for (const { records } of [byFours, byOnes]) {
    if (records !== stored) throw new Error(`${records} of ${stored} records were read`);
  }
  const dayLater = await readEgvs(database, nowMs + DAY_MS, { bookmark: byFours.bookmark });

  report.heading(`Driver and an emulated G4 in real time: ${pages} pages, ${stored} EGVs`);
  report.number('four pages per request', byFours.seconds, `s, ${byFours.requests} requests`);
  report.number('one page per request', byOnes.seconds, `s, ${byOnes.requests} requests`);
  report.number('its replies alone', byFours.latencySeconds, 's');
  report.number('its replies, had no timer been late', byFours.drawnSeconds, 's');
  report.atMost(
    'time : latencies of the replies',
    byFours.seconds / byFours.latencySeconds,
    1.05,
    'x',
  );
  report.claim('one page : four pages per request', byOnes.seconds / byFours.seconds, 2);
  report.atMost(`a day later, ${dayLater.records} new EGVs`, dayLater.requests, 12, 'requests');
}
