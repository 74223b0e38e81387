import { RECEIVER_EPOCH_UNIX_SECONDS } from '@egvkit/protocol';
import {
  COMMANDS,
  type EgvRecord,
  type MeterRecord,
  type RecordBase,
} from '@egvkit/protocol/receiver';
import { encodePacket } from '@egvkit/protocol/receiver/wire';
import {
  type Attachable,
  type Deliver,
  EmulatedReceiver,
  generateDatabase,
  type Line,
  type LostTime,
  type ProfileName,
  RECEIVER_PROFILES,
  type ReceiverDatabase,
  SURVIVABLE_FAULTS,
  seededFaults,
  type Wire,
} from '@egvkit/receiver-emulator';
import type { WorldTime } from '../platform/world-time.ts';
import {
  isSameMeasurement,
  type TrueClock,
  type Truth,
  truthOf,
  type UnseenLoss,
} from './truth.ts';

/** A receiver of a family. */
export interface ReceiverSpec {
  readonly serialNumber: string;
  readonly profile: ProfileName;
  readonly seed: number;
  /** Days of readings that it has at the beginning. */
  readonly days: number;
  readonly clockErrorSeconds: number;
  /** Seconds that its clock is fast in a day. */
  readonly driftSecondsPerDay: number;
  readonly displayOffsetSeconds: number;
  readonly timeLoss?: LostTime | undefined;
}

const EGV_TYPES = [4, 18];
const METER = 10;
/** Of a meter entry: as it was made. */
const AS_ENTERED = 1;
const PHASE_MS = 370;
/** Two records of one measurement are in the same slot or in neighbouring ones. */
const SLOT_MS = 60_000;
const DAY_MS = 86_400_000;
/** Time of a clock that began again, as the emulator has it. */
const RESTARTED_AT_SECONDS = 60;
/** A receiver is off for so much longer than its clock stands still. */
const SWITCHING_MS = 1000;

/** The emulated receiver in a family: goes on storing, can be plugged in, and remembers what is true. */
export class SimulatedReceiver implements Attachable {
  readonly spec: ReceiverSpec;
  readonly #time: WorldTime;
  readonly #database: ReceiverDatabase;
  readonly #device: EmulatedReceiver;
  readonly #beginMs: number;
  readonly #wires = new Set<Wire>();
  readonly #seen = new Map<number, number>();
  readonly #truths: Truth[] = [];
  /** The same by the slot of their true time. */
  readonly #bySlot = new Map<number, Truth[]>();
  #stored = 0;
  #lostAt: ReadonlyMap<number, number> | undefined;
  /** System time of the last record of each type, and of the first after the clock lost time. */
  readonly #lastSeconds = new Map<number, number>();
  readonly #firstSeconds = new Map<number, number>();
  /** `#lastSeconds` when the clock lost time. */
  #secondsBefore: ReadonlyMap<number, number> = new Map();
  #faults: Deliver | undefined;
  #codes = 0;
  /** Places of the requests that stand for what a person does in its menu. */
  readonly #byHand = new Set<number>();
  /** Called for each measurement that is stored. */
  onStored: (truth: Truth) => void = () => {};
  /** Called for each meter value that is stored, those of before the first look included. */
  onMeter: (truth: Truth) => void;

  constructor(spec: ReceiverSpec, time: WorldTime, onMeter: (truth: Truth) => void) {
    this.onMeter = onMeter;
    this.spec = spec;
    this.#time = time;
    this.#beginMs = time.nowMs;
    const { serialNumber, seed, days, clockErrorSeconds, displayOffsetSeconds } = spec;
    const timeLoss = spec.timeLoss && {
      ...spec.timeLoss,
      atMs: this.#deviceOf(spec.timeLoss.atMs),
    };
    // What it has at the beginning ends before a loss of that time, and goes on after it.
    const madeMs = Math.min(this.#deviceMs(), (timeLoss?.atMs ?? Number.POSITIVE_INFINITY) - 1000);
    const profile = RECEIVER_PROFILES[spec.profile];
    const shared = {
      profile,
      clockErrorSeconds,
      displayOffsetSeconds,
      ...(timeLoss && { timeLoss }),
    };
    this.#database = generateDatabase({
      ...{ ...shared, seed, days, serialNumber, grows: true, nowMs: madeMs },
    });
    this.#device = new EmulatedReceiver({
      ...{ ...shared, database: this.#database, nowMs: this.#deviceMs, clockPhaseMs: PHASE_MS },
      deliver: (reply) => this.#faults?.(reply),
    });
    this.look();
  }

  /** UTC as its oscillator counts it on, from the beginning. */
  readonly #deviceMs = (): number => this.#deviceOf(this.#time.nowMs);

  #deviceOf(trueMs: number): number {
    return trueMs + ((trueMs - this.#beginMs) / DAY_MS) * this.spec.driftSecondsPerDay * 1000;
  }

  readonly #trueOf = (deviceMs: number): number =>
    this.#beginMs +
    (deviceMs + PHASE_MS - this.#beginMs) / (1 + (this.spec.driftSecondsPerDay * 1000) / DAY_MS);

  /** Measurements so far that no other stands for, oldest first. */
  get truths(): readonly Truth[] {
    return this.#truths;
  }

  /** True if its clock has lost time by now. */
  get hasLostTime(): boolean {
    return this.#lostAt !== undefined;
  }

  /** While its clock stands still it is off, and does not answer: true time, Unix ms; undefined if it never is. */
  get off(): { readonly fromMs: number; readonly toMs: number } | undefined {
    const { timeLoss } = this.spec;
    if (timeLoss?.how !== 'stoodStill') return undefined;
    const { atMs, seconds } = timeLoss;
    return { fromMs: atMs - seconds * 1000 - SWITCHING_MS, toMs: atMs + SWITCHING_MS };
  }

  get isOff(): boolean {
    const { fromMs, toMs } = this.off ?? { fromMs: Number.POSITIVE_INFINITY, toMs: 0 };
    return this.#time.nowMs >= fromMs && this.#time.nowMs < toMs;
  }

  /** A clock that stood still leaves times in their order. */
  get unseenLoss(): UnseenLoss | undefined {
    const { timeLoss } = this.spec;
    if (timeLoss?.how !== 'stoodStill' || timeLoss.signs?.length !== 0) return undefined;
    return { atMs: timeLoss.atMs, byMs: timeLoss.seconds * 1000 };
  }

  /** True for a measurement from before its clock lost time. */
  isBeforeLoss({ recordType, index }: Truth): boolean {
    return index <= (this.#lostAt?.get(recordType) ?? Number.NEGATIVE_INFINITY);
  }

  /**
   * A clock that ran back shows in the order of a type's times, unless so much of it had gone by before the type
   * got its next record that this one is later all the same. Then whatever has a time that there was
   * before may be from before.
   */
  isSideUnknown({ recordType, systemSeconds }: Truth): boolean {
    if (this.spec.timeLoss?.how !== 'ranBack') return false;
    const first = this.#firstSeconds.get(recordType) ?? 0;
    const last = this.#secondsBefore.get(recordType) ?? 0;
    return first >= last - 1 && systemSeconds <= Math.max(...this.#secondsBefore.values()) + 1;
  }

  /** Lets it store what is due, and finds out what that was. */
  look(): void {
    const { timeLoss } = this.spec;
    if (timeLoss !== undefined && this.#lostAt === undefined && this.#time.nowMs >= timeLoss.atMs) {
      this.#database.advance(this.#deviceOf(timeLoss.atMs) - 1000);
      this.#note();
      const types = [...EGV_TYPES, METER];
      this.#lostAt = new Map(types.map((type) => [type, this.#seen.get(type) ?? -1]));
      this.#secondsBefore = new Map(this.#lastSeconds);
    }
    this.#database.advance(this.#deviceMs() - PHASE_MS);
    this.#note();
  }

  #note(): void {
    for (const type of EGV_TYPES) {
      const seen = this.#seen.get(type) ?? -1;
      const records = this.#database.recordsAfter(type, seen) as readonly EgvRecord[];
      for (const record of records) {
        this.#lastSeconds.set(type, record.systemSeconds);
        if (this.#lostAt !== undefined && !this.#firstSeconds.has(type)) {
          this.#firstSeconds.set(type, record.systemSeconds);
        }
        this.#noteOne(record);
      }
      this.#seen.set(type, records.at(-1)?.index ?? seen);
    }
    const seen = this.#seen.get(METER) ?? -1;
    const meters = this.#database.recordsAfter(METER, seen) as readonly MeterRecord[];
    for (const record of meters) {
      if ((record.entryType ?? AS_ENTERED) !== AS_ENTERED) continue;
      this.onMeter(truthOf(this, record, this.#stored, this.#clock()));
    }
    this.#seen.set(METER, meters.at(-1)?.index ?? seen);
  }

  #clock(): TrueClock {
    const lost = this.#lostAt && {
      seconds: this.#lostSeconds(),
      isBefore: ({ recordType, index }: RecordBase) =>
        index <= (this.#lostAt?.get(recordType) ?? Number.NEGATIVE_INFINITY),
    };
    return { errorSeconds: this.spec.clockErrorSeconds, lost, trueOf: this.#trueOf };
  }

  #noteOne(record: EgvRecord): void {
    const truth = truthOf(this, record, this.#stored++, this.#clock());
    const stands = this.#lastLike(truth);
    if (stands !== undefined && truth.recordType !== stands.recordType) return;
    this.#truths.push(truth);
    const slot = slotOf(truth.trueMs);
    const inSlot = this.#bySlot.get(slot);
    if (inSlot === undefined) this.#bySlot.set(slot, [truth]);
    else inSlot.push(truth);
    this.onStored(truth);
  }

  /** The last one that holds the same measurement, as glucose or not. */
  #lastLike(truth: Truth): Truth | undefined {
    const slot = slotOf(truth.trueMs);
    let last: Truth | undefined;
    for (let at = slot - 1; at <= slot + 1; at++) {
      for (const one of this.#bySlot.get(at) ?? []) {
        if (one.isGlucose !== truth.isGlucose || !isSameMeasurement(one, truth)) continue;
        if (last === undefined || one.number > last.number) last = one;
      }
    }
    return last;
  }

  #lostSeconds(): number {
    const { timeLoss, clockErrorSeconds } = this.spec;
    if (timeLoss === undefined) return 0;
    if (timeLoss.how !== 'restarted') return Math.floor(timeLoss.seconds);
    const before =
      Math.floor(this.#deviceOf(timeLoss.atMs) / 1000) -
      RECEIVER_EPOCH_UNIX_SECONDS +
      clockErrorSeconds;
    return before - RESTARTED_AT_SECONDS;
  }

  /** Time by which its clock may go wrong between a measurement and now, ms. */
  driftMs({ trueMs }: Truth): number {
    return Math.abs(((this.#time.nowMs - trueMs) / DAY_MS) * this.spec.driftSecondsPerDay * 1000);
  }

  /** Drops measurements that are too old to matter. */
  forgetBefore(trueMs: number): void {
    const keep = this.#truths.findIndex((one) => one.trueMs >= trueMs);
    if (keep <= 1000) return;
    for (const { trueMs } of this.#truths.splice(0, keep)) this.#bySlot.delete(slotOf(trueMs));
  }

  attach(wire: Wire): Line {
    const line = this.#device.attach(wire);
    this.#wires.add(wire);
    return {
      receive: (bytes) => line.receive(bytes),
      detach: () => {
        this.#wires.delete(wire);
        line.detach();
      },
    };
  }

  /** The cable is pulled, or the program that had it open is gone. */
  detachAll(): void {
    for (const wire of [...this.#wires]) wire.unplug();
    this.#wires.clear();
  }

  /** Lets replies be damaged, lost or late from now on. */
  beginFaults(seed: number, rate: number, onFault: (kind: string) => void): void {
    this.#faults = seededFaults({
      ...{ seed, rate, kinds: SURVIVABLE_FAULTS },
      onFault: ({ kind }) => onFault(kind),
    });
  }

  endFaults(): void {
    this.#faults = undefined;
  }

  /** A person sets the time that it shows, in its menu. */
  showOffset(displayOffsetSeconds: number): void {
    if (this.isOff) return;
    const { code, request } = COMMANDS.writeDisplayTimeOffset;
    this.#byHand.add(this.#device.codesSeen.length);
    const line = this.#device.attach({ send() {}, unplug() {} });
    line.receive(encodePacket(code, request.encode({ displayOffsetSeconds })));
    line.detach();
  }

  /** Codes of the requests since the last time, without what was set by hand. */
  takeCodes(): readonly number[] {
    const { codesSeen } = this.#device;
    const from = this.#codes;
    const fresh = codesSeen.slice(from).filter((_, i) => !this.#byHand.has(from + i));
    this.#codes = codesSeen.length;
    this.#byHand.clear();
    return fresh;
  }
}

function slotOf(trueMs: number): number {
  return Math.floor(trueMs / SLOT_MS);
}
