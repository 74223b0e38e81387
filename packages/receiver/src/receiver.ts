import type { DisplaySeconds } from '@egvkit/protocol';
import type {
  CommandName,
  CommandReply,
  CommandRequest,
  PageHeader,
  Partition,
  Permission,
  Transport,
} from '@egvkit/protocol/receiver';
import {
  ALL_LAYOUTS,
  readSystemTime,
  sendable,
  writeDisplayTimeOffset,
} from '@egvkit/protocol/receiver/wire';
import {
  type DisplayOffsetChange,
  type HardwareClock,
  type ReceiverClock,
  readClock,
  readHardwareClock,
  writeDisplayOffset,
} from './clock.ts';
import type { ReadOptions, WindowOptions } from './database-reader.ts';
import type { DeviceMemory } from './device-memory.ts';
import {
  type ReceiverBattery,
  type ReceiverDisplay,
  type ReceiverFirmwareSettings,
  type ReceiverMode,
  readBattery,
  readChargerCurrent,
  readDisplay,
  readFirmwareSettings,
  readMode,
} from './facts.ts';
import { useMemory } from './known-receiver.ts';
import { type NewRecords, readNewRecords } from './new-records.ts';
import { readOldestFirst } from './oldest-first.ts';
import { readHeader } from './page-header.ts';
import type { Order } from './page-run.ts';
import type { PageRange } from './pages.ts';
import {
  type AskOptions,
  type Connection,
  connect,
  ReceiverReader,
  type ReceiverReaderOptions,
} from './reader.ts';
import { type RecordName, type RecordOf, type RecordsByName, recordTypeOf } from './records.ts';
import type { Bookmark } from './resumption.ts';
import { type PagesOptions, type ReadPage, readPages } from './whole-pages.ts';

export interface ReceiverOptions extends ReceiverReaderOptions, Permission {
  /**
   * Store of receivers that do not answer requests for several pages. With it,
   * opening reads the serial number as well. Nothing outlasts the connection without it.
   */
  readonly memory?: DeviceMemory | undefined;
}

/** Options of reading records. */
export interface RecordsOptions extends WindowOptions {
  /** `newestFirst` by default. */
  readonly order?: Order | undefined;
}

/**
 * A receiver behind any transport. Reads only, unless it is opened with `allowWrites`: then one
 * thing can be changed, the clock on the screen.
 *
 * Requests that are made at once wait for each other, so there is never more than one
 * outstanding. A request that fails is repeated once; after three failures in a row nothing more
 * is sent (`stopped`). Every method may throw ReceiverError `timeout`, `corrupt`, `refused`,
 * `stopped`, and what the transport throws.
 */
export class Receiver extends ReceiverReader {
  readonly #parts: Connection;

  private constructor(parts: Connection) {
    super(parts);
    this.#parts = parts;
  }

  /**
   * Takes over an open transport and makes sure that a receiver answers on it. Closes the
   * transport if none does.
   *
   * @throws ReceiverError `timeout`, `corrupt`, `refused`, or what the transport throws
   * @throws InputError `outOfRange` for a `pagesPerRequest` that is not 1 to 4
   *
   * @example
   * ```ts
   * import { Receiver } from '@egvkit/receiver';
   * import { openSerial } from '@egvkit/receiver-serial';
   *
   * await using receiver = await Receiver.open(await openSerial());
   * const { serialNumber, transmitterId } = await receiver.identify();
   * ```
   */
  static override async open(
    transport: Transport,
    options: ReceiverOptions & AskOptions = {},
  ): Promise<Receiver> {
    const { memory, signal } = options;
    const prepare = memory && ((reader: Connection['reader']) => useMemory(reader, memory, signal));
    return new Receiver(await connect(transport, options, ALL_LAYOUTS, prepare));
  }

  /**
   * Sends one command of the table, which holds only those known to be safe; the one that
   * writes is refused (`writeNotAllowed`) unless the receiver was opened with `allowWrites`.
   */
  async ask<Name extends CommandName>(
    name: Name,
    request: CommandRequest<Name>,
    { signal }: AskOptions = {},
  ): Promise<CommandReply<Name>> {
    const row = sendable(name);
    return (await this.#parts.line.ask(row, request, signal)) as CommandReply<Name>;
  }

  /** The receiver's clocks beside the host's, good to about a second. */
  async clock({ signal }: AskOptions = {}): Promise<ReceiverClock> {
    // receiver §7.1
    return await readClock(this.#parts.line, this.#parts.nowMs, signal);
  }

  /** The counter behind the internal clock, and when it was started. */
  async hardwareClock({ signal }: AskOptions = {}): Promise<HardwareClock> {
    // receiver §7.1
    return await readHardwareClock(this.#parts.line, signal);
  }

  /** Charge and state of the battery; what the receiver does not tell is undefined. */
  async battery({ signal }: AskOptions = {}): Promise<ReceiverBattery> {
    return await readBattery(this.#parts.line, signal);
  }

  /** The current the battery is charged with; undefined if the receiver does not tell. */
  async chargerCurrent({ signal }: AskOptions = {}): ReturnType<typeof readChargerCurrent> {
    // receiver §6.6
    return await readChargerCurrent(this.#parts.line, signal);
  }

  /** Reads the settings of the screen: unit, 12 or 24 hours, language. */
  async display({ signal }: AskOptions = {}): Promise<ReceiverDisplay> {
    return await readDisplay(this.#parts.line, signal);
  }

  /** Reads the modes: whether readings are hidden from the user, and the mode of the device. */
  async mode({ signal }: AskOptions = {}): Promise<ReceiverMode> {
    return await readMode(this.#parts.line, signal);
  }

  /** Reads the firmware settings; undefined if the receiver does not tell them. */
  async firmwareSettings({
    signal,
  }: AskOptions = {}): Promise<ReceiverFirmwareSettings | undefined> {
    return await readFirmwareSettings(this.#parts.line, signal);
  }

  /** The receiver's own list of its record types; undefined if it is not understood. */
  async partitions({ signal }: AskOptions = {}): Promise<readonly Partition[] | undefined> {
    // receiver §3.5
    return await this.#parts.reader.partitions(signal);
  }

  /**
   * Sets how far the clock on the screen is ahead of the internal clock, and makes sure of it by
   * reading it back. The internal clock and the records stay as they are.
   *
   * @param displayOffsetSeconds display time minus system time, whole seconds
   * @throws CommandError `writeNotAllowed` unless opened with `allowWrites`, before anything is sent
   * @throws ReceiverError `notConfirmed` if the receiver then tells another offset
   * @throws InputError `outOfRange` unless it is a whole number of 32 bits
   */
  async setDisplayTimeOffset(
    // receiver §3.6
    displayOffsetSeconds: number,
    { signal }: AskOptions = {},
  ): Promise<DisplayOffsetChange> {
    return await writeDisplayOffset(this.#parts.line, displayOffsetSeconds, signal);
  }

  /**
   * Sets the clock on the screen to what it should show now; see {@link setDisplayTimeOffset}.
   *
   * @param now the wall clock, as seconds since 2009 without a zone
   */
  async setDisplayClock(
    now: DisplaySeconds,
    { signal }: AskOptions = {},
  ): Promise<DisplayOffsetChange> {
    this.#parts.line.check(writeDisplayTimeOffset, { displayOffsetSeconds: 0 });
    const { systemSeconds } = await this.#parts.line.ask(readSystemTime, undefined, signal);
    return await writeDisplayOffset(this.#parts.line, now - systemSeconds, signal);
  }

  /**
   * Pages per request: the number that was set, or 1 since a request for several was not
   * answered. Keep it for the next connection to this receiver.
   */
  get pagesPerRequest(): number {
    return this.#parts.reader.pagesPerRequest;
  }

  /** The pages that hold a record type; undefined if there are none. */
  async pageRange(
    // receiver §3.2
    type: RecordName | number,
    { signal }: AskOptions = {},
  ): Promise<PageRange | undefined> {
    return await this.#parts.reader.range(recordTypeOf(type), signal);
  }

  /** The header of one page: tells cheaply how many records it has. */
  async pageHeader(
    // receiver §4.1
    type: RecordName | number,
    page: number,
    { signal }: AskOptions = {},
  ): Promise<PageHeader> {
    return await readHeader(this.#parts.reader, recordTypeOf(type), page, signal);
  }

  /**
   * The pages of a record type as they are, damage and all, read as they are asked for. Oldest
   * first, the newest page comes again if it has grown meanwhile, and then those after it.
   */
  pages(
    type: RecordName | number,
    options: PagesOptions = {},
  ): AsyncGenerator<ReadPage, void, void> {
    return readPages(this.#parts.database, type, options);
  }

  /**
   * Records of one type, read as they are asked for. Everything the receiver stored is given,
   * special codes and display-only values too. Newest first, it is what was there at the
   * beginning; oldest first, what is stored meanwhile comes at the end. Each record is given once.
   *
   * A type by its number gives records that nobody understands too, as their bytes; by its name,
   * they are damage (`unknownLayout`).
   *
   * @throws ReceiverError `badPage` for a page that cannot be used, unless `onDamage` is given
   *
   * @example
   * ```ts
   * import { readingOfEgv } from '@egvkit/protocol/receiver';
   * import type { Receiver } from '@egvkit/receiver';
   *
   * export async function printLastHour(receiver: Receiver) {
   *   const observed = await receiver.clock();
   *   const since = new Date(Date.now() - 3_600_000);
   *   for await (const record of receiver.records('egv', { since })) {
   *     const reading = readingOfEgv(record, observed);
   *     if (reading?.mgDl !== undefined) console.log(new Date(reading.utcMs), reading.mgDl);
   *   }
   * }
   * ```
   */
  override records<Type extends RecordName>(
    type: Type,
    options?: RecordsOptions,
  ): AsyncGenerator<RecordsByName[Type], void, void>;
  override records<Type extends RecordName | number>(
    type: Type,
    options?: RecordsOptions,
  ): AsyncGenerator<RecordOf<Type>, void, void>;
  override records<Type extends RecordName | number>(
    type: Type,
    options: RecordsOptions = {},
  ): AsyncGenerator<RecordOf<Type>, void, void> {
    const { database } = this.#parts;
    return options.order === 'oldestFirst'
      ? readOldestFirst(database, type, options)
      : database.records(type, options);
  }

  /**
   * Reads the records stored since the last time, page by page, oldest first, each with the bookmark
   * to go on from. A header request tells whether the remembered page has grown; nothing is
   * given if nothing is new. Without a bookmark, or if its page is gone, everything is new.
   *
   * @throws ReceiverError `badPage` for a page that cannot be used, unless `onDamage` is given
   *
   * @example
   * ```ts
   * import type { Bookmark, Receiver } from '@egvkit/receiver';
   *
   * export async function countNew(receiver: Receiver, from?: Bookmark) {
   *   let bookmark = from;
   *   let count = 0;
   *   for await (const batch of receiver.newRecords('egv', bookmark)) {
   *     count += batch.records.length;
   *     bookmark = batch.bookmark;
   *   }
   *   return { count, bookmark };
   * }
   * ```
   */
  newRecords<Type extends RecordName | number>(
    // receiver §12.5
    type: Type,
    bookmark: Bookmark | undefined,
    options: ReadOptions = {},
  ): AsyncGenerator<NewRecords<Type>, void, void> {
    return readNewRecords(this.#parts.database, type, bookmark, options);
  }
}
