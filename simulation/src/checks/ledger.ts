import type { Arrived } from '../world/share-side.ts';
import type { MeasuringReceiver, Truth } from '../world/truth.ts';
import type { Verdict } from './violation.ts';

/**
 * A time is right to the second: the receiver counts whole ones, and a computer's clock is taken for
 * right that is less than one off.
 */
const TOLERANCE_MS = 2000;
/** Two measurements are five minutes apart, so the nearer one within this is meant. */
const SAME_WITHIN_MS = 149_000;
/** Beyond this nothing is looked for: what was left open goes out whenever its receiver is there again. */
const KEPT_MS = 60 * 86_400_000;

interface Line {
  readonly truth: Truth;
  /** Computers whose programs have brought it here. */
  readonly broughtBy: Set<string>;
  /** Time when it came, brought by whomever; undefined if it is not here. */
  hereSinceMs: number | undefined;
}

/** Sender of readings. */
export interface Sender {
  /** Name of its computer: programs of the same share their journals. */
  readonly computer: string;
  /** Serial number of the receiver that is worn, for destinations that are not told whose readings they get. */
  readonly worn: string;
}

/** Rules that a ledger judges by. */
export interface LedgerOptions {
  readonly name: string;
  readonly windowMs: number;
  /** Another publisher may bring a reading so long before without being seen. */
  readonly raceMs: number;
  /** Readings of two receivers that are so near to each other are one there; 0 if each is one. */
  readonly oneWithinMs: number;
  readonly nowMs: () => number;
  readonly verdict: Verdict;
}

/** Readings that one destination has, beside those that there are. */
export class Ledger {
  readonly #options: LedgerOptions;
  /** By the five-minute slot of their true time. */
  readonly #bySlot = new Map<number, Line[]>();
  readonly #missing = new Set<Line>();
  readonly #receivers = new Set<MeasuringReceiver>();
  /** By computer and receiver, the time since when its journal has readings of it. */
  readonly #knownSinceMs = new Map<string, number>();
  #brought = 0;

  constructor(options: LedgerOptions) {
    this.#options = options;
  }

  /** Number of readings that the program has brought. */
  get brought(): number {
    return this.#brought;
  }

  get missingCount(): number {
    return this.#missing.size;
  }

  /** A receiver has stored a measurement. */
  measured(truth: Truth): void {
    this.#receivers.add(truth.receiver);
    const line: Line = { truth, broughtBy: new Set(), hereSinceMs: undefined };
    const slot = slotOf(truth.trueMs);
    const lines = this.#bySlot.get(slot);
    if (lines === undefined) this.#bySlot.set(slot, [line]);
    else lines.push(line);
    if (truth.isGlucose) this.#missing.add(line);
  }

  /** A program sent readings, and the destination took them. */
  arrived(readings: readonly Arrived[], sender: Sender): void {
    for (const reading of readings) this.#arrivedOne(reading, sender);
  }

  #arrivedOne({ utcMs, value, serialNumber }: Arrived, { computer, worn }: Sender): void {
    const { verdict, nowMs, name, raceMs } = this.#options;
    const said = (): string => `${name} got ${value} of ${iso(utcMs)}`;
    const near = this.#near(utcMs).filter(({ truth }) => truth.value === value && truth.isGlucose);
    const [nearest] = near.sort((a, b) => distance(a, utcMs) - distance(b, utcMs));
    // Two receivers can have measured the same within a second.
    const meant = serialNumber ?? worn;
    const line =
      near.find(({ truth }) => truth.receiver.spec.serialNumber === meant && isAt(truth, utcMs)) ??
      nearest;
    const isRight = line !== undefined && isAt(line.truth, utcMs);
    if (!isRight && this.#isUnknowable(value, utcMs, computer)) return;
    if (line === undefined) {
      this.#noSuch(said(), utcMs, value);
      return;
    }
    const { truth, hereSinceMs } = line;
    if (!isRight) {
      const off = distance(line, utcMs);
      verdict.broken('wrongTime', `${said()}, measured at ${iso(truth.trueMs)}: ${off} ms off.`);
    }
    const { serialNumber: real } = truth.receiver.spec;
    if (serialNumber !== undefined && real !== serialNumber) {
      verdict.broken('wrongReceiver', `${said()} as ${serialNumber}'s; it is ${real}'s.`);
    }
    const isSeen = hereSinceMs !== undefined && nowMs() - hereSinceMs > raceMs;
    if (line.broughtBy.has(computer) || isSeen) {
      verdict.broken('twice', `${said()} again: it is there since ${iso(hereSinceMs ?? 0)}.`);
    }
    this.#checkBeside(line, said());
    line.broughtBy.add(computer);
    const sender = `${computer} ${real}`;
    if (!this.#knownSinceMs.has(sender)) this.#knownSinceMs.set(sender, nowMs());
    line.hereSinceMs ??= nowMs();
    this.#missing.delete(line);
    this.#brought++;
  }

  /** Checks that no other receiver's reading of the same five minutes was there before. */
  #checkBeside({ truth }: Line, said: string): void {
    const { verdict, nowMs, raceMs, oneWithinMs } = this.#options;
    const beside = this.#near(truth.trueMs).find(
      (other) =>
        other.truth.receiver !== truth.receiver &&
        distance(other, truth.trueMs) < oneWithinMs &&
        nowMs() - (other.hereSinceMs ?? nowMs()) > raceMs,
    );
    if (beside === undefined) return;
    const { trueMs, value, receiver } = beside.truth;
    const there = `${value} of ${receiver.spec.serialNumber} at ${iso(trueMs)}`;
    verdict.broken(
      'twice',
      `${said}, and ${there} is there since ${iso(beside.hereSinceMs ?? 0)}.`,
    );
  }

  /**
   * True for a reading from before a loss of time that nothing tells of, sent from a computer that had nothing
   * of the receiver before.
   */
  #isUnknowable(value: number, utcMs: number, computer: string): boolean {
    return this.#receivers.values().some(({ unseenLoss, spec }) => {
      if (unseenLoss === undefined) return false;
      const { atMs, byMs } = unseenLoss;
      const knownSinceMs = this.#knownSinceMs.get(`${computer} ${spec.serialNumber}`);
      if ((knownSinceMs ?? Number.POSITIVE_INFINITY) < atMs) return false;
      return this.#near(utcMs - byMs).some(
        ({ truth }) =>
          truth.value === value && truth.receiver.isBeforeLoss(truth) && isAt(truth, utcMs - byMs),
      );
    });
  }

  #noSuch(said: string, utcMs: number, value: number): void {
    const alike = [...this.#bySlot.values()].flat().filter(({ truth }) => truth.value === value);
    const [nearest] = alike.sort((a, b) => distance(a, utcMs) - distance(b, utcMs));
    const { verdict } = this.#options;
    if (nearest?.truth.isGlucose) {
      const measured = iso(nearest.truth.trueMs);
      verdict.broken(
        'wrongTime',
        `${said}; the nearest of that value was measured at ${measured}.`,
      );
    } else verdict.broken('noReading', `${said}, which no receiver measured.`);
  }

  /** Another publisher has brought these. */
  publishedByOthers(truths: readonly Truth[]): void {
    for (const truth of truths) {
      const line = this.#near(truth.trueMs).find((one) => one.truth === truth);
      if (line === undefined) continue;
      line.hereSinceMs ??= this.#options.nowMs();
      this.#missing.delete(line);
    }
  }

  /** Gives up measurements that nobody can ask for. */
  excuse(isExcused: (truth: Truth) => boolean): void {
    for (const line of this.#missing) if (isExcused(line.truth)) this.#missing.delete(line);
  }

  /** The first measurement that is not here, of those meant. */
  firstMissing(isMeant: (truth: Truth) => boolean): Truth | undefined {
    for (const { truth } of this.#missing) if (isMeant(truth)) return truth;
    return undefined;
  }

  /** Number of measurements that are not here, of those meant. */
  countMissing(isMeant: (truth: Truth) => boolean): number {
    let count = 0;
    for (const { truth } of this.#missing) if (isMeant(truth)) count++;
    return count;
  }

  forgetOld(): void {
    const oldest = slotOf(this.#options.nowMs() - KEPT_MS);
    for (const slot of this.#bySlot.keys()) if (slot < oldest) this.#bySlot.delete(slot);
    const windowFromMs = this.#options.nowMs() - this.#options.windowMs;
    this.excuse(({ trueMs }) => trueMs < windowFromMs);
  }

  #near(utcMs: number): Line[] {
    const slot = slotOf(utcMs);
    return [slot - 1, slot, slot + 1]
      .flatMap((one) => this.#bySlot.get(one) ?? [])
      .filter((line) => distance(line, utcMs) <= SAME_WITHIN_MS);
  }
}

function slotOf(utcMs: number): number {
  return Math.floor(utcMs / 300_000);
}

/** True if a reading of that time may be this measurement, to the second. */
function isAt(truth: Truth, utcMs: number): boolean {
  return Math.abs(truth.trueMs - utcMs) <= TOLERANCE_MS + truth.receiver.driftMs(truth);
}

function distance({ truth }: Line, utcMs: number): number {
  return Math.abs(truth.trueMs - utcMs);
}

/** A time for people, without its year. */
export function iso(utcMs: number): string {
  return new Date(utcMs).toISOString().slice(5, 19).replace('T', ' ');
}
