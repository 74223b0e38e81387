import type { LostTime } from '@egvkit/receiver-emulator';
import type { Arrived } from '../world/share-side.ts';
import type { MeasuringReceiver, Truth } from '../world/truth.ts';
import { iso, Ledger, type Sender } from './ledger.ts';
import type { StatusWatch } from './status-watch.ts';
import type { Verdict } from './violation.ts';

const NAME = 'nightscout';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** One that was entered is brought so long after that at the latest, if nothing stands in the way. */
const BROUGHT_AFTER_MS = 12 * MINUTE_MS;
/** At the edge of the window one may go out or not. */
const EDGE_MS = 20 * MINUTE_MS;

/** Meter values are given up as live readings are. */
const EGV = 4;

/** World in which meter values are entered. */
export interface MeterWorld {
  readonly time: { readonly nowMs: number };
  readonly verdict: Verdict;
  readonly worn: MeasuringReceiver & {
    readonly hasLostTime: boolean;
    readonly spec: { readonly timeLoss?: Pick<LostTime, 'how'> | undefined };
  };
  readonly wornSinceMs: number;
  readonly status: Pick<StatusWatch, 'givenUpUntilMs'>;
  /** Time since when nothing has stood in the way of a destination, ms. */
  wellForMs(name: string): number;
}

/** Watches over the meter values that Nightscout gets: each once, at its own time. */
export class MeterWatch {
  readonly #world: MeterWorld;
  readonly #ledger: Ledger;

  constructor(world: MeterWorld, raceMs: number) {
    const { verdict } = world;
    const nowMs = () => world.time.nowMs;
    this.#world = world;
    this.#ledger = new Ledger({
      ...{
        name: 'nightscout, of a meter,',
        windowMs: DAY_MS,
        raceMs,
        oneWithinMs: 0,
        verdict,
        nowMs,
      },
    });
  }

  /** A receiver has stored one. */
  measured(truth: Truth): void {
    this.#ledger.measured(truth);
  }

  /** A program sent some, and the site took them. */
  arrived(values: readonly Arrived[], sender: Sender): void {
    this.#ledger.arrived(values, sender);
  }

  /** Checks now and then what is to be there by now. */
  audit(): void {
    const { time, worn, wornSinceMs, status, verdict } = this.#world;
    const { nowMs } = time;
    this.#ledger.forgetOld();
    // Nothing tells on which side of it those are whose times there were before.
    if (worn.hasLostTime && worn.spec.timeLoss?.how === 'ranBack') return;
    if (this.#world.wellForMs(NAME) < HOUR_MS) return;
    const givenUpMs = worn.hasLostTime ? status.givenUpUntilMs(NAME, EGV) : 0;
    const fromMs = Math.max(wornSinceMs, nowMs - DAY_MS + EDGE_MS, givenUpMs);
    const missing = this.#ledger.firstMissing(
      ({ receiver, trueMs, storedMs }) =>
        receiver === worn && trueMs >= fromMs && storedMs < nowMs - BROUGHT_AFTER_MS,
    );
    if (missing === undefined) return;
    const { value, trueMs } = missing;
    verdict.broken('missing', `nightscout has no ${value} of a meter of ${iso(trueMs)}.`);
  }
}
