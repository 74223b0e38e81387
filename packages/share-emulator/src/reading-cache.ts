import type { GlucoseRecord } from '@egvkit/protocol/share';

/** Most accounts that are kept: some tens of megabytes. */
const MOST_ACCOUNTS = 256;

const encoder = new TextEncoder();
const CLOSE = ']'.charCodeAt(0);

/** Lists that were cut from an account's newest readings, with a function that makes their JSON. */
const CUT = new WeakMap<readonly unknown[], () => Uint8Array>();

/**
 * An account's newest readings as records. An answer is the beginning of them, and its JSON the
 * beginning of theirs.
 */
export class NewestReadings {
  readonly #records: readonly GlucoseRecord[];
  readonly #times: readonly number[];
  #json: { readonly bytes: Uint8Array; readonly ends: readonly number[] } | undefined;
  /** The last answer: most clients ask for the same. */
  #lastCut = new Uint8Array();

  /** @param times True times in Unix milliseconds, newest first like the records. */
  constructor(records: readonly GlucoseRecord[], times: readonly number[]) {
    this.#records = records;
    this.#times = times;
  }

  /** Takes the newest of a window, at most `count`. */
  take(fromMs: number, count: number): GlucoseRecord[] {
    const end = this.#times.findIndex((timeMs) => timeMs < fromMs);
    const taken = this.#records.slice(0, end < 0 ? count : Math.min(end, count));
    if (taken.length > 0) CUT.set(taken, () => this.#jsonOf(taken.length));
    return taken;
  }

  #jsonOf(count: number): Uint8Array {
    this.#json ??= allOf(this.#records);
    const { bytes, ends } = this.#json;
    const end = ends[count - 1] ?? 0;
    if (this.#lastCut.length !== end + 1) {
      this.#lastCut = bytes.slice(0, end + 1);
      this.#lastCut[end] = CLOSE;
    }
    return this.#lastCut;
  }
}

/** Makes the JSON of a list, and the ends of its elements: a bracket there makes a shorter list. */
function allOf(records: readonly GlucoseRecord[]) {
  const bytes = encoder.encode(JSON.stringify(records));
  const ends: number[] = [];
  let end = 0;
  for (const record of records) {
    // With the bracket or the comma before it.
    end += 1 + encoder.encode(JSON.stringify(record)).length;
    ends.push(end);
  }
  return { bytes, ends };
}

/** Gives the JSON of a list of readings, if it was cut from an account's newest. */
export function readyJson(list: readonly unknown[]): Uint8Array | undefined {
  return CUT.get(list)?.();
}

interface Entry {
  /** The version of the account's readings it was made from. */
  readonly version: string;
  /** The start of the window it was made for. */
  readonly fromMs: number;
  readonly newest: NewestReadings;
}

/**
 * The newest readings of the accounts that were read last, for as long as none is added. Followers
 * ask far more often than readings arrive.
 */
export class ReadingCache {
  readonly #entries = new Map<string, Entry>();

  /**
   * Gives an account's newest readings since `fromMs`; they may begin earlier.
   *
   * @param read Reads them from the store.
   */
  newest(
    accountId: string,
    version: string,
    fromMs: number,
    read: () => NewestReadings,
  ): NewestReadings {
    const known = this.#entries.get(accountId);
    this.#entries.delete(accountId);
    // A window that starts earlier, after a clock was set back, may hold more.
    const isGood = known?.version === version && known.fromMs <= fromMs;
    const entry = isGood ? known : { version, fromMs, newest: read() };
    this.#entries.set(accountId, entry); // the last to be forgotten
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > MOST_ACCOUNTS && oldest !== undefined) this.#entries.delete(oldest);
    return entry.newest;
  }
}
