import { COMMANDS, type CommandName } from '@egvkit/protocol/receiver';
import { applyFault, concat, FAULT_COSTS, type Fault, type FaultKind } from './faults.ts';
import type { Deliver, Delivery, EmulatedReply } from './options.ts';
import { type Random, seededRandom } from './random.ts';

/** A fault and when it happens. */
export interface FaultRule {
  readonly fault: Fault;
  /** Only to replies to this command; to all of them by default. */
  readonly command?: CommandName | undefined;
  /** From which of those replies on, counted from 1; the first by default. */
  readonly from?: number | undefined;
  /** To how many of them; one by default. */
  readonly times?: number | undefined;
}

/** Lets faults happen as a list says; where several fit, the first one does. */
export function scriptedFaults(rules: readonly FaultRule[]): Deliver {
  const seen = rules.map(() => 0);
  return withHeldBack((reply) => {
    let found: Fault | undefined;
    for (const [i, { fault, command, from = 1, times = 1 }] of rules.entries()) {
      if (command !== undefined && command !== reply.command) continue;
      const number = ++seen[i]!;
      if (number >= from && number < from + times) found ??= fault;
    }
    return found;
  });
}

export interface SeededFaultsOptions {
  /** The same seed and the same requests give the same faults. */
  readonly seed: number;
  /** Probability of a fault for a reply that nothing spares. */
  readonly rate: number;
  /** Faults to draw from; by default everything that a driver can survive. */
  readonly kinds?: readonly FaultKind[] | undefined;
  /**
   * Replies without a fault after one that cost something; 6 by default: a damaged page
   * is read again only after those that were asked for with it.
   */
  readonly spare?: number | undefined;
  /** Called for every fault. */
  readonly onFault?: ((fault: Fault, reply: EmulatedReply) => void) | undefined;
}

/** The faults that cost no more than one more request. */
export const SURVIVABLE_FAULTS: readonly FaultKind[] = (
  Object.keys(FAULT_COSTS) as FaultKind[]
).filter((kind) => FAULT_COSTS[kind] !== 'all');

/** Lets faults happen at random, and leaves a driver that is hit the time to get over it. */
export function seededFaults(options: SeededFaultsOptions): Deliver {
  const { seed, rate, kinds = SURVIVABLE_FAULTS, spare = 6, onFault } = options;
  const random = seededRandom(seed);
  let spared = 0;
  return withHeldBack((reply) => {
    const hit = random.chance(rate);
    const kind = kinds[random.integer(0, kinds.length - 1)];
    const costs = kind === undefined ? 'nothing' : FAULT_COSTS[kind];
    if (costs !== 'nothing' && spared > 0) {
      spared--;
      return undefined;
    }
    if (!hit || kind === undefined) {
      spared = Math.max(0, spared - 1);
      return undefined;
    }
    if (costs !== 'nothing') spared = spare;
    const fault = anyFault(kind, random, reply);
    onFault?.(fault, reply);
    return fault;
  });
}

/** Lets faults happen, and puts a reply that was held back in front of the next. */
function withHeldBack(choose: (reply: EmulatedReply) => Fault | undefined): Deliver {
  let held: Uint8Array | undefined;
  return (reply) => {
    const before = held;
    held = undefined;
    const fault = choose(reply);
    if (fault?.kind === 'heldBack') held = reply.bytes;
    const delivery: Delivery = fault === undefined ? [reply.bytes] : applyFault(fault, reply.bytes);
    if (before === undefined) return fault === undefined ? undefined : delivery;
    if (delivery === 'nothing' || delivery === 'unplug') return [before];
    const [first, ...rest] = delivery;
    return first instanceof Uint8Array ? [concat(before, first), ...rest] : [before, ...delivery];
  };
}

const RESPONSE_CODES_MOST = 7;

/** A fault of that kind, everything about it at random, and such that it costs what it says. */
function anyFault(kind: FaultKind, random: Random, { bytes, command }: EmulatedReply): Fault {
  const at = random.integer(0, bytes.length - 1);
  const page = random.integer(0, 3);
  switch (kind) {
    case 'stale': {
      const length = random.integer(1, 20);
      return { kind, bytes: Uint8Array.from({ length }, () => random.integer(0, 255)) };
    }
    case 'split':
      return { kind, at };
    case 'flip':
      return { kind, at, change: random.integer(1, 255) };
    case 'short':
      return { kind, length: at };
    case 'late': {
      // While the driver waits for the line to be quiet: later it could be taken for another.
      const timeoutMs = command === undefined ? 0 : COMMANDS[command].timeoutMs;
      return { kind, afterMs: timeoutMs + random.integer(1, 150) };
    }
    case 'reset':
      return { kind, at, restartMs: random.integer(1, 300) };
    case 'unplug':
      return { kind, at };
    case 'refuse':
      return { kind, code: random.integer(2, RESPONSE_CODES_MOST) };
    case 'headerCrc':
    case 'recordCrc':
    case 'pageNumber':
    case 'recordType':
    case 'recordCount':
    case 'revision':
      return { kind, page };
    default:
      return { kind };
  }
}
