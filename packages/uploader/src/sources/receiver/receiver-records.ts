import type {
  ReadingRecordName,
  ReadingRecordsByName,
  Receiver,
  ReceiverReader,
  RecordsByName,
  WindowOptions,
} from '@egvkit/receiver';
import type { SourceDamage } from '../../source.ts';
import type { KeptTick } from './steady-clock.ts';

/** The record types of an upload, and what they give. */
export interface UploadRecordsByName
  extends ReadingRecordsByName,
    Pick<RecordsByName, 'calibration' | 'meter' | 'sensor'> {}

export type UploadRecordName = keyof UploadRecordsByName;
export type UploadRecord = UploadRecordsByName[UploadRecordName];

/** A receiver that knows a type. */
type KnowerOf<Type extends UploadRecordName> = Type extends ReadingRecordName
  ? ReceiverReader
  : Receiver;

/** Options of reading one record type. */
export interface ReadOptions {
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
export interface ReadRecords {
  /** Newest first. */
  readonly records: readonly UploadRecord[];
  /** The newest record, however old it is, if that is known. */
  readonly newest: UploadRecord | undefined;
  /** Unix ms of this computer when all of the window was read and a page was damaged. */
  readonly damagedMs: number | undefined;
}

/** Product and serial number of a receiver. */
export interface SourceIdentity {
  readonly serialNumber: string | undefined;
  readonly productId: string | undefined;
}

/** Damaged pages are read again after this time: a cable may have been at fault (ours). */
const DAMAGED_AGAIN_MS = 3_600_000;
/** Time beyond the window that is kept, for clocks that differ. */
const MARGIN_SECONDS = 3600;

/**
 * Reads the records of one receiver. What was read before is not read again, only what came after it; if
 * the newest record is no longer there, the receiver began again, and everything is read anew.
 */
export class ReceiverRecords<Read extends ReadRecords = ReadRecords> {
  #serialNumber: string | undefined;
  protected readonly byType: Map<UploadRecordName, Read> = new Map();

  /** Serial number of the receiver that was read last. */
  protected get serialNumber(): string | undefined {
    return this.#serialNumber;
  }

  /** Forgets what is kept of any other receiver. */
  keepOnly(serialNumber: string | undefined): void {
    if (serialNumber === undefined || serialNumber !== this.#serialNumber) this.byType.clear();
    this.#serialNumber = serialNumber;
  }

  /** Asks a receiver for its serial number and its product id. */
  async identify(
    receiver: ReceiverReader,
    signal: AbortSignal | undefined,
  ): Promise<SourceIdentity> {
    const { firmware, serialNumber } = await receiver.identify({ ...(signal && { signal }) });
    this.keepOnly(serialNumber);
    return { serialNumber, productId: firmware?.productId };
  }

  /** The tick of this receiver's clock, if it is kept; forgets what is kept of any other. */
  tickOf(serialNumber: string | undefined): KeptTick | undefined {
    this.keepOnly(serialNumber);
    return undefined;
  }

  /** Gives all records of the window, newest first. */
  async read<Type extends UploadRecordName>(
    receiver: KnowerOf<Type>,
    type: Type,
    options: ReadOptions,
  ): Promise<readonly UploadRecordsByName[Type][]> {
    const before = this.byType.get(type);
    const read =
      (before && (await this.readFresh(receiver, type, before, options))) ??
      (await this.readWindow(receiver, type, options));
    this.byType.set(type, read);
    return read.records as readonly UploadRecordsByName[Type][];
  }

  /** Reads what came after the newest record; undefined if that does not tell all. */
  protected async readFresh(
    receiver: ReceiverReader,
    type: UploadRecordName,
    before: Read,
    options: ReadOptions,
  ): Promise<Read | undefined> {
    return await recordsSince(receiver, type, before, options);
  }

  protected async readWindow(
    receiver: ReceiverReader,
    type: UploadRecordName,
    options: ReadOptions,
  ): Promise<Read> {
    return (await wholeWindow(receiver, type, options)) as Read;
  }
}

/** Asks a receiver for records of a type that it knows. */
export function recordsOf(
  receiver: ReceiverReader,
  type: UploadRecordName,
  options: WindowOptions,
): AsyncIterable<UploadRecord> {
  return (receiver as Receiver).records(type, options);
}

/** Adds records to those that are kept, and drops those that are too old. */
export function withFresh<Read extends ReadRecords>(
  fresh: readonly UploadRecord[],
  before: Read,
  { windowMs, onRecord }: ReadOptions,
): Read {
  const all = fresh.length === 0 ? before.records : [...fresh, ...before.records];
  if (onRecord !== undefined) for (const _ of all) onRecord();
  const newest = fresh[0] ?? before.newest;
  const sinceSeconds =
    windowMs === undefined
      ? Number.NEGATIVE_INFINITY
      : (newest?.systemSeconds ?? 0) - windowMs / 1000 - MARGIN_SECONDS;
  const isWanted = ({ systemSeconds }: UploadRecord): boolean => systemSeconds >= sinceSeconds;
  return { ...before, newest, records: all.every(isWanted) ? all : all.filter(isWanted) };
}

/** Reads what came after the newest record; undefined if that does not tell all. */
async function recordsSince<Read extends ReadRecords>(
  receiver: ReceiverReader,
  type: UploadRecordName,
  before: Read,
  given: ReadOptions,
): Promise<Read | undefined> {
  const { newest, damagedMs } = before;
  const { nowMs, onDamage, signal } = given;
  if (newest === undefined) return undefined;
  if (damagedMs !== undefined && Math.abs(nowMs - damagedMs) > DAMAGED_AGAIN_MS) return undefined;
  const read: UploadRecord[] = [];
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
  for await (const record of recordsOf(receiver, type, options)) {
    isThere = isSameRecord(record, newest);
    if (isThere) break;
    read.push(record);
  }
  if (!isThere) return undefined;
  return withFresh(
    read,
    { ...before, damagedMs: damagedMs ?? (isDamaged ? nowMs : undefined) },
    given,
  );
}

async function wholeWindow(
  receiver: ReceiverReader,
  type: UploadRecordName,
  { nowMs, windowMs, onDamage, onRecord, signal }: ReadOptions,
): Promise<ReadRecords> {
  const records: UploadRecord[] = [];
  let damagedMs: number | undefined;
  const options = {
    ...(windowMs !== undefined && { since: new Date(nowMs - windowMs) }),
    onDamage: (damage: SourceDamage) => {
      damagedMs = nowMs;
      onDamage(damage);
    },
    ...(signal && { signal }),
  };
  for await (const record of recordsOf(receiver, type, options)) {
    records.push(record);
    onRecord?.();
  }
  return { records, newest: records[0], damagedMs };
}

/** True for the same record of one type, read twice. */
export function isSameRecord(one: UploadRecord, other: UploadRecord): boolean {
  return one.index === other.index && one.systemSeconds === other.systemSeconds;
}
