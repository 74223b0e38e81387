import { generatedReadings, type ShareService } from '@egvkit/share-emulator';

type Reading = ReturnType<typeof generatedReadings>[number];

const DAY_MS = 86_400_000;
/** Each further day is another part of the series. */
const SEED_STEP = 7919;

/** An account whose readings go on, and the part of the series they are from. */
export interface Growth {
  readonly name: string;
  readonly seed: number;
  readonly offsetMinutes: number;
}

/** The readings of one account that are still to come, made a day ahead. */
class Coming {
  readonly #growth: Growth;
  #waiting: Reading[] = [];
  #days = 0;
  #lastMs: number;
  #madeUntilMs: number;

  constructor(growth: Growth, lastMs: number, nowMs: number) {
    this.#growth = growth;
    this.#lastMs = lastMs;
    this.#madeUntilMs = nowMs;
  }

  /** Those whose time has come, each once. */
  take(nowMs: number): readonly Reading[] {
    while (this.#madeUntilMs <= nowMs) {
      this.#madeUntilMs += DAY_MS;
      this.#days++;
      const { offsetMinutes } = this.#growth;
      const seed = this.#growth.seed + this.#days * SEED_STEP;
      const made = generatedReadings({ seed, days: 1, nowMs: this.#madeUntilMs, offsetMinutes });
      this.#waiting.push(...made.filter(({ stMs }) => stMs > this.#lastMs));
      this.#lastMs = this.#waiting.at(-1)?.stMs ?? this.#lastMs;
    }
    const later = this.#waiting.findIndex(({ stMs }) => stMs > nowMs);
    return this.#waiting.splice(0, later < 0 ? this.#waiting.length : later);
  }
}

/**
 * Lets the readings of accounts go on: before each request is carried out, those are added whose time
 * has come. The function that is returned ends it.
 */
export function growReadings(
  service: ShareService,
  accounts: readonly Growth[],
  now: () => number,
): () => void {
  if (accounts.length === 0) return () => {};
  const coming = accounts.map((growth) => {
    const lastMs = service.readings(growth.name).at(-1)?.stMs ?? now();
    return { name: growth.name, readings: new Coming(growth, lastMs, now()) };
  });
  const grow = (): void => {
    for (const { name, readings } of coming) {
      const due = readings.take(now());
      if (due.length > 0) service.addReadings(name, due);
    }
  };
  // The first day is made before anybody waits for an answer.
  grow();
  return service.onRequest(({ phase }) => {
    if (phase === 'received') grow();
  });
}
