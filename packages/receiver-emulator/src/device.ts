import type { Codec } from '@egvkit/protocol';
import { COMMANDS, type CommandName, NEVER_SENT, PacketDecoder } from '@egvkit/protocol/receiver';
import {
  ACK,
  commandByCode,
  encodePacket,
  PACKET_OVERHEAD,
  PAGE_SIZE,
} from '@egvkit/protocol/receiver/wire';
import { type Answers, answersOf, CLOCK_PHASE_MS, REFUSED } from './command-replies.ts';
import type { ReceiverDatabase } from './database.ts';
import type { EmulatedReceiverOptions, EmulatedReply, Refusals } from './options.ts';
import { ReplyQueue } from './reply-queue.ts';
import { latencyOf, seededLatencies } from './timing.ts';
import type { Attachable, Line, Wire } from './wire.ts';

const OUR_REFUSALS: Refusals = {
  unknownCommand: 3,
  badParameter: 4,
  badCrc: 'silence',
  truncated: 'silence',
};

/** No request is longer, so that garbage cannot claim to be the start of a long one. */
const LONGEST_REQUEST = 255; // receiver §2.2

const FORBIDDEN: ReadonlySet<number> = new Set(Object.values(NEVER_SENT).map(({ code }) => code));

/**
 * A receiver in software: takes the bytes of requests and answers with the bytes of replies, from
 * the same rows as the driver. Bytes that cannot begin a packet are ignored, as the device does.
 *
 * @example
 * ```ts
 * import { Receiver } from '@egvkit/receiver';
 * import {
 *   EmulatedReceiver,
 *   generateDatabase,
 *   memoryTransport,
 *   RECEIVER_PROFILES,
 * } from '@egvkit/receiver-emulator';
 *
 * const profile = RECEIVER_PROFILES.g4;
 * const database = generateDatabase({ profile, seed: 1, days: 3, nowMs: Date.now() });
 * const device = new EmulatedReceiver({ profile, database });
 * await using receiver = await Receiver.open(memoryTransport(device));
 * ```
 */
export class EmulatedReceiver implements Attachable {
  // receiver §8
  readonly database: ReceiverDatabase;
  readonly #options: EmulatedReceiverOptions;
  readonly #refusals: Refusals;
  readonly #answers: Answers;
  readonly #delayMs: (command: CommandName | undefined, replyBytes: number) => number;
  readonly #codesSeen: number[] = [];
  #replies = 0;
  #repliesTookMs = 0;

  constructor(options: EmulatedReceiverOptions) {
    this.#options = options;
    this.database = options.database;
    this.#refusals = { ...OUR_REFUSALS, ...options.refusals };
    this.#answers = answersOf(options);
    this.#delayMs = delays(options);
  }

  /** The codes of all requests so far: shows a test that nothing forbidden was sent. */
  get codesSeen(): readonly number[] {
    return this.#codesSeen;
  }

  /** Those of them that must never be sent; they were refused. */
  get forbiddenSeen(): readonly number[] {
    // receiver §12.11
    return this.#codesSeen.filter((code) => FORBIDDEN.has(code));
  }

  /** The sum of the latencies of all replies so far: what no driver can be faster than. */
  get repliesTookMs(): number {
    return this.#repliesTookMs;
  }

  attach(wire: Wire): Line {
    const decoder = new PacketDecoder(LONGEST_REQUEST);
    const queue = new ReplyQueue(wire, () => decoder.reset());
    const { badCrc, truncated } = this.#refusals;
    let waiting: ReturnType<typeof setTimeout> | undefined;
    return {
      receive: (bytes) => {
        if (queue.restarting) return;
        clearTimeout(waiting);
        for (const item of decoder.push(bytes)) {
          if (item.kind === 'packet') this.#serve(item.code, item.payload, queue);
          else if (item.reason === 'crc' && badCrc !== 'silence')
            queue.send([encodePacket(badCrc)]);
        }
        if (truncated === 'silence' || decoder.pending === 0) return;
        waiting = setTimeout(() => {
          decoder.reset();
          queue.send([encodePacket(truncated.code)]);
        }, truncated.afterMs);
      },
      detach() {
        clearTimeout(waiting);
        queue.close();
        decoder.reset();
      },
    };
  }

  #serve(code: number, payload: Uint8Array, queue: ReplyQueue): void {
    const { nowMs = Date.now, clockPhaseMs = CLOCK_PHASE_MS, deliver } = this.#options;
    // A record of a second is there when the device's clock has come to it.
    this.database.advance(nowMs() - clockPhaseMs);
    const reply = this.#reply(code, payload);
    const delayMs = this.#delayMs(reply.command, reply.bytes.length);
    this.#repliesTookMs += delayMs;
    queue.sendAfter(delayMs, () => {
      const delivery = deliver?.(reply) ?? [reply.bytes];
      if (delivery === 'unplug') return [delivery];
      return delivery === 'nothing' ? [] : delivery;
    });
  }

  #reply(code: number, payload: Uint8Array): EmulatedReply {
    this.#codesSeen.push(code);
    const command = commandByCode(code);
    const bytes =
      command === undefined
        ? encodePacket(this.#refusals.unknownCommand)
        : this.#answer(command, payload);
    return { command, number: this.#replies++, bytes };
  }

  #answer(command: CommandName, payload: Uint8Array): Uint8Array {
    const row = COMMANDS[command] as { request: Codec<unknown>; reply: Codec<unknown> };
    const answer = this.#answers[command] as (request: unknown) => unknown;
    if (payload.length < row.request.minSize || payload.length > row.request.maxSize) {
      return encodePacket(this.#refusals.badParameter);
    }
    const reply = answer(row.request.decode(payload));
    if (reply === REFUSED) return encodePacket(this.#refusals.badParameter);
    return encodePacket(ACK, row.reply.encode(reply));
  }
}

function delays({
  timing,
  replyDelayMs = 0,
}: EmulatedReceiverOptions): (command: CommandName | undefined, replyBytes: number) => number {
  if (timing === undefined) return () => replyDelayMs;
  const draw = seededLatencies(timing.seed);
  return (command, replyBytes) =>
    draw(latencyOf(command, Math.floor((replyBytes - PACKET_OVERHEAD) / PAGE_SIZE)));
}
