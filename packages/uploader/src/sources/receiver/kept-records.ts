import type { ReceiverReader, RecordOf, UploadRecordName } from '@egvkit/receiver';
import type { SourceDamage } from '../../source.ts';
import { isSameRecord, type NewestPage, readNewestPage, tellsPages } from './newest-page.ts';
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
  /** The newest record, however old it is. */
  readonly newest: RecordOf<UploadRecordName> | undefined;
  /** Unix ms of this computer when all of the window was read and a page was damaged. */
  readonly damagedMs: number | undefined;
  /** The newest page, if it is known. */
  readonly page?: NewestPage | undefined;
}

/** Damaged pages are read again after this time: a cable may have been at fault (ours). */
const DAMAGED_AGAIN_MS = 3_600_000;
/** Time beyond the window that is kept, for clocks that differ. */
const MARGIN_SECONDS = 3600;

/**
 * Keeps what was read of receivers from one connection to the next, so that only what is new has to
 * be read: the page that the newest record is on. If that record is no longer there,
 * the receiver began again, and everything is read anew.
 */
export class KeptRecords {
  #serialNumber: string | undefined;
  #productId: string | undefined;
  readonly #byType = new Map<UploadRecordName, Kept>();
  #tick = new KeptTick();

  /** Forgets what is kept of any other receiver. */
  keepOnly(serialNumber: string | undefined): void {
    if (serialNumber === undefined || serialNumber !== this.#serialNumber) {
      this.#byType.clear();
      this.#tick = new KeptTick();
      this.#productId = undefined;
    }
    this.#serialNumber = serialNumber;
  }

  /** Asks a receiver for its serial number, and for its product id unless that is kept. */
  async identify(
    receiver: ReceiverReader,
    signal: AbortSignal | undefined,
  ): Promise<{
    readonly serialNumber: string | undefined;
    readonly productId: string | undefined;
  }> {
    const options = { ...(signal && { signal }) };
    const known = this.#serialNumber;
    if (known !== undefined && this.#productId !== undefined) {
      const serialNumber = await receiver.serialNumber(options);
      if (serialNumber === known) return { serialNumber, productId: this.#productId };
    }
    const { firmware, serialNumber } = await receiver.identify(options);
    this.keepOnly(serialNumber);
    this.#productId = firmware?.productId;
    return { serialNumber, productId: firmware?.productId };
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
    const kept =
      (before && (await this.#fresh(receiver, type, before, options))) ??
      (await wholeWindow(receiver, type, options));
    this.#byType.set(type, kept);
    return kept.records as readonly RecordOf<Type>[];
  }

  async #fresh(
    receiver: ReceiverReader,
    type: UploadRecordName,
    before: Kept,
    options: KeptReadOptions,
  ): Promise<Kept | undefined> {
    let isChanged = false;
    if (before.damagedMs === undefined && tellsPages(receiver)) {
      const read = await readNewestPage(receiver, type, before, options);
      if (typeof read === 'object') {
        return withFresh(read.fresh, { ...before, page: read.page }, options);
      }
      isChanged = read === 'changed';
    }
    const fresh = await recordsSince(receiver, type, before, options);
    if (isChanged || fresh === undefined) this.#forgetPages();
    return fresh;
  }

  /** Of no type the newest page is known any more: something is not as it was. */
  #forgetPages(): void {
    for (const [type, kept] of this.#byType) this.#byType.set(type, { ...kept, page: undefined });
  }
}

/** Adds records to those that are kept, and drops those that are too old. */
function withFresh(
  fresh: readonly RecordOf<UploadRecordName>[],
  before: Kept,
  { windowMs, onRecord }: KeptReadOptions,
): Kept {
  const all = fresh.length === 0 ? before.records : [...fresh, ...before.records];
  if (onRecord !== undefined) for (const _ of all) onRecord();
  const newest = fresh[0] ?? before.newest;
  const sinceSeconds =
    windowMs === undefined
      ? Number.NEGATIVE_INFINITY
      : (newest?.systemSeconds ?? 0) - windowMs / 1000 - MARGIN_SECONDS;
  const isWanted = ({ systemSeconds }: RecordOf<UploadRecordName>): boolean =>
    systemSeconds >= sinceSeconds;
  return { ...before, newest, records: all.every(isWanted) ? all : all.filter(isWanted) };
}

/** Reads what came after the newest record; undefined if that does not tell all. */
async function recordsSince(
  receiver: ReceiverReader,
  type: UploadRecordName,
  before: Kept,
  given: KeptReadOptions,
): Promise<Kept | undefined> {
  const { newest, damagedMs } = before;
  const { nowMs, onDamage, signal } = given;
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
  return withFresh(
    read,
    { ...before, damagedMs: damagedMs ?? (isDamaged ? nowMs : undefined), page: undefined },
    given,
  );
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
  const newest =
    records[0] ?? (windowMs === undefined ? undefined : await newestOf(receiver, type, signal));
  return { records, newest, damagedMs };
}

/** The newest record of a type, older than a window that has none. */
async function newestOf(
  receiver: ReceiverReader,
  type: UploadRecordName,
  signal: AbortSignal | undefined,
): Promise<RecordOf<UploadRecordName> | undefined> {
  const options = { onDamage() {}, ...(signal && { signal }) };
  for await (const record of receiver.records(type, options)) return record;
  return undefined;
}
