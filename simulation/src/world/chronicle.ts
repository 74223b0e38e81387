import { createHash } from 'node:crypto';
import type { KeepEvent } from '@egvkit/uploader';
import { iso } from '../checks/ledger.ts';
import type { WorldTime } from '../platform/world-time.ts';

/** Lines are hashed together once they are so long. */
const HASHED_AT_ONCE = 65_536;

/** Everything that happens in a history, a line each, and the faults that were injected. */
export class Chronicle {
  readonly #time: WorldTime;
  readonly #onLine: ((line: string) => void) | undefined;
  readonly #hash = createHash('sha256');
  readonly #faults = new Map<string, number>();
  #unhashed = '';

  constructor(time: WorldTime, onLine: ((line: string) => void) | undefined) {
    this.#time = time;
    this.#onLine = onLine;
  }

  /** Number of times that each fault was injected. */
  get faults(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#faults);
  }

  /** Notes something that happened. */
  readonly line = (text: string): void => {
    const { nowMs } = this.#time;
    this.#unhashed += `${nowMs} ${text}\n`;
    if (this.#unhashed.length >= HASHED_AT_ONCE) this.#hashLines();
    this.#onLine?.(`${iso(nowMs)} ${text}`);
  };

  /** Counts a fault that was injected. */
  readonly fault = (kind: string): void => {
    this.#faults.set(kind, (this.#faults.get(kind) ?? 0) + 1);
    this.line(`fault ${kind}`);
  };

  event(event: KeepEvent): void {
    if (event.kind !== 'progress') this.line(`event ${summaryOf(event)}`);
  }

  /** SHA-256 of all lines; none can be noted after it. */
  digest(): string {
    this.#hashLines();
    return this.#hash.digest('hex');
  }

  #hashLines(): void {
    this.#hash.update(this.#unhashed);
    this.#unhashed = '';
  }
}

function summaryOf(event: KeepEvent): string {
  switch (event.kind) {
    case 'read':
      return `read ${event.serialNumber} ${event.added} ${event.newest?.utcMs}`;
    case 'readFailed':
      return `readFailed ${event.failure.code} ${event.nextTryMs}`;
    case 'uploaded':
      return `uploaded ${event.destination} ${event.result.posted.length} ${event.result.open.length}`;
    case 'uploadFailed':
      return `uploadFailed ${event.destination} ${event.failure.code} ${event.nextTryMs}`;
    case 'clockChanged':
      return `clockChanged ${event.byMs}`;
    default:
      return event.kind;
  }
}
