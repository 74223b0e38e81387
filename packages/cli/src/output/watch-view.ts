import type { Failure, KeepEvent } from '@egvkit/uploader';
import type { Io } from '../io/io.ts';
import type { Unit } from '../options/units.ts';
import { formatGlucose, formatTrend } from './glucose.ts';
import { jsonLine } from './json-line.ts';
import { printable } from './printable.ts';
import { readingJson } from './reading-json.ts';
import { formatTime } from './time.ts';
import { count } from './words.ts';

/** Tells of what happens while egvkit uploads unattended. */
export interface WatchTeller {
  tell(event: KeepEvent): void;
}

export interface WatchViewOptions {
  readonly io: Io;
  readonly unit: Unit;
  /** Only failures, and that they are over. */
  readonly isQuiet: boolean;
}

/** The receiver among the names of destinations. */
const RECEIVER = 'receiver';

/** Prints a line for each change, with its time. A failure that lasts is one line. */
export class WatchView implements WatchTeller {
  readonly #options: WatchViewOptions;
  /** Code of the failure that was told last, by the name of what failed. */
  readonly #failing = new Map<string, string>();
  readonly #hasOthers = new Set<string>();
  #serialNumber: string | undefined;

  constructor(options: WatchViewOptions) {
    this.#options = options;
  }

  tell(event: KeepEvent): void {
    switch (event.kind) {
      case 'read': {
        this.#works(event.atMs, RECEIVER);
        if (event.serialNumber === this.#serialNumber) break;
        this.#serialNumber = event.serialNumber;
        const { newest } = event;
        const last =
          newest === undefined
            ? 'without readings'
            : `newest ${this.#glucose(newest.value)} ${formatTrend(newest.trend.name)} of ${formatTime(newest.utcMs)}`;
        this.#line(event.atMs, RECEIVER, `${event.serialNumber}, ${last}`);
        break;
      }
      case 'readFailed':
        this.#fails(event.atMs, RECEIVER, event.failure, event.nextTryMs);
        break;
      case 'uploadFailed':
        this.#fails(event.atMs, event.destination, event.failure, event.nextTryMs);
        break;
      case 'uploaded': {
        const { atMs, destination, result } = event;
        this.#works(atMs, destination);
        const newest = result.posted.at(-1);
        if (newest !== undefined) {
          const value = `${this.#glucose(newest.value)} ${formatTrend(newest.trend.name)}`;
          const last = `newest ${value} of ${formatTime(newest.utcMs)}`;
          this.#line(
            atMs,
            destination,
            `${count(result.posted.length, 'reading')} uploaded, ${last}`,
          );
        }
        const { copies, fresh } = result.others;
        if (copies.length + fresh.length > 0 && !this.#hasOthers.has(destination)) {
          this.#hasOthers.add(destination);
          this.#line(atMs, destination, 'another device publishes to this account as well');
        }
        break;
      }
      case 'clockChanged': {
        const side = event.byMs < 0 ? 'back' : 'forward';
        const seconds = Math.round(Math.abs(event.byMs) / 1000);
        const text = `clock set ${side} by ${seconds} s, or asleep: the receiver is read anew`;
        this.#line(event.atMs, 'computer', text);
        break;
      }
      case 'progress':
        break;
    }
  }

  #works(atMs: number, name: string): void {
    if (this.#failing.delete(name)) this.#print(atMs, name, 'works again');
  }

  #fails(atMs: number, name: string, failure: Failure, nextTryMs: number): void {
    if (this.#failing.get(name) === failure.code) return;
    this.#failing.set(name, failure.code);
    const { message, help } = failure;
    this.#print(atMs, name, `${message} ${help} Next try at ${formatTime(nextTryMs)}.`);
  }

  #line(atMs: number, name: string, text: string): void {
    if (!this.#options.isQuiet) this.#print(atMs, name, text);
  }

  #print(atMs: number, name: string, text: string): void {
    this.#options.io.write(`${formatTime(atMs)}  ${printable(`${name}: ${text}`)}\n`);
  }

  #glucose(value: number): string {
    const text = formatGlucose(value, this.#options.unit);
    return /\d/.test(text) ? `${text} ${this.#options.unit}` : text;
  }
}

/** Prints each event as a line of JSON. */
export class WatchJson implements WatchTeller {
  readonly #io: Io;

  constructor(io: Io) {
    this.#io = io;
  }

  tell(event: KeepEvent): void {
    const json = eventJson(event);
    if (json === undefined) return;
    this.#io.write(jsonLine({ time: new Date(event.atMs).toISOString(), ...json }));
  }
}

function eventJson(event: KeepEvent): object | undefined {
  switch (event.kind) {
    case 'progress':
      return undefined;
    case 'read': {
      const { kind, serialNumber, added, newest } = event;
      return { kind, serialNumber, added, newest: newest && readingJson(newest) };
    }
    case 'readFailed':
      return { kind: event.kind, ...failureJson(event) };
    case 'uploadFailed':
      return { kind: event.kind, destination: event.destination, ...failureJson(event) };
    case 'uploaded': {
      const { kind, destination, result } = event;
      const newest = result.posted.at(-1);
      return {
        ...{ kind, destination, uploaded: result.posted.length, open: result.open.length },
        newest: newest && readingJson(newest),
        otherPublisher: result.others.copies.length + result.others.fresh.length > 0,
      };
    }
    case 'clockChanged':
      return { kind: event.kind, bySeconds: event.byMs / 1000 };
  }
}

function failureJson({
  failure: { code, message, help, needsPerson },
  nextTryMs,
}: {
  readonly failure: Failure;
  readonly nextTryMs: number;
}): object {
  const nextTry = new Date(nextTryMs).toISOString();
  return { error: { code, message, help, needsPerson }, nextTry };
}
