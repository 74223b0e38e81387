import type { CommandName } from './commands.ts';
import { ACK, RESPONSE_CODES } from './enumerations.ts';
import { type Noise, PACKET_OVERHEAD, type Packet, PacketFinder } from './packet.ts';
import type { PreparedRequest } from './request.ts';

/**
 * One request and its reply as a state machine without I/O and without a clock: it says what to
 * do next, the driver does it and says what came of it.
 *
 * Before a request, what is left over is read and dropped. After a damaged reply, a reply that
 * cannot be the answer, or none at all, the line is drained until it is quiet and the request
 * sent again, once by default. Then it gives up.
 */
export type ExchangeStep<Reply> =
  // receiver §8
  /** Read and drop bytes until none come for `quietMs`, but no longer than `limitMs`. */
  | { readonly do: 'drain'; readonly quietMs: number; readonly limitMs: number }
  | { readonly do: 'send'; readonly bytes: Uint8Array }
  /** Wait this long for the next bytes. */
  | { readonly do: 'read'; readonly timeoutMs: number }
  | { readonly do: 'done'; readonly outcome: ExchangeOutcome<Reply> };

/** End of an exchange. */
export type ExchangeOutcome<Reply> =
  | {
      readonly kind: 'reply';
      readonly reply: Reply;
      /** The payload it was read from. */
      readonly payload: Uint8Array;
      readonly attempts: number;
      /** Bytes that were no part of the reply. */
      readonly noiseBytes: number;
    }
  /** The receiver answered with something else than ACK. */
  | { readonly kind: 'refused'; readonly code: number; readonly name: string }
  /** Nothing came. */
  | { readonly kind: 'timeout'; readonly afterMs: number; readonly attempts: number }
  /** Something came, and none of it was the reply. */
  | { readonly kind: 'corrupt'; readonly damage: ReplyDamage; readonly attempts: number };

/** Damage of a reply: a wrong CRC, an impossible length, no packet, no answer to the request, cut off. */
export type ReplyDamage = 'crc' | 'length' | 'noPacket' | 'otherReply' | 'unfinished';

export interface ExchangeOptions {
  /** Times to send the request again after a failure; 1 by default. */
  readonly resends?: number | undefined;
  /** Silence after which a damaged reply is over; 200 ms by default. */
  readonly quietMs?: number | undefined;
  /**
   * A late reply to an earlier request may still come: wait for `quietMs` of silence first.
   * Replies do not name their command, so a stale one of the same shape would be believed.
   */
  readonly unsettled?: boolean | undefined;
  /** Limit of the wait for the reply; that of the command's row by default. */
  readonly timeoutMs?: number | undefined;
  /** The longest reply to an earlier request that may still come, in bytes of the packet. */
  readonly longestStray?: number | undefined;
  /** Called with every whole packet before the answer that is not the answer to this request. */
  readonly onStray?: ((packet: Packet) => void) | undefined;
  /** Called when a reply has come that is damaged: it is not outstanding any more. */
  readonly onDamaged?: (() => void) | undefined;
}

const DRAIN_LIMIT_MS = 3000;

/** See {@link ExchangeStep}. Times are milliseconds of any clock that does not go back. */
export class Exchange<Reply> {
  readonly #request: PreparedRequest<Reply>;
  readonly #resends: number;
  readonly #quietMs: number;
  readonly #unsettled: boolean;
  readonly #decoder: PacketFinder;
  readonly #timeoutMs: number;
  readonly #onStray: (packet: Packet) => void;
  readonly #onDamaged: () => void;
  #attempts = 0;
  #deadline = 0;
  /** Damage of the bytes that came in this attempt; undefined while there is none. */
  #damage: ReplyDamage | undefined;
  #noiseBytes = 0;
  #anyDamage: ReplyDamage | undefined;
  /** True if a packet was damaged in this attempt. */
  #packetDamaged = false;
  #behind: readonly (Packet | Noise)[] = [];

  constructor(request: PreparedRequest<Reply>, options: ExchangeOptions = {}) {
    this.#request = request;
    this.#resends = options.resends ?? 1;
    this.#quietMs = options.quietMs ?? 200;
    this.#unsettled = options.unsettled ?? false;
    this.#timeoutMs = options.timeoutMs ?? request.timeoutMs;
    this.#onStray = options.onStray ?? (() => {});
    this.#onDamaged = options.onDamaged ?? (() => {});
    this.#decoder = new PacketFinder(Math.max(request.longestReply, options.longestStray ?? 0));
  }

  get command(): CommandName {
    return this.#request.command;
  }

  /**
   * Packets that came together with the answer, behind it. The answer may have been an old one, and this
   * the real one.
   */
  get behind(): { readonly packets: readonly Packet[]; readonly unfinished: boolean } {
    return {
      packets: this.#behind.filter((item) => item.kind === 'packet'),
      unfinished: this.#decoder.pending > 0,
    };
  }

  /** The first step. */
  begin(): ExchangeStep<Reply> {
    const quietMs = this.#unsettled ? this.#quietMs : 0;
    return { do: 'drain', quietMs, limitMs: DRAIN_LIMIT_MS };
  }

  /** The line has been drained. */
  drained(droppedBytes: number): ExchangeStep<Reply> {
    this.#noiseBytes += droppedBytes;
    this.#decoder.reset();
    return { do: 'send', bytes: this.#request.packet };
  }

  /** The request is on its way. */
  sent(nowMs: number): ExchangeStep<Reply> {
    this.#attempts++;
    this.#damage = undefined;
    this.#packetDamaged = false;
    this.#deadline = nowMs + this.#timeoutMs;
    return this.#wait(nowMs);
  }

  /** Bytes came; none, if the time of the last `read` has passed. */
  received(bytes: Uint8Array, nowMs: number): ExchangeStep<Reply> {
    if (bytes.length > 0) {
      return this.#look(this.#decoder.push(bytes)) ?? this.#wait(nowMs);
    }
    // A pause: garbage that looks like a header may be hiding a reply that is all there.
    const rescued = this.#look(this.#decoder.rescue());
    if (rescued !== undefined) return rescued;
    if (this.#damage === undefined && nowMs < this.#deadline) return this.#wait(nowMs);
    return this.#fail();
  }

  #wait(nowMs: number): ExchangeStep<Reply> {
    const left = this.#deadline - nowMs;
    if (left <= 0) return this.#look(this.#decoder.rescue()) ?? this.#fail();
    // Once something was wrong, or while a packet is unfinished, look again after a short pause.
    const restless = this.#damage !== undefined || this.#decoder.pending > 0;
    return { do: 'read', timeoutMs: restless ? Math.min(left, this.#quietMs) : left };
  }

  #look(found: readonly (Packet | Noise)[]): ExchangeStep<Reply> | undefined {
    for (const [i, item] of found.entries()) {
      this.#behind = found.slice(i + 1);
      if (item.kind === 'noise') {
        this.#noiseBytes += item.bytes.length;
        if (item.reason === 'crc') this.#packetDamage('crc');
        else if (item.reason === 'length') this.#damaged('length');
        // Leftovers of something else, maybe: no reason yet to wait less for the reply.
        else this.#anyDamage ??= 'noPacket';
      } else if (item.code !== ACK) {
        const names: Readonly<Record<number, string>> = RESPONSE_CODES;
        const name = names[item.code] ?? 'an unknown response';
        return { do: 'done', outcome: { kind: 'refused', code: item.code, name } };
      } else if (this.#request.answers(item.payload)) {
        return { do: 'done', outcome: this.#reply(item.payload) };
      } else {
        this.#noiseBytes += PACKET_OVERHEAD + item.payload.length;
        this.#onStray(item);
        this.#notTheAnswer();
      }
    }
    return undefined;
  }

  #reply(payload: Uint8Array): ExchangeOutcome<Reply> {
    return {
      kind: 'reply',
      reply: this.#request.decode(payload),
      payload,
      attempts: this.#attempts,
      noiseBytes: this.#noiseBytes,
    };
  }

  /** A whole packet: of an earlier request, as a rule, and then the answer is still to come. */
  #notTheAnswer(): void {
    // Pages say what they are: these are the wrong ones, and no others will come.
    if (this.#request.command === 'readDatabasePages') this.#packetDamage('otherReply');
    else this.#anyDamage ??= 'otherReply';
  }

  #packetDamage(damage: ReplyDamage): void {
    this.#packetDamaged = true;
    this.#damaged(damage);
  }

  #damaged(damage: ReplyDamage): void {
    // The first says it: behind the start of a damaged reply stands ACK, which is 0x01 and looks
    // like another start.
    this.#damage ??= damage;
    this.#anyDamage = this.#damage;
  }

  #fail(): ExchangeStep<Reply> {
    const unfinished = this.#decoder.pending;
    if (unfinished > 0) {
      if (this.#damage === undefined) this.#anyDamage = 'unfinished';
      this.#noiseBytes += unfinished;
    }
    this.#decoder.reset();
    if (this.#packetDamaged || unfinished > 0) this.#onDamaged();
    if (this.#attempts <= this.#resends) {
      return { do: 'drain', quietMs: this.#quietMs, limitMs: DRAIN_LIMIT_MS };
    }
    const attempts = this.#attempts;
    const damage = this.#anyDamage;
    return {
      do: 'done',
      outcome:
        damage === undefined
          ? { kind: 'timeout', afterMs: this.#timeoutMs, attempts }
          : { kind: 'corrupt', damage, attempts },
    };
  }
}
