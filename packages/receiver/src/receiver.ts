import type { DisplaySeconds } from '@egvkit/protocol';
import type {
  CommandName,
  CommandReply,
  CommandRequest,
  PageHeader,
  Partition,
  Transport,
} from '@egvkit/protocol/receiver';
import {
  type DisplayOffsetChange,
  type HardwareClock,
  type ReceiverClock,
  readClock,
  readHardwareClock,
  writeDisplayOffset,
} from './clock.ts';
import type { DeviceMemory } from './device-memory.ts';
import {
  type FirmwareSettings,
  type ReceiverBattery,
  type ReceiverDisplay,
  type ReceiverIdentity,
  type ReceiverMode,
  readBattery,
  readChargerCurrent,
  readDisplay,
  readFirmwareSettings,
  readIdentity,
  readMode,
  recall,
} from './facts.ts';
import {
  History,
  type NewRecords,
  type PagesOptions,
  type ReadOptions,
  type RecordsOptions,
} from './history.ts';
import { Line, type LineOptions } from './line.ts';
import { type PageRange, PageReader, type ReadPage } from './pages.ts';
import { type RecordName, type RecordOf, recordTypeOf } from './records.ts';
import type { Bookmark } from './resume.ts';

export interface ReceiverOptions extends LineOptions {
  /** The host's clock in Unix ms, taken for true; `Date.now` by default. */
  readonly nowMs?: () => number;
  /** How many pages to ask for at once, 1 to 4; 4 by default, as the captured software does. */
  readonly pagesPerRequest?: number;
  /**
   * Where it is remembered that a receiver does not answer requests for several pages. With it,
   * opening reads the serial number as well. Nothing outlasts the connection without it.
   */
  readonly memory?: DeviceMemory;
}

/** What every request can be told. */
export interface AskOptions {
  readonly signal?: AbortSignal;
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
export class Receiver implements AsyncDisposable {
  readonly #line: Line;
  readonly #reader: PageReader;
  readonly #history: History;
  readonly #nowMs: () => number;

  private constructor(line: Line, reader: PageReader, nowMs: () => number) {
    this.#line = line;
    this.#reader = reader;
    this.#nowMs = nowMs;
    this.#history = new History(reader, {
      monotonicMs: line.monotonicMs,
      errorSeconds: async (signal) => (await readClock(line, nowMs, signal)).errorSeconds,
    });
  }

  /**
   * Takes over an open transport and makes sure that a receiver answers on it. Closes the
   * transport if none does.
   *
   * @throws ReceiverError `timeout`, `corrupt`, `refused`, or what the transport throws
   * @throws InputError `outOfRange` for a `pagesPerRequest` that is not 1 to 4
   */
  static async open(
    transport: Transport,
    options: ReceiverOptions & AskOptions = {},
  ): Promise<Receiver> {
    try {
      const line = new Line(transport, options);
      const reader = new PageReader(line, options.pagesPerRequest);
      await line.ask('ping', undefined, options.signal);
      if (options.memory !== undefined) await recall(reader, options.memory, options.signal);
      return new Receiver(line, reader, options.nowMs ?? Date.now);
    } catch (error) {
      await transport.close();
      throw error;
    }
  }

  /**
   * Sends one command of the table, which holds only those known to be safe; the one that
   * writes is `notAllowed` unless the receiver was opened with `allowWrites`.
   */
  async ask<Name extends CommandName>(
    name: Name,
    request: CommandRequest<Name>,
    { signal }: AskOptions = {},
  ): Promise<CommandReply<Name>> {
    return await this.#line.ask(name, request, signal);
  }

  /** Whether the receiver still answers (§3.1). */
  async ping({ signal }: AskOptions = {}): Promise<void> {
    await this.#line.ask('ping', undefined, signal);
  }

  /** Product, serial number and transmitter. What a receiver does not tell is undefined. */
  async identify({ signal }: AskOptions = {}): Promise<ReceiverIdentity> {
    return await readIdentity(this.#line, this.#reader, signal);
  }

  /** The receiver's clocks beside the host's, good to about a second (§7.1). */
  async clock({ signal }: AskOptions = {}): Promise<ReceiverClock> {
    return await readClock(this.#line, this.#nowMs, signal);
  }

  /** The counter behind the internal clock, and when it was started (§7.1). */
  async hardwareClock({ signal }: AskOptions = {}): Promise<HardwareClock> {
    return await readHardwareClock(this.#line, signal);
  }

  /** Charge and state of the battery; what the receiver does not tell is undefined (D30). */
  async battery({ signal }: AskOptions = {}): Promise<ReceiverBattery> {
    return await readBattery(this.#line, signal);
  }

  /** The current the battery is charged with (§6.6); undefined if the receiver does not tell. */
  async chargerCurrent({ signal }: AskOptions = {}): ReturnType<typeof readChargerCurrent> {
    return await readChargerCurrent(this.#line, signal);
  }

  /** How the screen is set: unit, 12 or 24 hours, language (§6.8 to §6.10). */
  async display({ signal }: AskOptions = {}): Promise<ReceiverDisplay> {
    return await readDisplay(this.#line, signal);
  }

  /** Whether readings are hidden from the user, and the mode of the device (§3.1). */
  async mode({ signal }: AskOptions = {}): Promise<ReceiverMode> {
    return await readMode(this.#line, signal);
  }

  /** What the receiver says of its firmware image (§3.5); undefined if it does not tell. */
  async firmwareSettings({ signal }: AskOptions = {}): Promise<FirmwareSettings | undefined> {
    return await readFirmwareSettings(this.#line, signal);
  }

  /** The receiver's own list of its record types (§3.5); undefined if it is not understood. */
  async partitions({ signal }: AskOptions = {}): Promise<readonly Partition[] | undefined> {
    return await this.#reader.partitions(signal);
  }

  /**
   * Sets how far the clock on the screen is ahead of the internal clock, and makes sure of it by
   * reading it back (§3.6). The internal clock and the records stay as they are.
   *
   * @param displayOffsetSeconds display time minus system time, whole seconds
   * @throws ReceiverError `notAllowed` unless opened with `allowWrites`, before anything is sent;
   *   `notConfirmed` if the receiver then tells another offset
   * @throws InputError `outOfRange` unless it is a whole number of 32 bits
   */
  async setDisplayTimeOffset(
    displayOffsetSeconds: number,
    { signal }: AskOptions = {},
  ): Promise<DisplayOffsetChange> {
    return await writeDisplayOffset(this.#line, displayOffsetSeconds, signal);
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
    this.#line.check('writeDisplayTimeOffset', { displayOffsetSeconds: 0 });
    const { systemSeconds } = await this.#line.ask('readSystemTime', undefined, signal);
    return await writeDisplayOffset(this.#line, now - systemSeconds, signal);
  }

  /**
   * How many pages are asked for at once: what was set, or 1 since a request for several was not
   * answered. Keep it for the next connection to this receiver.
   */
  get pagesPerRequest(): number {
    return this.#reader.pagesPerRequest;
  }

  /** The pages that hold a record type; undefined if there are none (§3.2). */
  async pageRange(
    type: RecordName | number,
    { signal }: AskOptions = {},
  ): Promise<PageRange | undefined> {
    return await this.#reader.range(recordTypeOf(type), signal);
  }

  /** The header of one page: tells cheaply how many records it has (§4.1). */
  async pageHeader(
    type: RecordName | number,
    page: number,
    { signal }: AskOptions = {},
  ): Promise<PageHeader> {
    return await this.#reader.header(recordTypeOf(type), page, signal);
  }

  /**
   * The pages of a record type as they are, damage and all, read as they are asked for. Oldest
   * first, the newest page comes again if it has grown meanwhile, and then those after it.
   */
  pages(
    type: RecordName | number,
    options: PagesOptions = {},
  ): AsyncGenerator<ReadPage, void, void> {
    return this.#history.pages(type, options);
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
   */
  records<Type extends RecordName | number>(
    type: Type,
    options: RecordsOptions = {},
  ): AsyncGenerator<RecordOf<Type>, void, void> {
    return this.#history.records(type, options);
  }

  /**
   * What has been stored since the last time, page by page, oldest first, each with the bookmark
   * to go on from. A header request tells whether the remembered page has grown; nothing is
   * given if nothing is new. Without a bookmark, or if its page is gone, everything is new (§12.5).
   *
   * @throws ReceiverError `badPage` for a page that cannot be used, unless `onDamage` is given
   */
  newRecords<Type extends RecordName | number>(
    type: Type,
    bookmark: Bookmark | undefined,
    options: ReadOptions = {},
  ): AsyncGenerator<NewRecords<Type>, void, void> {
    return this.#history.newRecords(type, bookmark, options);
  }

  /** Releases the port, promptly: other software cannot open it meanwhile. */
  async close(): Promise<void> {
    await this.#line.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
