/** Progress of a reading of pages. */
export interface ReadProgress {
  readonly pagesDone: number;
  /** Of the whole range; a reading that is told `since` ends earlier. */
  readonly pagesTotal: number;
  /** Bytes of the pages so far. */
  readonly bytes: number;
  /** Since the reading began; 0 until time has passed. */
  readonly bytesPerSecond: number;
}

export type OnProgress = (progress: ReadProgress) => void;

/** Counts the pages of one reading and tells of them. */
export class ProgressMeter {
  readonly #onProgress: OnProgress | undefined;
  readonly #now: () => number;
  readonly #startMs: number;
  #pagesTotal: number;
  #pagesDone = 0;
  #bytes = 0;

  constructor(pagesTotal: number, now: () => number, onProgress: OnProgress | undefined) {
    this.#pagesTotal = pagesTotal;
    this.#now = now;
    this.#startMs = now();
    this.#onProgress = onProgress;
  }

  /** More is to be read, or less, than was known at first. */
  expectMore(pages: number): void {
    this.#pagesTotal += pages;
  }

  add(pages: readonly { readonly bytes: Uint8Array }[]): void {
    this.#pagesDone += pages.length;
    for (const { bytes } of pages) this.#bytes += bytes.length;
    const elapsedMs = this.#now() - this.#startMs;
    this.#onProgress?.({
      pagesDone: this.#pagesDone,
      pagesTotal: this.#pagesTotal,
      bytes: this.#bytes,
      bytesPerSecond: elapsedMs > 0 ? (this.#bytes * 1000) / elapsedMs : 0,
    });
  }
}
