import { type Random, seededRandom } from '@egvkit/receiver-emulator';
import type { ReceiverSpec } from './receiver.ts';

/** Kinds of what happens in a family. */
export const EVENT_KINDS = [
  'unplug',
  'portDenied',
  'damagedReplies',
  'computerSleeps',
  'clockWrong',
  'programKilled',
  'powerCut',
  'programRestarted',
  'diskFull',
  'networkCut',
  'networkFlaky',
  'shareDown',
  'shareFailsAfter',
  'sessionsExpire',
  'accountLocked',
  'passwordChanged',
  'otherPublisher',
  'sharingOff',
  'nightscoutDown',
  'nightscoutFailsAfter',
  'nightscoutRestarted',
  'receiverSwapped',
  'secondProgram',
  'otherComputer',
  'travel',
] as const;

export type EventKind = (typeof EVENT_KINDS)[number];

/** One thing that happens. */
export interface HistoryEvent {
  readonly kind: EventKind;
  /** Time since the beginning, ms. */
  readonly atMs: number;
  /** Duration, ms; 0 for what happens at once. */
  readonly forMs: number;
  /** Draws everything else about it, so that it is the same whatever else happens. */
  readonly seed: number;
}

/** A destination of a family. */
export type DestinationName = 'share' | 'nightscout';

/** A history: with it and the seed, everything is determined. */
export interface HistorySpec {
  readonly seed: number;
  readonly days: number;
  readonly receivers: readonly ReceiverSpec[];
  /** Wall clock of the computer minus true time, when nothing is wrong with it, ms. */
  readonly hostErrorMs: number;
  readonly destinations: readonly DestinationName[];
  /** Of the interface of Nightscout that is used. */
  readonly nightscoutVersion: 1 | 3;
  /** Oldest first. */
  readonly events: readonly HistoryEvent[];
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** True time when every history begins. */
export const BEGIN_MS = Date.UTC(2027, 2, 25, 6);

/** Number of times that a kind happens in a week, and its shortest and longest duration. */
const RATES: Readonly<
  Record<EventKind, { readonly perWeek: number; readonly leastMs: number; readonly mostMs: number }>
> = {
  unplug: { perWeek: 4, leastMs: MINUTE_MS, mostMs: 14 * HOUR_MS },
  portDenied: { perWeek: 0.3, leastMs: MINUTE_MS, mostMs: 3 * HOUR_MS },
  damagedReplies: { perWeek: 0.7, leastMs: 10 * MINUTE_MS, mostMs: 4 * HOUR_MS },
  computerSleeps: { perWeek: 1.5, leastMs: MINUTE_MS, mostMs: 10 * HOUR_MS },
  clockWrong: { perWeek: 0.7, leastMs: MINUTE_MS, mostMs: 8 * HOUR_MS },
  programKilled: { perWeek: 1.2, leastMs: 1000, mostMs: HOUR_MS },
  powerCut: { perWeek: 1.2, leastMs: 20_000, mostMs: 5 * HOUR_MS },
  programRestarted: { perWeek: 0.5, leastMs: 1000, mostMs: 10 * MINUTE_MS },
  diskFull: { perWeek: 0.4, leastMs: 5 * MINUTE_MS, mostMs: 10 * HOUR_MS },
  networkCut: { perWeek: 1.5, leastMs: 10_000, mostMs: 30 * HOUR_MS },
  networkFlaky: { perWeek: 1.2, leastMs: 10 * MINUTE_MS, mostMs: 8 * HOUR_MS },
  shareDown: { perWeek: 1, leastMs: MINUTE_MS, mostMs: 3 * DAY_MS },
  shareFailsAfter: { perWeek: 0.7, leastMs: 10 * MINUTE_MS, mostMs: 6 * HOUR_MS },
  sessionsExpire: { perWeek: 2, leastMs: 0, mostMs: 0 },
  accountLocked: { perWeek: 0.4, leastMs: 10 * MINUTE_MS, mostMs: 10 * MINUTE_MS },
  passwordChanged: { perWeek: 0.4, leastMs: HOUR_MS, mostMs: 2 * DAY_MS },
  otherPublisher: { perWeek: 0.3, leastMs: HOUR_MS, mostMs: 20 * HOUR_MS },
  sharingOff: { perWeek: 0.4, leastMs: 0, mostMs: 0 },
  nightscoutDown: { perWeek: 1, leastMs: MINUTE_MS, mostMs: 2 * DAY_MS },
  nightscoutFailsAfter: { perWeek: 0.7, leastMs: 10 * MINUTE_MS, mostMs: 6 * HOUR_MS },
  nightscoutRestarted: { perWeek: 1, leastMs: 0, mostMs: 0 },
  receiverSwapped: { perWeek: 0.4, leastMs: 6 * HOUR_MS, mostMs: 4 * DAY_MS },
  secondProgram: { perWeek: 0.7, leastMs: 10 * MINUTE_MS, mostMs: 12 * HOUR_MS },
  otherComputer: { perWeek: 0.7, leastMs: 10 * MINUTE_MS, mostMs: 12 * HOUR_MS },
  travel: { perWeek: 0.5, leastMs: 0, mostMs: 0 },
};

/** Draws the history of a seed. */
export function historyOf(seed: number, days: number): HistorySpec {
  const random = seededRandom(Math.imul(seed, 0x9e37_79b1) ^ 0x51ed_270b);
  const lengthMs = days * DAY_MS;
  const receivers = [
    receiverOf(random, 'SM00000001', 1.2, lengthMs),
    receiverOf(random, 'SM00000002', random.chance(0.3) ? 0.01 : 2, lengthMs),
  ];
  const hostErrorMs = random.integer(-400, 400);
  // Families differ: a quiet one has a tenth of what befalls another.
  const trouble = 0.1 + 1.4 * random.next() * random.next();
  const events = EVENT_KINDS.flatMap((kind) => eventsOf(kind, lengthMs, trouble, random));
  if (random.chance(0.6)) events.push(...daysOut(random, days));
  events.sort((a, b) => a.atMs - b.atMs);
  const draw = random.next();
  const destinations: DestinationName[] =
    draw < 0.6 ? ['share'] : draw < 0.85 ? ['share', 'nightscout'] : ['nightscout'];
  const nightscoutVersion = random.chance(0.5) ? 1 : 3;
  return { seed, days, receivers, hostErrorMs, destinations, nightscoutVersion, events };
}

function eventsOf(
  kind: EventKind,
  lengthMs: number,
  trouble: number,
  random: Random,
): HistoryEvent[] {
  const { perWeek, leastMs, mostMs } = RATES[kind];
  const mean = (perWeek * trouble * lengthMs) / (7 * DAY_MS);
  const whole = Math.floor(mean);
  const count = whole + (random.chance(mean - whole) ? 1 : 0);
  return Array.from({ length: random.integer(0, 2 * count) }, () => ({
    kind,
    atMs: Math.round(random.next() * lengthMs),
    // Short ones are more frequent than long ones, by their order of magnitude.
    forMs: Math.round(leastMs * (Math.max(mostMs, 1) / Math.max(leastMs, 1)) ** random.next()),
    seed: random.integer(1, 1_000_000_000),
  }));
}

/** Most people have their receiver with them by day, and plug it in to charge. */
function daysOut(random: Random, days: number): HistoryEvent[] {
  return Array.from({ length: Math.floor(days) }, (_, day) => ({
    kind: 'unplug',
    atMs: Math.round(day * DAY_MS + (random.next() - 0.5) * 2 * HOUR_MS + HOUR_MS),
    forMs: Math.round((11 + 5 * random.next()) * HOUR_MS),
    seed: random.integer(1, 1_000_000_000),
  }));
}

function receiverOf(
  random: Random,
  serialNumber: string,
  days: number,
  lengthMs: number,
): ReceiverSpec {
  const profiles = ['g4', 'g4-share', 'g5', 'g5-touch', 'g6'] as const;
  const hows = ['restarted', 'stoodStill', 'ranBack'] as const;
  const how = hows[random.integer(0, 2)] ?? 'ranBack';
  const signs = random.chance(0.5) ? undefined : ([] as const);
  // Before the beginning as well: what is then read first has a loss in it.
  const beforeMs = days * DAY_MS * 0.9;
  const atMs = BEGIN_MS - beforeMs + Math.round(random.next() * (beforeMs + lengthMs));
  const seconds = random.integer(400, 90_000);
  return {
    serialNumber,
    profile: profiles[random.integer(0, 4)] ?? 'g4',
    seed: random.integer(1, 1_000_000_000),
    days,
    clockErrorSeconds: random.integer(-90_000, 90_000),
    driftSecondsPerDay: random.next() - 0.5,
    displayOffsetSeconds: random.integer(-12, 12) * 3600,
    ...(random.chance(0.3) && {
      timeLoss: {
        atMs,
        ...(signs && { signs }),
        ...(how === 'restarted' ? { how } : { how, seconds }),
      },
    }),
  };
}
