import type { CommandName, PreparedRequest } from '@egvkit/protocol/receiver';
import { ping, prepare, readDatabasePageHeader } from '@egvkit/protocol/receiver/wire';
import { areAlike, type OutstandingReplies } from './outstanding.ts';

/** Commands whose replies are short. */
const SHORT = [
  'ping',
  'readTransmitterId',
  'readLanguage',
  'readGlucoseUnit',
  'readBatteryLevel',
  'readBatteryState',
] as const;

/** Pages of one record type, as a receiver named them. */
export interface Pages {
  readonly recordType: number;
  readonly first: number;
  readonly last: number;
}

/**
 * Finds questions to ask between two of the same: ones whose answer can be nothing else. Replies
 * come in the order of their requests, so when it is there, the real answer to the first is too.
 */
export class QuestionsBetween {
  readonly #replies: OutstandingReplies;
  /** Commands that this receiver answers; one that is refused would settle nothing. */
  readonly #answered = new Set<CommandName>(['ping', 'readDatabasePageHeader']);
  /** Makers of the questions that were asked; no other is, so that a program carries no others. */
  readonly #asked = new Map<CommandName, () => PreparedRequest>([
    ['ping', () => prepare(ping, undefined)],
  ]);
  #pages: Pages | undefined;

  constructor(replies: OutstandingReplies) {
    this.#replies = replies;
  }

  /** Pages that a receiver has: their headers can be asked for. The most at once are kept. */
  learn(pages: Pages): void {
    if (pages.first > pages.last) return;
    const had = this.#pages;
    const grows = had === undefined || pages.last - pages.first >= had.last - had.first;
    if (grows || had.recordType === pages.recordType) this.#pages = pages;
  }

  /** Notes a question that is asked, and how to make it again. */
  asked(command: CommandName, make: () => PreparedRequest): void {
    this.#asked.set(command, make);
  }

  /** Notes that this receiver answers a command. */
  answered(command: CommandName): void {
    this.#answered.add(command);
  }

  /** Notes that this receiver refuses a command. */
  refused(command: CommandName): void {
    this.#answered.delete(command);
  }

  /** The header of a page, if its reply can be no other; undefined if it was asked for lately. */
  header(recordType: number, page: number): PreparedRequest | undefined {
    return this.#unlessDoubtful(prepare(readDatabasePageHeader, { recordType, page }));
  }

  /** One for between two of these; undefined if there is none whose answer is certain. */
  next(asked: PreparedRequest): PreparedRequest | undefined {
    for (const name of SHORT) {
      const request = this.#asked.get(name)?.();
      if (request === undefined) continue;
      const isAlike = areAlike(request.replySize, asked.replySize);
      const certain = isAlike ? undefined : this.#unlessDoubtful(request);
      if (certain !== undefined) return certain;
      // A header is the next best: there are many, and each is another question.
      const header = name === 'ping' ? this.#anyHeader() : undefined;
      if (header !== undefined) return header;
    }
    return undefined;
  }

  #anyHeader(): PreparedRequest | undefined {
    if (this.#pages === undefined || !this.#answered.has('readDatabasePageHeader'))
      return undefined;
    const { recordType, first, last } = this.#pages;
    for (let page = last; page >= first; page--) {
      const request = this.header(recordType, page);
      if (request !== undefined) return request;
    }
    return undefined;
  }

  #unlessDoubtful(request: PreparedRequest): PreparedRequest | undefined {
    if (!this.#answered.has(request.command)) return undefined;
    return this.#replies.isUnmistakable(request) ? request : undefined;
  }
}
