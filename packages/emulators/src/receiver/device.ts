import { type Codec, RECEIVER_EPOCH_UNIX_SECONDS } from '@egvkit/protocol';
import {
  ACK,
  BATTERY_STATES,
  CHARGER_CURRENTS,
  CLOCK_MODES,
  COMMANDS,
  type CommandName,
  type CommandReply,
  type CommandRequest,
  commandByCode,
  encodePacket,
  GLUCOSE_UNITS,
  LANGUAGES,
  MAX_PAGES_PER_REQUEST,
  NO_PAGE,
  named,
  PAGE_HEADER,
  PAGE_HEADER_SIZE,
  PAGE_SIZE,
  PacketDecoder,
} from '@egvkit/protocol/receiver';
import type { ReceiverDatabase } from './database.ts';
import { firmwareHeaderText, partitionInfoText, type ReceiverProfile } from './profiles.ts';
import type { Attachable, Line, Wire } from './wire.ts';

/** Response codes for requests a receiver cannot serve. What it really says is unknown (§10.3). */
export interface Refusals {
  /** For a command that is not in the table. Ours: INVALID_COMMAND. */
  readonly unknownCommand: number;
  /** For a page, type, count or payload that makes no sense. Ours: INVALID_PARAM. */
  readonly badParameter: number;
}

const OUR_REFUSALS: Refusals = { unknownCommand: 3, badParameter: 4 };

/** A reply on its way out. */
export interface EmulatedReply {
  /** Undefined for a command that is not in the table. */
  readonly command: CommandName | undefined;
  /** 0 for the first reply since the device was made. */
  readonly number: number;
  /** The whole packet. */
  readonly bytes: Uint8Array;
}

/** What becomes of a reply instead of being sent whole: other transfers, nothing, or a pulled cable. */
export type Delivery = readonly Uint8Array[] | 'nothing' | 'unplug';

export interface EmulatedReceiverOptions {
  readonly profile: ReceiverProfile;
  readonly database: ReceiverDatabase;
  /** True UTC in Unix ms; the host's clock by default. */
  readonly nowMs?: () => number;
  /** How far the internal clock is ahead of UTC. */
  readonly clockErrorSeconds?: number;
  /** Display time minus system time. */
  readonly displayOffsetSeconds?: number;
  readonly batteryPercent?: number;
  /** How long a reply takes; 0 by default. */
  readonly replyDelayMs?: number;
  readonly refusals?: Partial<Refusals>;
  /** May replace what is sent, for tests of damage and loss. Undefined sends the reply as it is. */
  readonly deliver?: (reply: EmulatedReply) => Delivery | undefined;
}

/** No request is longer (§2.2), so that garbage cannot claim to be the start of a long one. */
const LONGEST_REQUEST = 255;

/** When the emulated units were built, in seconds since 2009; the RTC counts from here. Ours. */
const BUILT_SECONDS = 126_000_000;

type Answers = {
  readonly [Name in CommandName]: (
    request: CommandRequest<Name>,
  ) => CommandReply<Name> | typeof REFUSED;
};
const REFUSED = Symbol('refused');

/**
 * A receiver in software: takes the bytes of requests and answers with the bytes of replies, from
 * the same rows as the driver. Bytes that cannot begin a packet are ignored, as the device does
 * (§8); a request with a wrong CRC is met with silence (ours).
 */
export class EmulatedReceiver implements Attachable {
  readonly database: ReceiverDatabase;
  readonly #options: EmulatedReceiverOptions;
  readonly #refusals: Refusals;
  readonly #answers: Answers;
  readonly #codesSeen: number[] = [];
  #replies = 0;

  constructor(options: EmulatedReceiverOptions) {
    this.#options = options;
    this.database = options.database;
    this.#refusals = { ...OUR_REFUSALS, ...options.refusals };
    this.#answers = this.#makeAnswers();
  }

  /** The codes of all requests so far: shows a test that nothing forbidden was sent. */
  get codesSeen(): readonly number[] {
    return this.#codesSeen;
  }

  attach(wire: Wire): Line {
    const decoder = new PacketDecoder(LONGEST_REQUEST);
    const due = new Set<ReturnType<typeof setTimeout>>();
    const { replyDelayMs = 0 } = this.#options;
    return {
      receive: (bytes) => {
        for (const item of decoder.push(bytes)) {
          if (item.kind !== 'packet') continue;
          const reply = this.#reply(item.code, item.payload);
          if (replyDelayMs === 0) {
            this.#deliver(reply, wire);
            continue;
          }
          const timer = setTimeout(() => {
            due.delete(timer);
            this.#deliver(reply, wire);
          }, replyDelayMs);
          due.add(timer);
        }
      },
      detach() {
        for (const timer of due) clearTimeout(timer);
        due.clear();
        decoder.reset();
      },
    };
  }

  #deliver(reply: EmulatedReply, wire: Wire): void {
    const delivery = this.#options.deliver?.(reply) ?? [reply.bytes];
    if (delivery === 'unplug') wire.unplug();
    else if (delivery !== 'nothing') for (const bytes of delivery) wire.send(bytes);
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

  #systemSeconds(): number {
    const { nowMs = Date.now, clockErrorSeconds = 0 } = this.#options;
    return Math.floor(nowMs() / 1000) - RECEIVER_EPOCH_UNIX_SECONDS + clockErrorSeconds;
  }

  #makeAnswers(): Answers {
    const {
      profile,
      database,
      displayOffsetSeconds = 0,
      batteryPercent = 84,
      clockErrorSeconds = 0,
    } = this.#options;
    let shownOffsetSeconds = displayOffsetSeconds;
    const systemOffsetSeconds = BUILT_SECONDS + clockErrorSeconds;
    return {
      ping: () => undefined,
      readFirmwareHeader: () => firmwareHeaderText(profile),
      readDatabasePartitionInfo: () => partitionInfoText(database.partitions()),
      readDatabasePageRange: ({ recordType }) => {
        // Whether a type that does not exist is refused or empty is unknown (§10.5). Ours: refused.
        if (!database.has(recordType)) return REFUSED;
        return database.pageRange(recordType) ?? { first: NO_PAGE, last: NO_PAGE };
      },
      readDatabasePages: ({ recordType, firstPage, pageCount }) => {
        if (pageCount < 1 || pageCount > MAX_PAGES_PER_REQUEST) return REFUSED;
        const pages = new Uint8Array(pageCount * PAGE_SIZE);
        for (let i = 0; i < pageCount; i++) {
          const page = database.page(recordType, firstPage + i);
          if (page === undefined) return REFUSED;
          pages.set(page, i * PAGE_SIZE);
        }
        return pages;
      },
      readDatabasePageHeader: ({ recordType, page }) => {
        const bytes = database.page(recordType, page)?.subarray(0, PAGE_HEADER_SIZE);
        return bytes === undefined ? REFUSED : PAGE_HEADER.decode(bytes);
      },
      readTransmitterId: () => profile.transmitterId,
      readLanguage: () => ({ language: named(LANGUAGES, 1033) }),
      readDisplayTimeOffset: () => ({ displayOffsetSeconds: shownOffsetSeconds }),
      writeDisplayTimeOffset: (request) => {
        shownOffsetSeconds = request.displayOffsetSeconds;
      },
      // The counter runs true; what is wrong with the internal clock is in the offset.
      readRtc: () => ({ rtcSeconds: this.#systemSeconds() - systemOffsetSeconds }),
      readBatteryLevel: () => ({ percent: batteryPercent }),
      readSystemTime: () => ({ systemSeconds: this.#systemSeconds() }),
      readSystemTimeOffset: () => ({ systemOffsetSeconds }),
      readGlucoseUnit: () => ({ unit: named(GLUCOSE_UNITS, 1) }),
      readClockMode: () => ({ mode: named(CLOCK_MODES, 0) }),
      readBatteryState: () => ({ state: named(BATTERY_STATES, 1) }),
      readBlindedMode: () => ({ blinded: { raw: 0, blinded: false } }),
      readDeviceMode: () => ({ mode: 0 }),
      readFirmwareSettings: () => '<FirmwareSettings FirmwareImageId="" />',
      readChargerCurrentSetting: () => ({
        current: named(CHARGER_CURRENTS, 1),
        more: new Uint8Array(0),
      }),
      // What these say is unknown (§10.2). Ours: one byte.
      readHardwareBoardId: () => Uint8Array.of(0),
      readEnableSetupWizardFlag: () => Uint8Array.of(0),
      readSetupWizardState: () => Uint8Array.of(0),
    };
  }
}
