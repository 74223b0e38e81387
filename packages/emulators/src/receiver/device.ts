import type { Codec } from '@egvkit/protocol';
import {
  ACK,
  COMMANDS,
  type CommandName,
  commandByCode,
  encodePacket,
  NEVER_SENT,
  PACKET_OVERHEAD,
  PAGE_SIZE,
  PacketDecoder,
} from '@egvkit/protocol/receiver';
import { type Answers, answersOf, REFUSED } from './answers.ts';
import type { ReceiverDatabase } from './database.ts';
import { Mouth } from './mouth.ts';
import type { EmulatedReceiverOptions, EmulatedReply, Refusals } from './options.ts';
import { latencyOf, seededLatencies } from './timing.ts';
import type { Attachable, Line, Wire } from './wire.ts';

const OUR_REFUSALS: Refusals = {
  unknownCommand: 3,
  badParameter: 4,
  badCrc: 'silence',
  truncated: 'silence',
};

/** No request is longer (§2.2), so that garbage cannot claim to be the start of a long one. */
const LONGEST_REQUEST = 255;

const FORBIDDEN: ReadonlySet<number> = new Set(Object.values(NEVER_SENT).map(({ code }) => code));

/**
 * A receiver in software: takes the bytes of requests and answers with the bytes of replies, from
 * the same rows as the driver. Bytes that cannot begin a packet are ignored, as the device does
 * (§8).
 */
export class EmulatedReceiver implements Attachable {
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

  /** Those of them that must never be sent (§12.11); they were refused. */
  get forbiddenSeen(): readonly number[] {
    return this.#codesSeen.filter((code) => FORBIDDEN.has(code));
  }

  /** The sum of the latencies of all replies so far: what no driver can be faster than. */
  get repliesTookMs(): number {
    return this.#repliesTookMs;
  }

  attach(wire: Wire): Line {
    const decoder = new PacketDecoder(LONGEST_REQUEST);
    const mouth = new Mouth(wire, () => decoder.reset());
    const { badCrc, truncated } = this.#refusals;
    let waiting: ReturnType<typeof setTimeout> | undefined;
    return {
      receive: (bytes) => {
        if (mouth.deaf) return;
        clearTimeout(waiting);
        for (const item of decoder.push(bytes)) {
          if (item.kind === 'packet') this.#serve(item.code, item.payload, mouth);
          else if (item.reason === 'crc' && badCrc !== 'silence') mouth.say([encodePacket(badCrc)]);
        }
        if (truncated === 'silence' || decoder.pending === 0) return;
        waiting = setTimeout(() => {
          decoder.reset();
          mouth.say([encodePacket(truncated.code)]);
        }, truncated.afterMs);
      },
      detach() {
        clearTimeout(waiting);
        mouth.close();
        decoder.reset();
      },
    };
  }

  #serve(code: number, payload: Uint8Array, mouth: Mouth): void {
    const { nowMs = Date.now, deliver } = this.#options;
    this.database.advance(nowMs());
    const reply = this.#reply(code, payload);
    const delayMs = this.#delayMs(reply.command, reply.bytes.length);
    this.#repliesTookMs += delayMs;
    mouth.later(delayMs, () => {
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
