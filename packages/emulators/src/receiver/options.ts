import type { CommandName } from '@egvkit/protocol/receiver';
import type { ReceiverDatabase } from './database.ts';
import type { ReceiverProfile } from './profiles.ts';

/** Response codes for requests a receiver cannot serve. What it really says is unknown (§10.3). */
export interface Refusals {
  /** For a command that is not in the table. Ours: INVALID_COMMAND. */
  readonly unknownCommand: number;
  /** For a page, type, count or payload that makes no sense. Ours: INVALID_PARAM. */
  readonly badParameter: number;
  /** For a request whose CRC is wrong. Ours: silence. */
  readonly badCrc: number | 'silence';
  /** For a request that stops in its middle, after some time. Ours: silence. */
  readonly truncated: { readonly code: number; readonly afterMs: number } | 'silence';
}

/** What commands answer whose reply nobody knows (§10.2). */
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
  /** What follows comes so much later. */
  | { readonly afterMs: number }
  /** The device starts anew: requests are lost until then. */
  | { readonly deafMs: number }
  /** The cable is pulled. */
  | 'unplug';

/** What becomes of a reply instead of being sent whole. */
export type Delivery = readonly DeliveryStep[] | 'nothing' | 'unplug';

/** May replace what is sent, for tests of damage and loss. Undefined sends the reply as it is. */
export type Deliver = (reply: EmulatedReply) => Delivery | undefined;

export interface EmulatedReceiverOptions {
  readonly profile: ReceiverProfile;
  readonly database: ReceiverDatabase;
  /** True UTC in Unix ms; the host's clock by default. A growing database goes by it too. */
  readonly nowMs?: () => number;
  /** How far the internal clock is ahead of UTC. */
  readonly clockErrorSeconds?: number;
  /** Display time minus system time. */
  readonly displayOffsetSeconds?: number;
  readonly batteryPercent?: number;
  /** How long a reply takes; 0 by default. */
  readonly replyDelayMs?: number;
  /** Replies take as long as those of a G4 (§12.6), drawn from this seed; not by default. */
  readonly timing?: { readonly seed: number };
  readonly refusals?: Partial<Refusals>;
  /** More pages in one request are refused. Four are proven on a G4; what happens above is ours. */
  readonly maxPagesPerRequest?: number;
  /** Whether the range of a type that is not there is refused or empty (§10.5). Ours: refused. */
  readonly missingPartition?: 'refused' | 'empty';
  readonly unknownReplies?: Partial<UnknownReplies>;
  readonly deliver?: Deliver;
}
