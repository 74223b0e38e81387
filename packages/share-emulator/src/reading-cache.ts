import type { GlucoseRecord } from '@egvkit/protocol/share';

/** Most accounts that are kept: some tens of megabytes. */
const MOST_ACCOUNTS = 256;

const encoder = new TextEncoder();
const CLOSE = ']'.charCodeAt(0);

/** Lists that were cut from an account's newest readings, with a function that makes their JSON. */
const CUT = new WeakMap<readonly unknown[], () => Uint8Array>();

/**
 * An account's newest readings as records, each made when it is first asked for. An answer is the
 * beginning of them, and its JSON the beginning of theirs.
 */
export class NewestReadings {
  readonly #times: readonly number[];
  readonly #recordAt: (at: number) => GlucoseRecord;
  readonly #records: GlucoseRecord[] = [];
  /** JSON of the first records without its end, and the ends of the records in it. */
  #bytes = new Uint8Array();
  readonly #ends: number[] = [];
  /** The last answer: most clients ask for the same. */
  #lastCut = new Uint8Array();

  /**
   * @param times True times in Unix milliseconds, newest first.
   * @param recordAt Makes the record of one of these times.
   */
  constructor(times: readonly number[], recordAt: (at: number) => GlucoseRecord) {
    this.#times = times;
    this.#recordAt = recordAt;
  }

  /** Takes the newest of a window, at most `count`. */
  take(fromMs: number, count: number): GlucoseRecord[] {
    const end = this.#times.findIndex((timeMs) => timeMs < fromMs);
    const most = Math.min(end < 0 ? this.#times.length : end, count);
    for (let at = this.#records.length; at < most; at++) this.#records.push(this.#recordAt(at));
    const taken = this.#records.slice(0, most);
    if (taken.length > 0) CUT.set(taken, () => this.#jsonOf(taken.length));
    return taken;
  }

  /** A bracket behind the end of a record makes a list that ends with it. */
  #jsonOf(count: number): Uint8Array {
    const known = this.#ends.length;
    if (count > known) this.#encode(known, count);
    const end = this.#ends[count - 1] ?? 0;
    if (this.#lastCut.length !== end + 1) {
      this.#lastCut = this.#bytes.slice(0, end + 1);
      this.#lastCut[end] = CLOSE;
    }
    return this.#lastCut;
  }

  #encode(from: number, count: number): void {
    const texts = this.#records.slice(from, count).map((record) => JSON.stringify(record));
    // Each with the bracket or the comma before it.
    const more = encoder.encode(`${from === 0 ? '[' : ','}${texts.join(',')}`);
    const before = this.#ends.at(-1) ?? 0;
    // One byte of room for the bracket.
    const bytes = new Uint8Array(before + more.length + 1);
    bytes.set(this.#bytes.subarray(0, before));
    bytes.set(more, before);
    this.#bytes = bytes;
    let end = before;
    for (const text of texts) {
      end += 1 + bytesOf(text);
      this.#ends.push(end);
    }
  }
}

/** Length of a text in UTF-8. */
function bytesOf(text: string): number {
  return /^[\x20-\x7e]*$/.test(text) ? text.length : encoder.encode(text).length;
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
   * Gives an account's newest readings since `fromMs`; they may begin earlier. Who asks for more of what
   * is known already gets all since `earliestMs`, which serves whoever asks next.
   *
   * @param read Reads them from the store.
   */
  newest(
    accountId: string,
    version: string,
    { fromMs, earliestMs }: { readonly fromMs: number; readonly earliestMs: number },
    read: (sinceMs: number) => NewestReadings,
  ): NewestReadings {
    const known = this.#entries.get(accountId);
    this.#entries.delete(accountId);
    // A window that starts earlier, after a clock was set back, may hold more.
    const isSame = known?.version === version;
    const sinceMs = isSame ? earliestMs : fromMs;
    const isGood = isSame && known.fromMs <= fromMs;
    const entry = isGood ? known : { version, fromMs: sinceMs, newest: read(sinceMs) };
    this.#entries.set(accountId, entry); // the last to be forgotten
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > MOST_ACCOUNTS && oldest !== undefined) this.#entries.delete(oldest);
    return entry.newest;
  }
}
