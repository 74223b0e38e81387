import { type TimeLossSign, utcOfRecords } from '@egvkit/analysis';
import { type ClockObservation, glucoseStatus, groupByMeasurement } from '@egvkit/protocol';
import type { EgvRecord, RecordBase } from '@egvkit/protocol/receiver';
import {
  type Candidate,
  candidateOf,
  judgeCandidate,
  recordsBeforeTimeLoss,
  SHARE_LIMITS,
} from '@egvkit/uploader';
import { distinctMarks, type MarkRecord, markOf } from './marks.ts';
import type { History, LeftOutReason, Mark, Reading } from './reading.ts';

/** The receiver's time while it is read. */
export interface ReceiverTime {
  /** Its internal clock beside this computer's. */
  readonly clock: ClockObservation;
  /** Signs that its clock lost time, apart from what the records show by themselves. */
  readonly losses: readonly TimeLossSign[];
}

/**
 * The history of a receiver while it grows, record by record. A record is worked out when it is
 * added, so that telling what is known by now is quick.
 */
export class GrowingHistory {
  readonly #known: History;
  readonly #time: ReceiverTime;
  readonly #egvs: EgvRecord[] = [];
  readonly #marks: MarkRecord[] = [];
  readonly #found: Reading[] = [];
  readonly #leftOut: Record<string, LeftOutReason> = {};
  readonly #placeOf = new Map<RecordBase, RecordBase>();

  /** @param known of the same receiver, from before */
  constructor(known: History, time: ReceiverTime) {
    this.#known = known;
    this.#time = time;
  }

  /** Number of EGV records that were added. */
  get egvs(): number {
    return this.#egvs.length;
  }

  /** Adds an EGV record, whatever it holds. */
  addEgv(egv: EgvRecord): void {
    this.#egvs.push(egv);
    const { clock } = this.#time;
    const candidate = candidateOf(egv);
    const verdict = judgeCandidate(candidate, {
      clock,
      nowMs: clock.hostUnixMs,
      windowMs: Number.POSITIVE_INFINITY,
      limits: SHARE_LIMITS,
    });
    if (verdict.accepted) this.#found.push(foundOf(candidate, this.#place(egv), verdict.utcMs));
    else if (verdict.reason !== 'implausibleTime') this.#leftOut[candidate.key] = verdict.reason;
    else if (verdict.timeProblem !== undefined && verdict.timeProblem !== 'tooOld') {
      this.#leftOut[candidate.key] = verdict.timeProblem;
    }
  }

  addMark(record: MarkRecord): void {
    this.#marks.push(record);
  }

  /** Notes a page that cannot be used. */
  addDamage(page: string): void {
    this.#leftOut[page] = 'damaged';
  }

  /** All that is known by now: what was added counts, and what a loss of time undates is gone. */
  soFar(): History {
    const { readings, marks, leftOut } = this.#known;
    const known = [...readings, ...marks].map(({ stored }) => stored);
    const { clock, losses } = this.#time;
    const before: ReadonlySet<RecordBase> = recordsBeforeTimeLoss(
      [...known, ...this.#egvs, ...this.#marks],
      { losses, nowSeconds: clock.systemSeconds },
    );
    const lost = new Set([...before].map((record) => this.#placeOf.get(record) ?? record));
    const isDated = ({ stored }: { readonly stored: RecordBase }): boolean => !lost.has(stored);
    const dropped: Record<string, LeftOutReason> = {};
    for (const { key, stored } of this.#found) if (lost.has(stored)) dropped[key] = 'timeLost';
    const found = this.#found.filter(isDated);
    const keys = new Set(found.map(({ key }) => key));
    const kept = readings.filter((one) => !keys.has(one.key) && isDated(one));
    return {
      readings: distinctReadings([...kept, ...found], dropped),
      marks: this.#marksSoFar(marks.filter(isDated), lost),
      leftOut: { ...leftOut, ...this.#leftOut, ...dropped },
    };
  }

  #marksSoFar(known: readonly Mark[], lost: ReadonlySet<RecordBase>): readonly Mark[] {
    const { clock, losses } = this.#time;
    const latestMs = clock.hostUnixMs + FUTURE_TOLERANCE_MS;
    const fresh = utcOfRecords(this.#marks, { observed: clock, losses })
      .filter(({ record, utc }) => !lost.has(this.#place(record)) && utc.unixMs <= latestMs)
      .map(({ record, utc }) => markOf(record, this.#place(record), utc.unixMs))
      .filter((mark) => mark !== undefined);
    const keys = new Set(fresh.map(({ key }) => key));
    const all = [...known.filter(({ key }) => !keys.has(key)), ...fresh];
    return distinctMarks(all.sort((a, b) => a.utcMs - b.utcMs));
  }

  /** Of a record only what is kept: the place and the times. */
  #place(record: RecordBase): RecordBase {
    const known = this.#placeOf.get(record);
    if (known !== undefined) return known;
    const { recordType, revision, index, systemSeconds, displaySeconds } = record;
    const place = { recordType, revision, index, systemSeconds, displaySeconds };
    this.#placeOf.set(record, place);
    return place;
  }
}

/** Ahead of now by so much, a mark is an entry with a wrong time. */
const FUTURE_TOLERANCE_MS = 120_000;

function foundOf(
  { key, glucose, trend, backfilled }: Candidate,
  stored: RecordBase,
  utcMs: number,
): Reading {
  const { value: mgDl } = glucose;
  const { name } = trend;
  const status = glucoseStatus(mgDl);
  if (status === 'special') throw new TypeError(`Record ${key} is no glucose.`);
  return {
    key,
    utcMs,
    stored,
    mgDl,
    status,
    trend: name === 'unknown' ? undefined : name,
    backfilled,
  };
}

/** Gives of every measurement one reading, oldest first, as an upload does. */
function distinctReadings(
  all: readonly Reading[],
  dropped: Record<string, LeftOutReason>,
): readonly Reading[] {
  const groups = groupByMeasurement(all, (reading) => reading);
  for (const { key } of groups.flatMap(([, ...others]) => others)) dropped[key] = 'repeated';
  return groups.map(([best]) => best).sort((a, b) => a.utcMs - b.utcMs);
}
