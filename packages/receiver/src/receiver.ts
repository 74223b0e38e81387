import {
  type ClockObservation,
  type DisplaySeconds,
  displaySeconds,
  InputError,
  RECEIVER_EPOCH_UNIX_SECONDS,
  ReceiverError,
  type SystemSeconds,
  systemClockErrorSeconds,
  systemSeconds,
} from '@egvkit/protocol';
import {
  type CommandName,
  type CommandReply,
  type CommandRequest,
  decodePage,
  type FirmwareHeader,
  NO_PAGE,
  type Page,
  parseFirmwareHeader,
  serialNumberOf,
  type Transport,
} from '@egvkit/protocol/receiver';
import { Line, type LineOptions } from './line.ts';
import {
  badPage,
  type DamageReport,
  problemsOf,
  type RecordName,
  type RecordsByName,
  recordTypeOf,
  spoilsPage,
} from './records.ts';
import { INVALID_PARAM, unlessRefused } from './refusal.ts';

export interface ReceiverOptions extends LineOptions {
  /** The host's clock in Unix ms, taken for true; `Date.now` by default. */
  readonly nowMs?: () => number;
}

/** What a receiver says it is. */
export interface ReceiverIdentity {
  /** From the firmware header; undefined fields were not sent. */
  readonly firmware: FirmwareHeader | undefined;
  /** Of the receiver, in capitals; from its newest manufacturing record. */
  readonly serialNumber: string | undefined;
  /** Five characters on a G4, six on a G5 or G6. */
  readonly transmitterId: string | undefined;
}

/** All clocks of a receiver at one moment. */
export interface ReceiverClock extends ClockObservation {
  readonly displaySeconds: DisplaySeconds;
  /** Display time minus system time. */
  readonly displayOffsetSeconds: number;
  /** How far the internal clock is ahead of UTC (negative: behind). */
  readonly errorSeconds: number;
}

/** Pages of one record type, both inclusive. */
export interface PageRange {
  readonly first: number;
  readonly last: number;
}

/** A page as it was read: the bytes for a backup, and what they say. */
export interface ReadPage extends Page {
  readonly pageNumber: number;
  /** All 528 bytes. */
  readonly bytes: Uint8Array;
}

export interface PagesOptions {
  /** The pages to read; all by default. */
  readonly range?: PageRange;
  readonly order?: 'newestFirst' | 'oldestFirst';
  readonly signal?: AbortSignal;
}

export interface RecordsOptions {
  /** The first record older than this ends the reading: a moment, or the receiver's own time. */
  readonly since?: Date | SystemSeconds;
  readonly signal?: AbortSignal;
  /**
   * Is told of damaged records (left out) and damaged pages (left out after a second try).
   * Without it a damaged page ends the reading with `badPage`.
   */
  readonly onDamage?: (damage: DamageReport) => void;
}

/**
 * A receiver behind any transport. Reads only: no command that changes it is ever sent.
 *
 * Requests that are made at once wait for each other, so there is never more than one
 * outstanding. A request that fails is repeated once; after three failures in a row nothing more
 * is sent (`stopped`).
 */
export class Receiver implements AsyncDisposable {
  readonly #line: Line;
  readonly #nowMs: () => number;

  private constructor(line: Line, nowMs: () => number) {
    this.#line = line;
    this.#nowMs = nowMs;
  }

  /**
   * Takes over an open transport and makes sure that a receiver answers on it. Closes the
   * transport if none does.
   *
   * @throws ReceiverError `timeout`, `corrupt`, `refused`, or what the transport throws
   */
  static async open(
    transport: Transport,
    options: ReceiverOptions & { readonly signal?: AbortSignal } = {},
  ): Promise<Receiver> {
    const line = new Line(transport, options);
    try {
      await line.ask('ping', undefined, options.signal);
    } catch (error) {
      await transport.close();
      throw error;
    }
    return new Receiver(line, options.nowMs ?? Date.now);
  }

  /** Sends one command of the table, which holds only those known to be safe. */
  async ask<Name extends CommandName>(
    name: Name,
    request: CommandRequest<Name>,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<CommandReply<Name>> {
    return await this.#line.ask(name, request, options.signal);
  }

  /** Product, serial number and transmitter. What a receiver does not tell is undefined. */
  async identify(options: { readonly signal?: AbortSignal } = {}): Promise<ReceiverIdentity> {
    const header = await this.#optional('readFirmwareHeader', undefined, options.signal);
    const transmitterId = await this.#optional('readTransmitterId', undefined, options.signal);
    return {
      firmware: header === undefined ? undefined : parseFirmwareHeader(header),
      serialNumber: await this.#serialNumber(options.signal),
      transmitterId,
    };
  }

  /** A re-worked receiver has several manufacturing records; the last one counts (D20). */
  async #serialNumber(signal: AbortSignal | undefined): Promise<string | undefined> {
    const range = await unlessRefused(
      this.pageRange('manufacturing', { ...(signal && { signal }) }),
    );
    if (range === undefined) return undefined;
    const recordType = recordTypeOf('manufacturing');
    for await (const page of this.pages('manufacturing', { range, ...(signal && { signal }) })) {
      // What stands before it may be the number of another receiver.
      const problems = problemsOf(page);
      if (problems.length > 0) throw badPage(problems, recordType, page.pageNumber);
      for (const record of page.records.toReversed()) {
        const serialNumber = record.kind === 'xml' ? serialNumberOf(record) : undefined;
        if (serialNumber !== undefined) return serialNumber;
      }
    }
    return undefined;
  }

  /** The receiver's clocks beside the host's, good to about a second. */
  async clock(options: { readonly signal?: AbortSignal } = {}): Promise<ReceiverClock> {
    const { signal } = options;
    let sentUnixMs = 0;
    const system = await this.#line.ask('readSystemTime', undefined, signal, () => {
      sentUnixMs = this.#nowMs();
    });
    const hostUnixMs = Math.round((sentUnixMs + this.#nowMs()) / 2);
    const offset = await this.#line.ask('readDisplayTimeOffset', undefined, signal);
    const observed = { systemSeconds: systemSeconds(system.systemSeconds), hostUnixMs };
    return {
      ...observed,
      // As 32 bits hold it: a receiver that has lost its time may be less than the offset old.
      displaySeconds: displaySeconds((system.systemSeconds + offset.displayOffsetSeconds) >>> 0),
      displayOffsetSeconds: offset.displayOffsetSeconds,
      errorSeconds: systemClockErrorSeconds(observed),
    };
  }

  /** Charge and state of the battery; what the receiver does not tell is undefined (D30). */
  async battery(options: { readonly signal?: AbortSignal } = {}): Promise<{
    readonly percent: number | undefined;
    readonly state: CommandReply<'readBatteryState'>['state'] | undefined;
  }> {
    const level = await this.#optional('readBatteryLevel', undefined, options.signal);
    const state = await this.#optional('readBatteryState', undefined, options.signal);
    return { percent: level?.percent, state: state?.state };
  }

  /** How the screen is set: unit, 12 or 24 hours, language. */
  async display(options: { readonly signal?: AbortSignal } = {}): Promise<{
    readonly unit: CommandReply<'readGlucoseUnit'>['unit'] | undefined;
    readonly clockMode: CommandReply<'readClockMode'>['mode'] | undefined;
    readonly language: CommandReply<'readLanguage'>['language'] | undefined;
  }> {
    const unit = await this.#optional('readGlucoseUnit', undefined, options.signal);
    const mode = await this.#optional('readClockMode', undefined, options.signal);
    const language = await this.#optional('readLanguage', undefined, options.signal);
    return { unit: unit?.unit, clockMode: mode?.mode, language: language?.language };
  }

  /** The pages that hold a record type; undefined if there are none. */
  async pageRange(
    name: RecordName,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<PageRange | undefined> {
    const request = { recordType: recordTypeOf(name) };
    const asked = this.#line.ask('readDatabasePageRange', request, options.signal);
    // Not every receiver has that partition, and INVALID_PARAM may be how it says so (§8).
    const reply = await (name === 'backfilledEgv' ? unlessRefused(asked, INVALID_PARAM) : asked);
    if (reply === undefined) return undefined;
    const { first, last } = reply;
    if (first === NO_PAGE || last === NO_PAGE) return undefined;
    if (first > last) {
      throw new ReceiverError('corrupt', {
        command: 'readDatabasePageRange',
        reason: `it names pages ${first} to ${last}`,
        attempts: 1,
      });
    }
    return { first, last };
  }

  /** The pages of a record type, one by one as they arrive, damage and all. */
  async *pages(name: RecordName, options: PagesOptions = {}): AsyncGenerator<ReadPage, void, void> {
    const { signal, order = 'newestFirst' } = options;
    const recordType = recordTypeOf(name);
    const range = options.range ?? (await this.pageRange(name, options));
    if (range === undefined) return;
    const count = range.last - range.first + 1;
    for (let i = 0; i < count; i++) {
      const pageNumber = order === 'newestFirst' ? range.last - i : range.first + i;
      yield await this.#page(recordType, pageNumber, signal);
    }
  }

  /** A page; read a second time if it came without being usable. */
  async #page(
    recordType: number,
    pageNumber: number,
    signal: AbortSignal | undefined,
  ): Promise<ReadPage> {
    const request = { recordType, firstPage: pageNumber, pageCount: 1 };
    for (let attempt = 1; ; attempt++) {
      const bytes = await this.#line.ask('readDatabasePages', request, signal);
      const page = decodePage(bytes);
      if (attempt > 1 || page.problems.length === 0) return { ...page, pageNumber, bytes };
    }
  }

  /**
   * Records of one type, newest first, read page by page as they are asked for. Everything the
   * receiver stored is given, special codes and display-only values too.
   *
   * @throws ReceiverError `badPage` for a page that cannot be used, unless `onDamage` is given
   */
  async *records<Name extends RecordName>(
    name: Name,
    options: RecordsOptions = {},
  ): AsyncGenerator<RecordsByName[Name], void, void> {
    const { signal, onDamage } = options;
    const recordType = recordTypeOf(name);
    const since = await this.#systemSince(options.since, signal);
    for await (const page of this.pages(name, { ...(signal && { signal }) })) {
      const { pageNumber } = page;
      const problems = problemsOf(page);
      if (onDamage === undefined && problems.some(spoilsPage)) {
        throw badPage(problems, recordType, pageNumber);
      }
      for (const problem of problems) onDamage?.({ recordType, page: pageNumber, problem });
      for (const record of page.records.toReversed()) {
        if (record.systemSeconds < since) return;
        // The page's record type, checked against the request, decides what its records are.
        yield record as RecordsByName[Name];
      }
    }
  }

  async #systemSince(
    since: Date | SystemSeconds | undefined,
    signal: AbortSignal | undefined,
  ): Promise<number> {
    if (!(since instanceof Date)) return since ?? 0;
    if (Number.isNaN(since.getTime())) {
      throw new InputError('outOfRange', { what: 'since', value: since, allowed: 'a valid date' });
    }
    const { errorSeconds } = await this.clock({ ...(signal && { signal }) });
    return Math.floor(since.getTime() / 1000) + errorSeconds - RECEIVER_EPOCH_UNIX_SECONDS;
  }

  /** Some receivers refuse what others answer; that is no reason to fail. */
  async #optional<Name extends CommandName>(
    name: Name,
    request: CommandRequest<Name>,
    signal: AbortSignal | undefined,
  ): Promise<CommandReply<Name> | undefined> {
    return await unlessRefused(this.#line.ask(name, request, signal));
  }

  /** Releases the port, promptly: other software cannot open it meanwhile. */
  async close(): Promise<void> {
    await this.#line.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
