/** A disk as it is bought: what was written and not flushed is in its memory, and a power cut loses it. */
import { closeSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import type { Random } from '@egvkit/receiver-emulator';

/** Smallest part that is written whole or not at all: a sector, as large as disks have them today. */
const SECTOR_BYTES = 4096;
/** Memory of the disk. When it is full, all of it is written. */
const MOST_WAITING = 16_384;

/** Fate of the sectors that were waiting when the power was cut. */
export interface Loss {
  readonly waiting: number;
  readonly lost: number;
}

export class VolatileDisk implements Disposable {
  readonly sizeBytes: number;
  readonly #base: number;
  readonly #written: number;
  /** Sectors that are on the disk itself and no longer in the base. */
  readonly #changed: Uint8Array;
  /** Versions that each sector was to become, in the order of writing. */
  readonly #waiting = new Map<number, Buffer[]>();
  #waitingCount = 0;

  /** A disk that begins with the content of `base`, which stays as it is, and keeps changes in `file`. */
  constructor(base: string, file: string, sizeBytes: number) {
    this.sizeBytes = sizeBytes;
    this.#base = openSync(base, 'r');
    this.#written = openSync(file, 'w+');
    ftruncateSync(this.#written, sizeBytes);
    this.#changed = new Uint8Array(Math.ceil(sizeBytes / SECTOR_BYTES));
  }

  read(offset: number, length: number): Buffer {
    const first = Math.floor(offset / SECTOR_BYTES);
    const end = Math.ceil((offset + length) / SECTOR_BYTES);
    const bytes = Buffer.allocUnsafe((end - first) * SECTOR_BYTES);
    let from = first;
    while (from < end) {
      // As many sectors in one go as come from the same file.
      let to = from + 1;
      while (to < end && this.#changed[to] === this.#changed[from]) to++;
      const file = this.#changed[from] === 1 ? this.#written : this.#base;
      const at = (from - first) * SECTOR_BYTES;
      readWhole(file, bytes.subarray(at, at + (to - from) * SECTOR_BYTES), from * SECTOR_BYTES);
      from = to;
    }
    if (this.#waiting.size > 0) {
      for (let sector = first; sector < end; sector++) {
        this.#waiting
          .get(sector)
          ?.at(-1)
          ?.copy(bytes, (sector - first) * SECTOR_BYTES);
      }
    }
    const skipped = offset - first * SECTOR_BYTES;
    return bytes.subarray(skipped, skipped + length);
  }

  /** Takes bytes into the disk's memory. */
  write(offset: number, bytes: Buffer): void {
    const end = offset + bytes.length;
    for (let at = offset; at < end; ) {
      const sector = Math.floor(at / SECTOR_BYTES);
      const start = sector * SECTOR_BYTES;
      const upTo = Math.min(end, start + SECTOR_BYTES);
      const whole = this.read(start, SECTOR_BYTES);
      bytes.copy(whole, at - start, at - offset, upTo - offset);
      const versions = this.#waiting.get(sector);
      if (versions === undefined) this.#waiting.set(sector, [whole]);
      else versions.push(whole);
      this.#waitingCount++;
      at = upTo;
    }
    if (this.#waitingCount > MOST_WAITING) this.flush();
  }

  /** Writes all that is in the disk's memory. */
  flush(): void {
    for (const [sector, versions] of this.#waiting) this.#settle(sector, versions.at(-1));
    this.#forget();
  }

  /**
   * Cuts the power. The disk may have written any of what was in its memory, in any order: sector
   * by sector the dice say which version is there, or none.
   *
   * @param chance that something is there of a sector; drawn if left out: none, all or in between
   */
  cut(random: Random, chance = drawnChance(random)): Loss {
    const waiting = this.#waiting.size;
    let lost = 0;
    for (const [sector, versions] of this.#waiting) {
      if (random.chance(chance))
        this.#settle(sector, versions[random.integer(0, versions.length - 1)]);
      else lost++;
    }
    this.#forget();
    return { waiting, lost };
  }

  #settle(sector: number, bytes: Buffer | undefined): void {
    if (bytes === undefined) return;
    writeSync(this.#written, bytes, 0, bytes.length, sector * SECTOR_BYTES);
    this.#changed[sector] = 1;
  }

  #forget(): void {
    this.#waiting.clear();
    this.#waitingCount = 0;
  }

  [Symbol.dispose](): void {
    closeSync(this.#base);
    closeSync(this.#written);
  }
}

function drawnChance(random: Random): number {
  return [0, 1, random.next()][random.integer(0, 2)] ?? 0;
}

function readWhole(file: number, bytes: Buffer, position: number): void {
  let done = 0;
  while (done < bytes.length) {
    const count = readSync(file, bytes, done, bytes.length - done, position + done);
    if (count === 0) throw new Error(`The disk's file ends at byte ${position + done}.`);
    done += count;
  }
}
