/** Words of the guest's `egvkit status`, and waiting for them. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ended, Guest } from './guest.ts';
import { mustRun } from './installation.ts';
import type { World } from './world.ts';

const MINUTE_MS = 60_000;
/** A state that does not come within this time does not come. */
const LIMIT_MS = 20 * MINUTE_MS;
const PAUSE_MS = 10_000;

/** Exit codes of `egvkit`. */
export const OK = 0;
export const NOTHING_THERE = 3;
export const NEEDS_PERSON = 5;

/** Answer of `egvkit status --json`. */
export interface Told {
  readonly condition: string;
  readonly pending?: number;
  readonly person?: string;
}

/** The one whose service it is, and how that user types `egvkit`. */
export interface Owner {
  readonly user: string;
  readonly egvkit: string;
}

/** Owner of the service of the whole computer. */
const ROOT: Owner = { user: 'root', egvkit: 'sudo egvkit' };

export const isWell = ({ condition }: Told): boolean => condition === 'ok';
/** All that was measured is at the service, too. */
export const isComplete = ({ condition, pending }: Told): boolean => condition === 'ok' && !pending;

/** Waits until `egvkit status` ends so and says so; gives that as text. */
export async function untilTold(
  guest: Guest,
  code: number,
  holds: (told: Told) => boolean,
  { user, egvkit }: Owner = ROOT,
): Promise<string> {
  const end = performance.now() + LIMIT_MS;
  for (;;) {
    const ended = await guest.run(`${egvkit} status --json`, user);
    if (ended.code === code && holds(toldBy(ended))) {
      const { condition, person } = toldBy(ended);
      return `egvkit status: ${code}, ${person ?? condition}`;
    }
    if (performance.now() > end) {
      throw new Error(`egvkit status: ${ended.code} ${ended.out} ${ended.err}`);
    }
    await sleep(PAUSE_MS);
  }
}

function toldBy({ out }: Ended): Told {
  try {
    return JSON.parse(out) as Told;
  } catch {
    return { condition: 'nothing' };
  }
}

/** Lets time pass for the whole world, as if the computer slept. */
export async function sleepThrough({ date }: World, guest: Guest, ms: number): Promise<void> {
  date.leap(ms);
  await mustRun(guest, `date --set=@${Math.round(date.nowMs() / 1000)}`);
}
