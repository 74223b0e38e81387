import { type ClockObservation, systemClockErrorSeconds } from '@egvkit/protocol';
import type { ClockSettings, ReceiverRecord, Transport } from '@egvkit/protocol/receiver';
import {
  CLOCK_SETTINGS_FORMATS,
  EGV_FORMATS,
  formatFinder,
  INSERTION_FORMATS,
  type KnownLayouts,
  ping,
  type RecordFormat,
  XML_FORMATS,
} from '@egvkit/protocol/receiver/wire';
import { observeClock } from './clock.ts';
import { DatabaseReader, type WindowOptions } from './database-reader.ts';
import { type ReceiverIdentity, readIdentity, readSerialNumber } from './identity.ts';
import { Line, type LineOptions } from './line.ts';
import { PageReader } from './pages.ts';
import type { RecordsByName } from './records.ts';

/** Options of a `ReceiverReader`. */
export interface ReceiverReaderOptions extends Omit<LineOptions, 'allowWrites'> {
  /** The host's clock in Unix ms, taken for true; `Date.now` by default. */
  readonly nowMs?: (() => number) | undefined;
  /** Pages per request, 1 to 4; 4 by default, as the captured software does. */
  readonly pagesPerRequest?: number | undefined;
}

/** Options of every request. */
export interface AskOptions {
  readonly signal?: AbortSignal | undefined;
}

/**
 * The record types that a `ReceiverReader` knows, and what they give: those that tell readings and
 * their true times. Of the settings it is what concerns the clocks.
 */
export interface ReadingRecordsByName
  extends Pick<RecordsByName, 'backfilledEgv' | 'egv' | 'insertion' | 'manufacturing'> {
  settings: ClockSettings;
}

export type ReadingRecordName = keyof ReadingRecordsByName;

const READING_FORMATS = [XML_FORMATS, EGV_FORMATS, INSERTION_FORMATS, CLOCK_SETTINGS_FORMATS];

/** Parts of an open receiver. */
export interface Connection {
  readonly line: Line;
  readonly reader: PageReader;
  readonly database: DatabaseReader;
  readonly nowMs: () => number;
}

/**
 * Takes over an open transport, and closes it if no receiver answers on it, or `prepare` fails.
 *
 * @param layouts those of records that are known to the program
 */
export async function connect(
  transport: Transport,
  { nowMs = Date.now, ...options }: ReceiverReaderOptions & LineOptions & AskOptions,
  layouts: KnownLayouts,
  prepare?: (reader: PageReader) => Promise<void>,
): Promise<Connection> {
  try {
    const line = new Line(transport, options);
    const reader = new PageReader(line, layouts, options.pagesPerRequest);
    await line.ask(ping, undefined, options.signal);
    await prepare?.(reader);
    const database = new DatabaseReader(reader, {
      monotonicMs: line.monotonicMs,
      errorSeconds: async (signal) =>
        systemClockErrorSeconds(await observeClock(line, nowMs, signal)),
    });
    return { line, reader, database, nowMs };
  } catch (error) {
    // Why it did not open says more than why it does not close.
    await transport.close().catch(() => {});
    throw error;
  }
}

/**
 * Reader of a receiver behind any transport: reads what an upload of readings needs, and nothing else. The
 * part of `Receiver` for pages: `readingsSource` of `@egvkit/uploader` takes either. Requests, damage and
 * errors follow the same rules.
 *
 * Requests that are made at once wait for each other, so there is never more than one
 * outstanding. A request that fails is repeated once; after three failures in a row nothing more
 * is sent (`stopped`). Every method may throw ReceiverError `timeout`, `corrupt`, `refused`,
 * `stopped`, and what the transport throws.
 */
export class ReceiverReader implements AsyncDisposable {
  readonly #parts: Connection;

  /** @internal Made by `open`. */
  protected constructor(parts: Connection) {
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
   * import { ReceiverReader } from '@egvkit/receiver';
   * import { openUsb, requestReceiver } from '@egvkit/receiver-webusb';
   *
   * await using receiver = await ReceiverReader.open(await openUsb(await requestReceiver()));
   * const { serialNumber } = await receiver.identify();
   * ```
   */
  static async open(
    transport: Transport,
    options: ReceiverReaderOptions & AskOptions = {},
  ): Promise<ReceiverReader> {
    const formats = READING_FORMATS.flat() as readonly unknown[];
    const findFormat = formatFinder(formats as readonly RecordFormat<ReceiverRecord>[]);
    return new ReceiverReader(await connect(transport, options, { findFormat }));
  }

  /** Checks that the receiver still answers. */
  async ping({ signal }: AskOptions = {}): Promise<void> {
    await this.#parts.line.ask(ping, undefined, signal);
  }

  /** Product, serial number and transmitter. What a receiver does not tell is undefined. */
  async identify({ signal }: AskOptions = {}): Promise<ReceiverIdentity> {
    const { line, reader } = this.#parts;
    return await readIdentity(line, reader, signal);
  }

  /** The serial number alone, by two requests; undefined if the receiver does not tell it. */
  async serialNumber({ signal }: AskOptions = {}): Promise<string | undefined> {
    return await readSerialNumber(this.#parts.reader, signal);
  }

  /** The internal clock beside the host's, by one request. */
  async systemClock({ signal }: AskOptions = {}): Promise<ClockObservation> {
    // receiver §7.1
    const { line, nowMs } = this.#parts;
    return await observeClock(line, nowMs, signal);
  }

  /**
   * Records of one type, newest first, read as they are asked for; see `Receiver`.
   *
   * @throws ReceiverError `badPage` for a page that cannot be used, unless `onDamage` is given
   */
  records<Type extends ReadingRecordName>(
    type: Type,
    options: WindowOptions = {},
  ): AsyncGenerator<ReadingRecordsByName[Type], void, void> {
    const records: AsyncGenerator<unknown, void, void> = this.#parts.database.records(
      type,
      options,
    );
    return records as AsyncGenerator<ReadingRecordsByName[Type], void, void>;
  }

  /** Releases the port, promptly: other software cannot open it meanwhile. */
  async close(): Promise<void> {
    await this.#parts.line.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
