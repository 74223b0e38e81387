import { RECEIVER_EPOCH_UNIX_SECONDS } from '@egvkit/protocol';

/** Traces that a loss of time leaves besides the times themselves; which a receiver leaves is unknown. */
export type LossSign =
  /** The flag "time loss occurred" in the settings, from then on. */
  | 'settingsFlag' // receiver §5.11
  /** The sensor session ends with the state "off-time loss", and another begins. */
  | 'sessionEnd' // receiver §6.4
  /** The RTC runs on and the system time offset moves; else it is the RTC that loses time. */
  | 'systemOffset'; // receiver §7.1

/** All of them. */
export const LOSS_SIGNS: readonly LossSign[] = ['settingsFlag', 'sessionEnd', 'systemOffset'];

/**
 * One loss of time: the clock stood still while the receiver was off and stored nothing, it jumped
 * back, or it began again in 2009. What makes a receiver lose time is unknown.
 */
export type LostTime = {
  // receiver §10.13
  /** Moment from which the clock ran on: true UTC in Unix ms. */
  readonly atMs: number;
  /** All of {@link LossSign} by default; none makes a loss that only the times show, or nothing does. */
  readonly signs?: readonly LossSign[] | undefined;
} & (
  | { readonly how: 'stoodStill' | 'ranBack'; readonly seconds: number }
  | { readonly how: 'restarted' }
);

/** Options of the internal clock of a device and of the times of its history. */
export interface InternalClockOptions {
  /** Error of the internal clock: seconds ahead of UTC; before the loss, if it lost time. */
  readonly clockErrorSeconds?: number | undefined;
  readonly timeLoss?: LostTime | undefined;
}

/** Manufacture of the emulated units, in seconds since 2009; the RTC counts from here. Ours. */
export const BUILT_SECONDS = 126_000_000;

/** Time of a clock that began again, when it runs on. Ours. */
const RESTARTED_AT_SECONDS = 60;

/** The internal clock of a receiver: what it shows at any moment of true time. */
export class InternalClock {
  readonly timeLoss: LostTime | undefined;
  readonly #errorSeconds: number;
  readonly #lostSeconds: number;

  constructor({ clockErrorSeconds = 0, timeLoss }: InternalClockOptions) {
    this.timeLoss = timeLoss;
    this.#errorSeconds = clockErrorSeconds;
    this.#lostSeconds = timeLoss === undefined ? 0 : this.#lost(timeLoss);
  }

  /** From when on nothing was stored, until the clock ran on, Unix ms; undefined without a loss. */
  get off(): { readonly fromMs: number; readonly toMs: number } | undefined {
    if (this.timeLoss === undefined) return undefined;
    const { atMs, how } = this.timeLoss;
    const stoodMs = how === 'stoodStill' ? this.timeLoss.seconds * 1000 : 0;
    return { fromMs: atMs - stoodMs, toMs: atMs };
  }

  /** Seconds since 2009; below 0 for moments before the clock was set. */
  system(unixMs: number): number {
    const { fromMs, toMs } = this.off ?? { fromMs: Infinity, toMs: Infinity };
    if (unixMs >= toMs) return this.#before(unixMs) - this.#lostSeconds;
    return this.#before(Math.min(unixMs, fromMs));
  }

  /** System time minus RTC, seconds. */
  systemOffsetSeconds(unixMs: number): number {
    const moved = this.leaves('systemOffset', unixMs) ? this.#lostSeconds : 0;
    return BUILT_SECONDS + this.#errorSeconds - moved;
  }

  /** Tells whether time was lost by then, and leaves this sign. */
  leaves(sign: LossSign, unixMs = Infinity): boolean {
    const { atMs, signs = LOSS_SIGNS } = this.timeLoss ?? { atMs: Infinity, signs: [] };
    return unixMs >= atMs && signs.includes(sign);
  }

  #before(unixMs: number): number {
    return Math.floor(unixMs / 1000) - RECEIVER_EPOCH_UNIX_SECONDS + this.#errorSeconds;
  }

  #lost(loss: LostTime): number {
    return loss.how === 'restarted'
      ? this.#before(loss.atMs) - RESTARTED_AT_SECONDS
      : Math.floor(loss.seconds);
  }
}
