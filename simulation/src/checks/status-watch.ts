import type { KeepEvent, KeepStatus } from '@egvkit/uploader';
import type { LoginCall } from '../world/share-side.ts';
import type { MeasuringReceiver, Truth } from '../world/truth.ts';
import { iso, type Ledger } from './ledger.ts';
import type { Verdict } from './violation.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** With everything working for so long, all is to be there and well. */
const QUIET_MS = HOUR_MS;
/** A reading is brought so long after it was stored at the latest, if nothing stands in the way. */
const BROUGHT_AFTER_MS = 12 * MINUTE_MS;
/** At the edge of the window a reading may go out or not. */
const EDGE_MS = 20 * MINUTE_MS;
/** Troubles are told of within this time. */
const TOLD_AFTER_MS = 50 * MINUTE_MS;
/** Share shows 288 readings: so far back, if another publisher brings as many. */
const SHOWN_WITH_OTHERS_MS = 11 * HOUR_MS;
/** Nightscout keeps one reading of each five minutes, whichever receiver it is of. */
const SLOT_MS = 150_000;
const TOLERANCE_MS = 2000;
/** Live readings, and those that came late. */
const EGV_TYPES = [4, 18];

/** World that a status tells of. */
export interface StatusWorld {
  readonly time: { readonly nowMs: number };
  readonly host: {
    readonly errorMs: number;
    readonly isAsleep: boolean;
    readonly nowMs: () => number;
  };
  readonly ledgers: ReadonlyMap<string, Ledger>;
  readonly verdict: Verdict;
  readonly worn: MeasuringReceiver & {
    readonly truths: readonly Truth[];
    readonly hasLostTime: boolean;
  };
  /** Time since when this receiver is worn: another one has measured the time before. */
  readonly wornSinceMs: number;
  readonly othersPublishedMs: number;
  /** Time since when nothing has stood in the way of a destination, ms. */
  wellForMs(name: string): number;
  readonly spec: { readonly hostErrorMs: number };
  /** Time since when only this trouble stands in the way, ms; 0 if it does not, or others do. */
  onlyTroubleForMs(what: string): number;
}

/** Compares what the program says of itself with what is so. */
export class StatusWatch {
  readonly #world: StatusWorld;
  #openedMs = 0;
  /** Time when the port was opened for the last reading. */
  #readMs: number | undefined;
  #readSerialNumber: string | undefined;
  /** Uploads from what was read after the receiver's clock lost time. */
  readonly #uploadsSinceLoss = new Map<string, number>();
  readonly #recoveredMs = new Map<string, number>();
  #isRefused = false;
  #latest: KeepStatus | undefined;

  constructor(world: StatusWorld) {
    this.#world = world;
  }

  programStarted(): void {
    this.#readMs = undefined;
    this.#latest = undefined;
  }

  opened(): void {
    this.#openedMs = this.#world.time.nowMs;
  }

  loginHeard({ outcome }: LoginCall): void {
    this.#isRefused = outcome === 'refused';
  }

  event(event: KeepEvent): void {
    const { worn } = this.#world;
    if (event.kind === 'read') {
      this.#readMs = this.#openedMs;
      this.#readSerialNumber = event.serialNumber;
    }
    if (event.kind !== 'uploaded') return;
    if (worn.hasLostTime)
      for (const type of EGV_TYPES) this.#uploadedSinceLoss(event.destination, type);
  }

  /**
   * The first readings of a type after a loss show it, and are given up: nobody knows on which side of it
   * they are.
   */
  #uploadedSinceLoss(name: string, type: number): void {
    const key = this.#keyOf(name, type);
    // From the second one on they are known.
    if (this.#recoveredMs.has(key) || !this.#hasReadingSinceLoss(type)) return;
    const uploads = (this.#uploadsSinceLoss.get(key) ?? 0) + 1;
    this.#uploadsSinceLoss.set(key, uploads);
    if (uploads === 2) this.#recoveredMs.set(key, this.#world.time.nowMs);
  }

  /**
   * Time until when what the receiver that is worn stored is given up, since its clock lost time and nobody
   * knows on which side of that it is; infinite until uploads know.
   */
  givenUpUntilMs(name: string, type: number): number {
    return this.#recoveredMs.get(this.#keyOf(name, type)) ?? Number.POSITIVE_INFINITY;
  }

  /** Stands for readings of a type, of the receiver that is worn, at a destination. */
  #keyOf(name: string, type: number): string {
    return `${name} ${type} ${this.#world.worn.spec.serialNumber}`;
  }

  #hasReadingSinceLoss(type: number): boolean {
    const { worn } = this.#world;
    const readMs = this.#readMs ?? 0;
    return worn.truths.some(
      (truth) =>
        truth.recordType === type &&
        truth.isGlucose &&
        !worn.isBeforeLoss(truth) &&
        truth.storedMs < readMs - 2000,
    );
  }

  /**
   * Makes the test of a measurement that a program can bring to its destination now, for those that were
   * stored before then.
   */
  #canBeBrought(name: string, storedBeforeMs: number): (truth: Truth) => boolean {
    const { worn, time, othersPublishedMs, wornSinceMs } = this.#world;
    const { hasLostTime } = worn;
    const givenUpMs = new Map(EGV_TYPES.map((type) => [type, this.givenUpUntilMs(name, type)]));
    const others = name === 'share' && time.nowMs - othersPublishedMs < DAY_MS + HOUR_MS;
    const shownMs = others ? SHOWN_WITH_OTHERS_MS : DAY_MS - EDGE_MS;
    const besidesMs = name === 'nightscout' ? SLOT_MS : 0;
    const fromMs = Math.max(wornSinceMs + besidesMs, time.nowMs - shownMs);
    return (truth) => {
      const { receiver, recordType, trueMs, storedMs } = truth;
      if (storedMs >= storedBeforeMs || receiver !== worn || trueMs < fromMs) return false;
      if (!hasLostTime) return true;
      const givenUpUntilMs = givenUpMs.get(recordType) ?? Number.POSITIVE_INFINITY;
      return storedMs >= givenUpUntilMs && !worn.isSideUnknown(truth);
    };
  }

  /** Checks a status in the moment it is told. */
  check(status: KeepStatus): void {
    this.#latest = status;
    this.#checkPending(status);
    this.#checkReading(status);
    const { verdict, host, spec } = this.#world;
    for (const { lastSuccessMs } of status.destinations) {
      const isRight = host.errorMs === spec.hostErrorMs && this.#allWellMs() > DAY_MS;
      if (isRight && (lastSuccessMs ?? 0) > status.updatedMs + 1000) {
        verdict.broken('falseStatus', `A success of ${iso(lastSuccessMs ?? 0)} is yet to come.`);
      }
    }
  }

  #checkPending({ destinations }: KeepStatus): void {
    const { ledgers, verdict, worn } = this.#world;
    const readMs = this.#readMs;
    if (readMs === undefined || this.#readSerialNumber !== worn.spec.serialNumber) return;
    for (const { name, pending } of destinations) {
      const ledger = ledgers.get(name);
      if (pending === undefined || ledger === undefined) continue;
      // No more than all that is missing can be lacked.
      if (ledger.missingCount <= pending) continue;
      const isLacked = this.#canBeBrought(name, readMs - 2000);
      const lacks = ledger.countMissing(isLacked);
      if (lacks > pending) {
        const first = iso(ledger.firstMissing(isLacked)?.trueMs ?? 0);
        const said = `The status says that ${name} lacks ${pending}`;
        verdict.broken('falseStatus', `${said}, and it lacks ${lacks}: the first of ${first}.`);
      }
    }
  }

  #checkReading({ lastReading, source }: KeepStatus): void {
    const { worn, host, verdict, time } = this.#world;
    const readMs = this.#readMs;
    const isRight = host.errorMs === this.#world.spec.hostErrorMs;
    if (readMs === undefined || !isRight || worn.hasLostTime) return;
    if (source.serialNumber !== worn.spec.serialNumber || this.#allWellMs() < QUIET_MS) return;
    const newest = worn.truths.findLast((one) => one.isGlucose && one.storedMs < readMs - 2000);
    if (newest === undefined || newest.trueMs < time.nowMs - DAY_MS + EDGE_MS) return;
    const shown = lastReading?.utcMs ?? Number.NEGATIVE_INFINITY;
    const offMs = newest.trueMs + host.errorMs - shown;
    if (offMs > TOLERANCE_MS + worn.driftMs(newest)) {
      verdict.broken(
        'falseStatus',
        `The status has no reading of ${iso(newest.trueMs)}, which was read.`,
      );
    }
    if (Math.abs(offMs) <= TOLERANCE_MS && lastReading?.value !== newest.value) {
      verdict.broken(
        'falseStatus',
        `The status shows ${lastReading?.value}, measured ${newest.value}.`,
      );
    }
  }

  /** Checks now and then what is to be so by now. */
  audit(): void {
    const { worn, wornSinceMs, ledgers } = this.#world;
    // Whatever is worn later is worn from later on.
    for (const ledger of ledgers.values()) {
      ledger.excuse(({ receiver, trueMs }) => receiver !== worn || trueMs < wornSinceMs);
    }
    for (const [name, ledger] of this.#world.ledgers) this.#auditOne(name, ledger);
    this.#checkTold();
  }

  #auditOne(name: string, ledger: Ledger): void {
    const { verdict, time } = this.#world;
    const wellForMs = this.#world.wellForMs(name);
    if (wellForMs < QUIET_MS) return;
    const missing = ledger.firstMissing(this.#canBeBrought(name, time.nowMs - BROUGHT_AFTER_MS));
    if (missing === undefined) return;
    const since = Math.round(wellForMs / MINUTE_MS);
    const said = `${name} has no ${missing.value} of ${iso(missing.trueMs)}`;
    verdict.broken('missing', `${said}, and nothing is wrong for ${since} minutes.`);
  }

  /** Time since when nothing has been wrong at all, ms. */
  #allWellMs(): number {
    const { ledgers } = this.#world;
    return Math.min(...[...ledgers.keys()].map((name) => this.#world.wellForMs(name)));
  }

  #checkTold(): void {
    const { verdict } = this.#world;
    const wellForMs = this.#allWellMs();
    const latest = this.#latest;
    if (latest === undefined) return;
    if (wellForMs >= QUIET_MS && latest.person !== undefined) {
      verdict.broken('falseStatus', `Nothing is wrong, and it says: ${latest.person}`);
    }
    if (wellForMs >= QUIET_MS && latest.lastError !== undefined) {
      verdict.broken('falseStatus', `Nothing is wrong, and it says: ${latest.lastError.message}`);
    }
    const told = (what: string): boolean =>
      this.#world.onlyTroubleForMs(what) > TOLD_AFTER_MS && latest.person === undefined;
    if (told('unplugged')) verdict.broken('silentStatus', 'Nobody is told that it is unplugged.');
    if (this.#isRefused && told('share password changed')) {
      verdict.broken('silentStatus', 'Nobody is told that the login was refused.');
    }
  }
}
