import type { ReceiverReader, RecordOf, UploadRecordName } from '@egvkit/receiver';
import type { SourceDamage } from '../../source.ts';
import { KeptTick } from './steady-clock.ts';

/** Options of reading one record type. */
export interface KeptReadOptions {
  /** This computer's time, Unix ms. */
  readonly nowMs: number;
  /** Age of the oldest record that is wanted, ms; every one if left out. */
  readonly windowMs?: number | undefined;
  readonly onDamage: (damage: SourceDamage) => void;
  /** Called for each record as it comes; at once for those that are kept. */
  readonly onRecord?: (() => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Records of one type, and what is to be known of them. */
interface Kept {
  /** Newest first. */
  readonly records: readonly RecordOf<UploadRecordName>[];
  /** Unix ms of this computer when all of the window was read and a page was damaged. */
  readonly damagedMs: number | undefined;
}

/** Damaged pages are read again after this time: a cable may have been at fault (ours). */
const DAMAGED_AGAIN_MS = 3_600_000;
/** Time beyond the window that is kept, for clocks that differ. */
const MARGIN_SECONDS = 3600;

/**
 * Keeps what was read of receivers from one connection to the next, so that only what is new has to
 * be read: the pages from the newest record that is known. If that record is no longer there,
 * the receiver began again, and everything is read anew.
 */
export class KeptRecords {
  #serialNumber: string | undefined;
  readonly #byType = new Map<UploadRecordName, Kept>();
  #tick = new KeptTick();

  /** Forgets what is kept of any other receiver. */
  keepOnly(serialNumber: string | undefined): void {
    if (serialNumber === undefined || serialNumber !== this.#serialNumber) {
      this.#byType.clear();
      this.#tick = new KeptTick();
    }
    this.#serialNumber = serialNumber;
  }

  /** The tick of this receiver's clock; forgets what is kept of any other. */
  tickOf(serialNumber: string | undefined): KeptTick {
    this.keepOnly(serialNumber);
    return this.#tick;
  }

  /** Gives all records of the window, newest first. */
  async read<Type extends UploadRecordName>(
    receiver: ReceiverReader,
    type: Type,
    options: KeptReadOptions,
  ): Promise<readonly RecordOf<Type>[]> {
    const before = this.#byType.get(type);
    const fresh = before && (await recordsSince(receiver, type, before, options));
    const kept = fresh ?? (await wholeWindow(receiver, type, options));
    this.#byType.set(type, kept);
    return kept.records as readonly RecordOf<Type>[];
  }
}

/** Reads what came after the newest record; undefined if that does not tell all. */
async function recordsSince(
  receiver: ReceiverReader,
  type: UploadRecordName,
  { records, damagedMs }: Kept,
  { nowMs, windowMs, onDamage, onRecord, signal }: KeptReadOptions,
): Promise<Kept | undefined> {
  const newest = records[0];
  if (newest === undefined) return undefined;
  if (damagedMs !== undefined && Math.abs(nowMs - damagedMs) > DAMAGED_AGAIN_MS) return undefined;
  const read: RecordOf<UploadRecordName>[] = [];
  let isDamaged = false;
  const options = {
    since: newest.systemSeconds,
    onDamage: (damage: SourceDamage) => {
      isDamaged = true;
      onDamage(damage);
    },
    ...(signal && { signal }),
  };
  let isThere = false;
  for await (const record of receiver.records(type, options)) {
    isThere = isSameRecord(record, newest);
    if (isThere) break;
    read.push(record);
  }
  if (!isThere) return undefined;
  const all = [...read, ...records];
  for (const _ of all) onRecord?.();
  const oldest = windowMs === undefined ? 0 : (all[0]?.systemSeconds ?? 0) - windowMs / 1000;
  return {
    records: all.filter(({ systemSeconds }) => systemSeconds >= oldest - MARGIN_SECONDS),
    damagedMs: damagedMs ?? (isDamaged ? nowMs : undefined),
  };
}

async function wholeWindow(
  receiver: ReceiverReader,
  type: UploadRecordName,
  { nowMs, windowMs, onDamage, onRecord, signal }: KeptReadOptions,
): Promise<Kept> {
  const records: RecordOf<UploadRecordName>[] = [];
  let damagedMs: number | undefined;
  const options = {
    ...(windowMs !== undefined && { since: new Date(nowMs - windowMs) }),
    onDamage: (damage: SourceDamage) => {
      damagedMs = nowMs;
      onDamage(damage);
    },
    ...(signal && { signal }),
  };
  for await (const record of receiver.records(type, options)) {
    records.push(record);
    onRecord?.();
  }
  return { records, damagedMs };
}

function isSameRecord(one: RecordOf<UploadRecordName>, other: RecordOf<UploadRecordName>): boolean {
  return one.index === other.index && one.systemSeconds === other.systemSeconds;
}
