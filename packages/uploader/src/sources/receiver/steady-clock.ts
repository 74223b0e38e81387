import type { ClockObservation } from '@egvkit/protocol';
import { clockBaseMs, type HostClocks, wasClockSet } from '../../host-clock.ts';
import type { SourceTime } from '../../source.ts';

/** The host's clocks, and a way to wait. */
export interface HostClock extends HostClocks {
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

const SECOND_MS = 1000;
const HALF_MS = 500;
/** Two sessions read the same tick this far apart at the most (ours). */
const APART_MS = 50;
const STEP_MS = 100;
const MOST_QUESTIONS = 30;
/** Two quartzes of a receiver and a computer part by so much of the time that passes (ours). */
const DRIFT = 1e-4;
/** A host's clock may be slewed by so much between two connections and not count as set (ours). */
const MOST_SLEW_MS = 10;
/**
 * A tick is found anew so often: where a system corrects its clock by going faster, so does the steady clock, and
 * nothing shows it (ours).
 */
const KEPT_MS = 3_600_000;
/** From asking to the middle of the exchange, before it has been measured. */
const USUAL_LEAD_MS = 8;

/** Choices of {@link readSteadyClock}. */
export interface SteadyClockOptions {
  readonly signal?: AbortSignal | undefined;
  /** Knows where the tick was seen before; nothing if left out. */
  readonly kept?: KeptTick | undefined;
}

/** A tick that is known to within a second. */
interface KnownTick {
  readonly tick: Tick;
  /** Moment at which an answer halves what a tick can be, in ms of a second of the host; the half second where it decides. */
  readonly decidingPhase: (tick: Tick) => number;
}

/** Keeps where a receiver's tick was seen, so that mostly one question is enough the next time. */
export class KeptTick {
  #seen:
    | {
        readonly tick: Tick;
        readonly atMs: number;
        readonly baseMs: number;
        /** Time when it was found, and nothing had been known of it. */
        readonly foundMs: number;
      }
    | undefined;

  /** The tick as it can be by now; undefined if it was found long ago, or the host's clock was set. */
  at(clock: HostClock): KnownTick | undefined {
    const seen = this.#seen;
    const nowMs = clock.monotonicMs();
    if (seen === undefined || nowMs - seen.foundMs > KEPT_MS) return undefined;
    if (wasClockSet(clock, seen.baseMs)) return undefined;
    const tick = tickAfter(seen.tick, nowMs - seen.atMs, clockBaseMs(clock) - seen.baseMs);
    return tick.until - tick.after < SECOND_MS ? { tick, decidingPhase } : undefined;
  }

  /**
   * @param baseMs base of the host's clock before the first question: what happened since shows the next time
   * @param isNew true if nothing had been known of it
   */
  keep(tick: Tick, clock: HostClock, baseMs: number, isNew: boolean): void {
    const atMs = clock.monotonicMs();
    const foundMs = isNew ? atMs : (this.#seen?.foundMs ?? atMs);
    this.#seen = { tick, atMs, baseMs, foundMs };
  }
}

/**
 * Reads a receiver's clock so that every session works out the same whole second for a reading.
 * The receiver counts whole seconds, so all that is wanted is which second of the host its tick is
 * nearest to. Asks ten times a second until a tick was seen that is not at a half second of the
 * host, or until none was seen there: 0.6 s in the mean, 2.2 s at the most. If the tick is there,
 * another session may take the other second: a question at the half second decides, and
 * the result says so.
 *
 * A tick that is known from before mostly takes one question, in the middle of what it can be by now: that
 * moment is waited for, up to a second. A tick that may be anywhere in most of a second, as after an hour,
 * takes a few of them: up to 4 s were seen. Each hour it is found anew.
 */
export async function readSteadyClock(
  ask: () => Promise<ClockObservation>,
  clock: HostClock,
  { signal, kept }: SteadyClockOptions = {},
): Promise<SourceTime> {
  const { nowMs, sleep } = clock;
  const baseMs = clockBaseMs(clock);
  let leadMs = USUAL_LEAD_MS;
  const known = kept?.at(clock);
  let tick = known?.tick ?? new Tick();
  for (let questions = 1; ; questions++) {
    if (known || questions > 1) {
      const arrivesMs = modulo(nowMs() + leadMs, SECOND_MS);
      const phaseMs = known?.decidingPhase(tick) ?? tick.nextPhase(arrivesMs);
      await sleep(modulo(phaseMs - arrivesMs, SECOND_MS), signal);
    }
    const askedMs = nowMs();
    const observed = await ask();
    leadMs = modulo(observed.hostUnixMs - askedMs, SECOND_MS);
    tick = tick.seen(observed);
    const state = tick.state();
    if (state !== 'open' || questions >= MOST_QUESTIONS) {
      kept?.keep(tick, clock, baseMs, !known);
      return { ...tick.told(observed), isBetweenSeconds: state !== 'settled' };
    }
  }
}

/** Time by the host's clock at which the receiver's clock was at 0, as far as it is known: Unix ms. */
class Tick {
  readonly after: number;
  readonly until: number;
  /** True if a question has come close to the half second. */
  readonly #isHalved: boolean;

  constructor(
    after = Number.NEGATIVE_INFINITY,
    until = Number.POSITIVE_INFINITY,
    isHalved = false,
  ) {
    this.after = after;
    this.until = until;
    this.#isHalved = isHalved;
  }

  /** Knowledge with one more answer. */
  seen({ hostUnixMs, systemSeconds }: ClockObservation): Tick {
    const until = hostUnixMs - systemSeconds * SECOND_MS;
    const after = until - SECOND_MS;
    const isHalf = Math.abs(modulo(hostUnixMs, SECOND_MS) - HALF_MS) < APART_MS;
    // An answer that fits none of the others: the host's clock was set.
    if (until <= this.after || after >= this.until) return new Tick(after, until, isHalf);
    return new Tick(
      Math.max(after, this.after),
      Math.min(until, this.until),
      isHalf || this.#isHalved,
    );
  }

  state(): 'open' | 'settled' | 'between' {
    if (this.until <= this.#half() - APART_MS) return 'settled';
    return this.isNarrow() && this.#isHalved ? 'between' : 'open';
  }

  /** Moment to ask next, in ms of a second of the host: at the half second only where it decides. */
  nextPhase(fromMs: number): number {
    if (this.isNarrow()) return HALF_MS;
    const next = Math.ceil((fromMs + 1) / STEP_MS) * STEP_MS;
    return next === HALF_MS ? next + STEP_MS : next;
  }

  /** The clock at the host's whole second that the tick is nearest to. */
  told(observed: ClockObservation): ClockObservation {
    const { systemSeconds } = observed;
    const second = Math.round(this.middle() / SECOND_MS) * SECOND_MS;
    return { ...observed, hostUnixMs: second + systemSeconds * SECOND_MS };
  }

  /** Middle of what it can be, Unix ms. */
  middle(): number {
    return (this.after + this.until) / 2;
  }

  /** Within a step of the half second, or a little more: only the side is open. */
  isNarrow(): boolean {
    const half = this.#half();
    const near = STEP_MS + APART_MS;
    return this.after >= half - near && this.until <= half + near;
  }

  /** The first half second of the host that the tick may be at. */
  #half(): number {
    const seconds = Math.floor((this.after - APART_MS - HALF_MS) / SECOND_MS) + 1;
    return seconds * SECOND_MS + HALF_MS;
  }
}

/**
 * Knowledge of a tick that is so old: the clocks have drifted since, and that of the host was corrected.
 *
 * @param stepMs by how much the host's clock went on more than its steady clock: it was set by as much, or
 *   slept for it, and only the first moves the tick
 */
function tickAfter({ after, until }: Tick, ms: number, stepMs: number): Tick {
  const apart = MOST_SLEW_MS + ms * DRIFT;
  return new Tick(after - apart + Math.min(0, stepMs), until + apart + Math.max(0, stepMs));
}

function decidingPhase(tick: Tick): number {
  return tick.isNarrow() ? HALF_MS : modulo(tick.middle(), SECOND_MS);
}

function modulo(n: number, by: number): number {
  return ((n % by) + by) % by;
}
