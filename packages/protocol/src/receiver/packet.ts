import { crc16, crc16OfEach, crc16OfRest } from '../crc16.ts';
import { outOfRange } from '../errors/input.ts';

/**
 * The frame of requests and replies alike:
 * `01 | u16 length of everything | u8 code | payload | u16 CRC of all before`.
 */
export const START_OF_PACKET = 0x01; // receiver §2

/** Bytes of a packet that are not payload. */
export const PACKET_OVERHEAD = 6;

/** A chunk of so few bytes is cheaper to copy than to view: engines keep them in the object itself. */
const COPIED_LENGTH = 64;

/** Largest length that a u16 can hold. */
export const MAX_PACKET_LENGTH = 0xffff;

/**
 * A packet around `payload`, whatever the code: an emulator frames its replies with it. What goes to
 * a receiver is made by `prepareRequest`, which refuses commands that are not safe.
 *
 * @param code the command of a request, the response code of a reply
 * @throws InputError `outOfRange` for a code that is no byte or a payload that does not fit
 */
export function encodePacket(code: number, payload: Uint8Array = new Uint8Array(0)): Uint8Array {
  const length = payload.length + PACKET_OVERHEAD;
  if (!Number.isInteger(code) || code < 0 || code > 0xff) {
    throw outOfRange('packet code', code, '0 to 255');
  }
  if (length > MAX_PACKET_LENGTH) {
    throw outOfRange(
      'payload length',
      payload.length,
      `at most ${MAX_PACKET_LENGTH - PACKET_OVERHEAD}`,
    );
  }
  const packet = new Uint8Array(length);
  packet[0] = START_OF_PACKET;
  packet[1] = length;
  packet[2] = length >> 8;
  packet[3] = code;
  packet.set(payload, 4);
  const crc = crc16(packet, 0, 0, length - 2);
  packet[length - 2] = crc;
  packet[length - 1] = crc >> 8;
  return packet;
}

/** A packet that was found in the stream, its CRC right. */
export interface Packet {
  readonly kind: 'packet';
  /** The command of a request, the response code of a reply. */
  readonly code: number;
  readonly payload: Uint8Array;
}

/**
 * Bytes that belong to no packet, and why the first of them was passed over:
 * `start` – not 0x01; `length` – a length below 6 or above what can be expected; `crc` – what
 * looked like a packet had a wrong CRC; `unfinished` – a packet that never became whole.
 */
export interface Noise {
  readonly kind: 'noise';
  readonly reason: 'start' | 'length' | 'crc' | 'unfinished';
  readonly bytes: Uint8Array;
}

/** A piece of the stream, and the CRCs of all that came before each of its bytes and before its end. */
interface Chunk {
  readonly bytes: Uint8Array;
  readonly crcs: Uint16Array;
}

/** Finds packets as {@link PacketDecoder} does, without what only readers of whole files need. */
export class PacketFinder {
  // receiver §8
  readonly #chunks: Chunk[] = [];
  /** Bytes of the first chunk that have been given out. */
  #used = 0;
  #buffered = 0;
  protected maxLength: number;
  /** Bytes at the head that have been passed over and not yet been given out. */
  #skipped = 0;
  #skippedFor: Noise['reason'] = 'start';
  /** CRC of the whole stream so far. */
  #crc = 0;

  /** @param maxLength the longest packet that can be expected, in bytes of the whole packet */
  constructor(maxLength: number = MAX_PACKET_LENGTH) {
    this.maxLength = maxLength;
  }

  /** Bytes that are held because they may be the beginning of a packet. */
  get pending(): number {
    return this.#buffered;
  }

  /** Takes bytes; gives the packets and the noise that are certain by now, in order. */
  push(chunk: Uint8Array): (Packet | Noise)[] {
    if (chunk.length > 0) {
      const crcs = crc16OfEach(chunk, this.#crc);
      this.#crc = crcs[chunk.length]!;
      this.#chunks.push({ bytes: chunk, crcs });
      this.#buffered += chunk.length;
    }
    const found: (Packet | Noise)[] = [];
    this.#findInto(found);
    return found;
  }

  /**
   * For a pause in the stream: looks for a whole packet behind a beginning that will not be
   * finished (garbage that looks like a header and claims more bytes than will come). Nothing
   * is given up unless such a packet ends exactly where the stream ends.
   */
  rescue(): (Packet | Noise)[] {
    for (let start = 1; start + PACKET_OVERHEAD <= this.#buffered; start++) {
      const length = this.#candidate(start);
      if (typeof length === 'number' && start + length === this.#buffered) {
        if (this.#crcHolds(start, length)) {
          return [
            { kind: 'noise', reason: 'unfinished', bytes: this.#take(start) },
            this.#takePacket(length),
          ];
        }
      }
    }
    return [];
  }

  /** Gives up what is held, or so many bytes of it; it comes back as noise. */
  reset(length: number = this.#buffered): Noise[] {
    if (length === 0) return [];
    return [{ kind: 'noise', reason: 'unfinished', bytes: this.#take(length) }];
  }

  #findInto(found: (Packet | Noise)[]): void {
    for (;;) {
      const length = this.#candidate(this.#skipped);
      if (length === undefined) break;
      if (typeof length === 'string') {
        this.#skip(length, found);
      } else if (!this.#crcHolds(this.#skipped, length)) {
        this.#skip('crc', found);
      } else {
        this.#flushNoise(found);
        found.push(this.#takePacket(length));
      }
    }
    this.#flushNoise(found);
  }

  /**
   * The length of the packet that seems to begin at `start` and is all there; why none can begin
   * there; or undefined if more bytes are needed to tell.
   */
  #candidate(start: number): number | 'start' | 'length' | undefined {
    const available = this.#buffered - start;
    if (available < 1) return undefined;
    if (this.#byteAt(start) !== START_OF_PACKET) return 'start';
    if (available < 3) return undefined;
    const length = this.#byteAt(start + 1) | (this.#byteAt(start + 2) << 8);
    if (length < PACKET_OVERHEAD || length > this.maxLength) return 'length';
    return available < length ? undefined : length;
  }

  #skip(reason: Noise['reason'], found: (Packet | Noise)[]): void {
    // A damaged packet is its own piece of noise; a run of bytes that are no start is one piece.
    if (reason !== 'start') this.#flushNoise(found);
    if (this.#skipped === 0) this.#skippedFor = reason;
    this.#skipped++;
  }

  #flushNoise(found: (Packet | Noise)[]): void {
    if (this.#skipped === 0) return;
    const bytes = this.#take(this.#skipped);
    this.#skipped = 0;
    found.push({ kind: 'noise', reason: this.#skippedFor, bytes });
  }

  #takePacket(length: number): Packet {
    const isShort = this.#chunks[0]!.bytes.length <= COPIED_LENGTH;
    const bytes = this.#take(length);
    const payload = isShort ? bytes.slice(4, length - 2) : bytes.subarray(4, length - 2);
    return { kind: 'packet', code: bytes[3]!, payload };
  }

  #byteAt(position: number): number {
    const { chunk, at } = this.#find(position);
    return chunk.bytes[at]!;
  }

  /** The CRC of the stream up to a byte that is held. */
  #crcBefore(position: number): number {
    const { chunk, at } = this.#find(position);
    return chunk.crcs[at]!;
  }

  #find(position: number): { readonly chunk: Chunk; readonly at: number } {
    let at = this.#used + position;
    for (const chunk of this.#chunks) {
      if (at < chunk.bytes.length) return { chunk, at };
      at -= chunk.bytes.length;
    }
    throw new RangeError(`byte ${position} of ${this.#buffered}`);
  }

  /**
   * Compares the CRC of what may be a packet. However many beginnings of packets overlap in garbage, each
   * byte has been looked at once.
   */
  #crcHolds(start: number, length: number): boolean {
    const end = start + length - 2;
    const crc = crc16OfRest(this.#crcBefore(end), this.#crcBefore(start), end - start);
    return crc === (this.#byteAt(end) | (this.#byteAt(end + 1) << 8));
  }

  /** Removes bytes from the head: a view where they lie in one chunk, else one copy. */
  #take(length: number): Uint8Array {
    this.#buffered -= length;
    const head = this.#chunks[0]!.bytes;
    const from = this.#used;
    const end = from + length;
    if (end < head.length) {
      this.#used = end;
      return head.subarray(from, end);
    }
    if (end === head.length) {
      this.#chunks.shift();
      this.#used = 0;
      return from === 0 ? head : head.subarray(from);
    }
    const bytes = new Uint8Array(length);
    let filled = 0;
    let whole = 0;
    for (const { bytes: chunk } of this.#chunks) {
      const part = chunk.subarray(this.#used, this.#used + length - filled);
      bytes.set(part, filled);
      filled += part.length;
      this.#used += part.length;
      if (this.#used < chunk.length) break;
      this.#used = 0;
      whole++;
      if (filled === length) break;
    }
    this.#chunks.splice(0, whole);
    return bytes;
  }
}

/**
 * Finds packets in a stream that is cut anywhere and may hold garbage. After garbage it looks for
 * the next packet byte by byte, so a packet that begins inside it is found.
 *
 * Chunks belong to the decoder once pushed. They are not copied unless they are short or a packet
 * lies across two of them, and nothing is kept of what has been given out.
 *
 * @example
 * ```ts
 * import { PacketDecoder } from '@egvkit/protocol/receiver';
 *
 * const decoder = new PacketDecoder();
 * for (const item of decoder.push(Uint8Array.of(0x01, 0x06, 0x00, 0x01, 0x35, 0xd4))) {
 *   if (item.kind === 'packet') console.log(item.code, item.payload);
 * }
 * ```
 */
export class PacketDecoder extends PacketFinder {
  /** From now on, packets longer than this are noise. */
  expect(maxLength: number): void {
    this.maxLength = maxLength;
  }

  /**
   * For the end of the stream: a packet that would end behind it hides none within it. Gives all
   * that is held, each false beginning as noise.
   */
  finish(): (Packet | Noise)[] {
    const found: (Packet | Noise)[] = [];
    while (this.pending > 0) {
      found.push(...this.reset(1));
      // One by one: 65,000 arguments of one call are more than is left of a stack that is half used.
      for (const item of this.push(new Uint8Array(0))) found.push(item);
    }
    return found;
  }
}
