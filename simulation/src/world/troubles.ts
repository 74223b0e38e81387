import type { WorldTime } from '../platform/world-time.ts';
import { BEGIN_MS, type DestinationName } from './history.ts';

/** Troubles of a family: what stands in the way of an upload, and since when nothing does. */
export class Troubles {
  readonly #time: WorldTime;
  readonly #destinations: readonly DestinationName[];
  /** Those of now, and how many times each stands in the way. */
  readonly #now = new Map<string, number>();
  readonly #wellSinceMs = new Map<string, number>();
  #changedMs = BEGIN_MS;

  constructor(time: WorldTime, destinations: readonly DestinationName[]) {
    this.#time = time;
    this.#destinations = destinations;
  }

  has(what: string): boolean {
    return this.#now.has(what);
  }

  /** Something stands in the way from now on. */
  begin(what: string): void {
    this.#now.set(what, (this.#now.get(what) ?? 0) + 1);
    this.#changedMs = this.#time.nowMs;
  }

  /** It no longer does. */
  end(what: string): void {
    const left = (this.#now.get(what) ?? 0) - 1;
    if (left > 0) this.#now.set(what, left);
    else this.#now.delete(what);
    this.#changedMs = this.#time.nowMs;
    for (const name of this.#destinations) {
      if (concerns(what, name)) this.#wellSinceMs.set(name, this.#time.nowMs);
    }
  }

  /** Time since when none of them stands in the way of this destination, Unix ms; undefined if one does. */
  wellSinceMs(name: string): number | undefined {
    for (const what of this.#now.keys()) if (concerns(what, name)) return undefined;
    return this.#wellSinceMs.get(name) ?? BEGIN_MS;
  }

  /** Time for which this one, and no other, has stood in the way, ms. */
  onlyForMs(what: string): number {
    return this.#now.size === 1 && this.#now.has(what) ? this.#time.nowMs - this.#changedMs : 0;
  }
}

/** True if a trouble stands in the way of this destination. */
function concerns(what: string, name: string): boolean {
  const [first] = what.split(' ');
  return first === name || (first !== 'share' && first !== 'nightscout');
}
