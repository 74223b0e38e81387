import { type CommandName, type PreparedRequest, prepareRequest } from '@egvkit/protocol/receiver';
import type { OutstandingReplies } from './outstanding.ts';

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
    return this.#unlessDoubtful(prepareRequest('readDatabasePageHeader', { recordType, page }));
  }

  /** One for between two of these; undefined if there is none whose answer is certain. */
  next(asked: PreparedRequest): PreparedRequest | undefined {
    for (const name of SHORT) {
      const request: PreparedRequest = prepareRequest(name, undefined);
      const { min, max } = request.replySize;
      const alike = min <= asked.replySize.max && asked.replySize.min <= max;
      const certain = alike ? undefined : this.#unlessDoubtful(request);
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
