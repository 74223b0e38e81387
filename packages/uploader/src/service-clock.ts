import type { CallOptions } from './call-options.ts';
import type { Destination, ServiceClock } from './destination.ts';
import { UploadError } from './errors.ts';
import { clockBaseMs, correctionMs, type HostClocks, wasClockSet } from './host-clock.ts';

/**
 * A service's clock has to be known so well, or readings could get wrong times: the true one is within this of
 * what was worked out (ours).
 */
const MOST_UNCERTAINTY_MS = 750;
/** The first answer often takes longest: the connection is made for it. */
const MOST_QUESTIONS = 3;
/** A clock may be slewed by so much of the time that passes, and at once by so much (ours). */
const SLEW = 5e-4;
const SLEW_AT_ONCE_MS = 10;

/** True if a service's clock is known so well that readings can be timed by it. */
export function isClockKnown({ uncertaintyMs }: ServiceClock): boolean {
  return uncertaintyMs <= MOST_UNCERTAINTY_MS;
}

/** Service minus computer, ms: at least and at most. */
interface Bounds {
  readonly from: number;
  readonly to: number;
}

/**
 * Keeps what is known of a service's clock from one upload to the next, as long as nobody sets this computer's: on a
 * slow network one good answer serves for some minutes.
 */
export class KnownServiceClock {
  readonly #clocks: HostClocks;
  #known: (Bounds & { readonly atMs: number; readonly baseMs: number }) | undefined;

  constructor(clocks: HostClocks) {
    this.#clocks = clocks;
  }

  /** Gives the clock as it is known with one more answer. */
  with({ offsetMs, uncertaintyMs }: ServiceClock): ServiceClock {
    const told = { from: offsetMs - uncertaintyMs, to: offsetMs + uncertaintyMs };
    const { from, to } = common(told, this.#before());
    const clocks = this.#clocks;
    this.#known = { from, to, atMs: clocks.monotonicMs(), baseMs: clockBaseMs(clocks) };
    return { offsetMs: (from + to) / 2, uncertaintyMs: (to - from) / 2 };
  }

  #before(): Bounds | undefined {
    const known = this.#known;
    if (known === undefined || wasClockSet(this.#clocks, known.baseMs)) return undefined;
    const apartMs = SLEW_AT_ONCE_MS + (this.#clocks.monotonicMs() - known.atMs) * SLEW;
    return { from: known.from - apartMs, to: known.to + apartMs };
  }
}

/** Bounds by both; by the newer alone if they contradict each other: one of the clocks was set. */
function common(newer: Bounds, older: Bounds | undefined): Bounds {
  if (older === undefined || older.to < newer.from || older.from > newer.to) return newer;
  return { from: Math.max(newer.from, older.from), to: Math.min(newer.to, older.to) };
}

/**
 * Computes the correction of this computer's time by a service's clock, as `correctionMs` does. An answer that
 * took long tells little; the service is asked again then, up to three times.
 *
 * @throws UploadError `hostClockWrong`, `serviceClockUncertain`
 */
export async function readCorrectionMs(
  destination: Pick<Destination, 'clockOffset'>,
  known: KnownServiceClock,
  { nowMs, signal }: CallOptions & Pick<HostClocks, 'nowMs'>,
): Promise<number> {
  for (let questions = 1; ; questions++) {
    const told = await destination.clockOffset({ signal });
    if (told === undefined) return correctionMs(nowMs(), undefined);
    const clock = known.with(told);
    const correction = correctionMs(nowMs(), clock);
    if (isClockKnown(clock)) return correction;
    if (questions >= MOST_QUESTIONS) {
      const { uncertaintyMs } = clock;
      const limitMs = MOST_UNCERTAINTY_MS;
      throw new UploadError('serviceClockUncertain', { uncertaintyMs, limitMs, questions });
    }
  }
}
