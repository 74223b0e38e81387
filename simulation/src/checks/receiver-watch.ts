import { COMMANDS, NEVER_SENT } from '@egvkit/protocol/receiver';
import type { Verdict } from './violation.ts';

const BETWEEN_MS = 30_000;
/** Readings of a receiver in any hour: twelve, twice more for each that is late, and a few for clocks. */
const MOST_IN_AN_HOUR = 40;
/** Requests of one reading: everything of a day anew, two seconds of clock, and every one repeated. */
const MOST_REQUESTS = 400;
const HOUR_MS = 3_600_000;

const WRITES: ReadonlySet<number> = new Set([
  COMMANDS.writeDisplayTimeOffset.code,
  ...Object.values(NEVER_SENT).map(({ code }) => code),
]);

/** Watches what receivers are asked, and how often. */
export class ReceiverWatch {
  readonly #verdict: Verdict;
  #opens: number[] = [];
  #requests = 0;
  #sessions = 0;
  /** A program that has just started may ask at once. */
  #isFresh = true;

  constructor(verdict: Verdict) {
    this.#verdict = verdict;
  }

  get sessions(): number {
    return this.#sessions;
  }

  get requests(): number {
    return this.#requests;
  }

  programStarted(): void {
    this.#isFresh = true;
  }

  /** The program opens the port of a receiver that is there. */
  opened(atMs: number): void {
    const agoMs = atMs - (this.#opens.at(-1) ?? Number.NEGATIVE_INFINITY);
    if (!this.#isFresh && agoMs < BETWEEN_MS - 1) {
      this.#verdict.broken('receiverTooOften', `It was opened twice within ${agoMs} ms.`);
    }
    this.#isFresh = false;
    this.#sessions++;
    this.#opens = this.#opens.filter((one) => one > atMs - HOUR_MS);
    this.#opens.push(atMs);
    const inHour = this.#opens.length;
    if (inHour > MOST_IN_AN_HOUR) {
      this.#verdict.broken('receiverTooOften', `It was opened ${inHour} times in an hour.`);
    }
  }

  /** The port was closed; these are the codes of the requests since it was opened. */
  closed(codes: readonly number[]): void {
    this.#requests += codes.length;
    if (codes.length > MOST_REQUESTS) {
      this.#verdict.broken('receiverTooOften', `One reading took ${codes.length} requests.`);
    }
    const write = codes.find((code) => WRITES.has(code));
    if (write !== undefined) this.#verdict.broken('notARead', `Command ${write} was sent to it.`);
  }
}
