import type { Random } from '@egvkit/receiver-emulator';
import { elsewhere, needBinding } from './binding.ts';
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
let hasOthers = false;

/** Makes everything in this thread run on that computer. */
export function runOn(machine: Machine): void {
  current = machine;
  hasOthers = false;
  needBinding(false);
}

/** Runs this, and all that follows from it, on another computer or in another program of the same. */
export function runBeside<Value>(machine: Machine, work: () => Value): Value {
  hasOthers = true;
  needBinding(true);
  return elsewhere.run(machine, work);
}

export function machine(): Machine {
  const here = (hasOthers ? (elsewhere.getStore() as Machine | undefined) : undefined) ?? current;
  if (here === undefined) throw new Error('No computer is simulated yet.');
  return here;
}

/** True if a computer is simulated: until then the platform's own clocks count. */
export function isSimulating(): boolean {
  return current !== undefined;
}
