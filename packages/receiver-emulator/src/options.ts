import type { CommandName } from '@egvkit/protocol/receiver';
import type { ReceiverDatabase } from './database.ts';
import type { LostTime } from './history/internal-clock.ts';
import type { ReceiverProfile } from './profiles.ts';

/** Response codes for requests a receiver cannot serve. What it really says is unknown. */
export interface Refusals {
  // receiver §10.3
  /** For a command that is not in the table. Ours: INVALID_COMMAND. */
  readonly unknownCommand: number;
  /** For a page, type, count or payload that makes no sense. Ours: INVALID_PARAM. */
  readonly badParameter: number;
  /** For a request whose CRC is wrong. Ours: silence. */
  readonly badCrc: number | 'silence';
  /** For a request that stops in its middle, after some time. Ours: silence. */
  readonly truncated: { readonly code: number; readonly afterMs: number } | 'silence';
}

/** Replies whose content is unknown for real receivers. */
export interface UnknownReplies {
  readonly hardwareBoardId: Uint8Array;
  readonly enableSetupWizardFlag: Uint8Array;
  readonly setupWizardState: Uint8Array;
  /** 0 on a normally working G4; other values unknown. */
  readonly deviceMode: number;
  /** Captured from a G4, whose image id was empty. */
  readonly firmwareSettings: string;
}

/** A reply on its way out. */
export interface EmulatedReply {
  /** Undefined for a command that is not in the table. */
  readonly command: CommandName | undefined;
  /** 0 for the first reply since the device was made. */
  readonly number: number;
  /** The whole packet. */
  readonly bytes: Uint8Array;
}

/** A part of what becomes of a reply: bytes as one transfer, a pause, or an accident. */
export type DeliveryStep =
  | Uint8Array
  /** A pause before the next step. */
  | { readonly afterMs: number }
  /** The device starts anew: requests are lost until then. */
  | { readonly restartMs: number }
  /** The cable is pulled. */
  | 'unplug';

/** Steps of sending a reply that is not sent whole. */
export type Delivery = readonly DeliveryStep[] | 'nothing' | 'unplug';

/** May replace what is sent, for tests of damage and loss. Undefined sends the reply as it is. */
export type Deliver = (reply: EmulatedReply) => Delivery | undefined;

export interface EmulatedReceiverOptions {
  readonly profile: ReceiverProfile;
  readonly database: ReceiverDatabase;
  /** True UTC in Unix ms; the host's clock by default. A growing database goes by it too. */
  readonly nowMs?: (() => number) | undefined;
  /** Error of the internal clock: seconds ahead of UTC; before the loss, if it lost time. */
  readonly clockErrorSeconds?: number | undefined;
  /** Loss of time; the same as that of its history. */
  readonly timeLoss?: LostTime | undefined;
  /**
   * Time after a full second of true time at which the internal clock's seconds change; 370 by default,
   * which is ours: no device ticks exactly on the second.
   */
  readonly clockPhaseMs?: number | undefined;
  /** Display time minus system time. */
  readonly displayOffsetSeconds?: number | undefined;
  readonly batteryPercent?: number | undefined;
  /** Latency of each reply; 0 by default. */
  readonly replyDelayMs?: number | undefined;
  /** Replies take as long as those of a G4, drawn from this seed; not by default. */
  readonly timing?: { readonly seed: number }; // receiver §12.6
  readonly refusals?: Partial<Refusals> | undefined;
  /** More pages in one request are refused. Four are proven on a G4; what happens above is ours. */
  readonly maxPagesPerRequest?: number | undefined;
  /** Reply to the range of a type that is not there: unknown for real receivers, `refused` by default. */
  readonly missingPartition?: 'refused' | 'empty' | undefined;
  readonly unknownReplies?: Partial<UnknownReplies> | undefined;
  readonly deliver?: Deliver | undefined;
}
