import { crc16OfEach, crc16OfRest } from '../crc16.ts';

/** Twice what a packet can have, so that the table is moved once in so many bytes at most. */
const ROOM = 0x20000;

/** Part of a stream, in pieces, and the position of its first byte. */
export interface StreamPart {
  readonly chunks: readonly Uint8Array[];
  readonly position: number;
}

/**
 * CRCs of ranges that overlap, as beginnings of packets in garbage do: each byte is looked at once,
 * however many ranges hold it. Positions count from the beginning of the stream and never go back.
 */
export class OverlappingCrcs {
  /** CRC of everything from `#from` to before each position: the first is that of nothing. */
  readonly #crcs: Uint16Array = new Uint16Array(ROOM + 1);
  #from = 0;
  #to = 0;

  /** The CRC of `[start, end)`, at most 65,535 bytes, which the part holds. */
  between(start: number, end: number, part: StreamPart): number {
    if (start >= this.#to) {
      this.#from = start;
      this.#to = start;
      this.#crcs[0] = 0;
    } else if (end - this.#from > ROOM) {
      this.#crcs.copyWithin(0, start - this.#from, this.#to - this.#from + 1);
      this.#from = start;
    }
    if (end > this.#to) this.#extend(end, part);
    const [before, all] = [this.#crcs[start - this.#from]!, this.#crcs[end - this.#from]!];
    return crc16OfRest(all, before, end - start);
  }

  #extend(end: number, { chunks, position }: StreamPart): void {
    let first = position;
    for (const bytes of chunks) {
      const last = Math.min(end, first + bytes.length);
      if (last > this.#to) {
        const range = [this.#to - first, last - first] as const;
        const at = this.#to - this.#from;
        crc16OfEach(bytes, this.#crcs[at]!, range, this.#crcs, at + 1);
        this.#to = last;
        if (last === end) return;
      }
      first += bytes.length;
    }
  }
}
