import type { Random } from '@egvkit/receiver-emulator';
import type { Disk } from './disk.ts';
import type { Host } from './host.ts';

/** The computer that this thread simulates, for modules that stand in for the system's. */
export interface Machine {
  readonly host: Host;
  readonly disk: Disk;
  /** For identifiers and salts. */
  readonly random: Random;
}

let current: Machine | undefined;

/** Makes everything in this thread run on that computer. */
export function runOn(machine: Machine): void {
  current = machine;
}

export function machine(): Machine {
  if (current === undefined) throw new Error('No computer is simulated yet.');
  return current;
}

/** True if a computer is simulated: until then the platform's own clocks count. */
export function isSimulating(): boolean {
  return current !== undefined;
}
