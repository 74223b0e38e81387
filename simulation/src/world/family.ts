import { type Random, seededRandom } from '@egvkit/receiver-emulator';
import type { KeepEvent, KeepStatus } from '@egvkit/uploader';
import { iso, Ledger, type Sender } from '../checks/ledger.ts';
import { LoginWatch } from '../checks/login-watch.ts';
import { MeterWatch } from '../checks/meter-watch.ts';
import { ReceiverWatch } from '../checks/receiver-watch.ts';
import { StatusWatch } from '../checks/status-watch.ts';
import { Verdict, type Violation } from '../checks/violation.ts';
import type { Mistake } from '../mistakes/mistake.ts';
import { Disk } from '../platform/disk.ts';
import { Host } from '../platform/host.ts';
import { runOn } from '../platform/machine.ts';
import { WorldTime } from '../platform/world-time.ts';
import { Chronicle } from './chronicle.ts';
import { Companion, type CompanionPlace } from './companion.ts';
import { BEGIN_MS, type DestinationName, type HistorySpec } from './history.ts';
import { Network } from './network.ts';
import { NIGHTSCOUT_HOST, NightscoutSide } from './nightscout-side.ts';
import { Program, STATE_FOLDER } from './program.ts';
import { SimulatedReceiver } from './receiver.ts';
import { type Arrived, ShareSide } from './share-side.ts';
import { Troubles } from './troubles.ts';
import type { Truth } from './truth.ts';

/** Names of programs: the one that is watched, a second one beside it, and one on another computer. */
const HOME = 'home';
const SECOND = 'second program';
const ELSEWHERE = 'other computer';
export type CompanionName = typeof SECOND | typeof ELSEWHERE;

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const AUDIT_MS = 15 * MINUTE_MS;
/** Another publisher may bring a reading so long before without being seen. */
const RACE_MS = 10_000;
const LOCKED_FOR_MS = 10 * MINUTE_MS;
const MOST_STATE_BYTES = 2 * 1024 * 1024;
const MOST_TIMERS = 200;

/** Result of a history. */
export interface Outcome {
  readonly violation: Violation | undefined;
  /** SHA-256 of everything that happened, in order. */
  readonly digest: string;
  readonly days: number;
  readonly readings: number;
  readonly sessions: number;
  readonly requests: number;
  readonly logins: number;
  /** Size of the largest file that the program has ever kept, bytes. */
  readonly largestFileBytes: number;
  /** Number of times that each fault was injected. */
  readonly faults: Readonly<Record<string, number>>;
}

export interface FamilyOptions {
  readonly mistake?: Mistake | undefined;
  /** Called with each line of what happens. */
  readonly onLine?: ((line: string) => void) | undefined;
}

/** A whole family: receivers, computer, network and services, and everything that befalls them. */
export class Family {
  readonly spec: HistorySpec;
  readonly time = new WorldTime(BEGIN_MS);
  readonly random: Random;
  readonly host = new Host(this.time, HOME);
  readonly disk: Disk;
  readonly network: Network;
  readonly share: ShareSide;
  readonly nightscout: NightscoutSide;
  readonly ledgers: ReadonlyMap<string, Ledger>;
  readonly logins: LoginWatch;
  readonly receiverWatch: ReceiverWatch;
  /** Of a family with a destination that takes meter values. */
  readonly meters: MeterWatch | undefined;
  readonly status: StatusWatch;
  readonly verdict: Verdict;
  readonly chronicle: Chronicle;
  readonly troubles: Troubles;
  readonly receivers: readonly SimulatedReceiver[];
  /** The receiver that the family uses now; plugged in unless something is in the way. */
  worn: SimulatedReceiver;
  /** Time since when it is used, Unix ms. */
  wornSinceMs = Number.NEGATIVE_INFINITY;
  /** The password that the program is given. */
  password = 'first';
  /** Time when another device last published, Unix ms. */
  othersPublishedMs = Number.NEGATIVE_INFINITY;
  readonly #options: FamilyOptions;
  readonly #companions = new Map<string, Companion>();
  /** Name of the program that has the receiver open. */
  #opener: string | undefined;
  #program: Program | undefined;
  #startedMs = BEGIN_MS;
  #largestFileBytes = 0;
  /** The last status. */
  #kept: KeepStatus | undefined;

  constructor(spec: HistorySpec, options: FamilyOptions = {}) {
    const { seed } = spec;
    this.spec = spec;
    this.#options = options;
    this.chronicle = new Chronicle(this.time, options.onLine);
    this.troubles = new Troubles(this.time, spec.destinations);
    const stream = (number: number): Random =>
      seededRandom(Math.imul(seed, 0x85eb_ca6b) ^ Math.imul(number, 0xc2b2_ae35));
    this.random = stream(1);
    this.disk = new Disk(stream(2));
    runOn({ host: this.host, disk: this.disk, random: stream(3) });
    this.host.errorMs = spec.hostErrorMs;
    this.host.onDeath = () => this.#programDied();
    const { host, time } = this;
    this.network = new Network({ from: HOME, host, time, random: stream(4) });
    this.network.onFault = this.chronicle.fault;
    this.verdict = new Verdict(() => this.time.nowMs);
    const nowMs = () => this.time.nowMs;
    this.ledgers = new Map(
      spec.destinations.map((name) => [
        name,
        new Ledger({
          ...{ name, windowMs: DAY_MS, raceMs: RACE_MS, verdict: this.verdict, nowMs },
          oneWithinMs: name === 'nightscout' ? 60_000 : 0,
        }),
      ]),
    );
    this.nightscout = new NightscoutSide(nowMs, stream(6), {
      onRequest: (call, from) => this.#requested('nightscout', call, from),
      onStored: (readings, from) => this.#stored('nightscout', readings, from),
      onMeters: (values, from) => this.#metersStored(values, from),
    });
    this.network.serve(NIGHTSCOUT_HOST, this.nightscout.answer);
    this.logins = new LoginWatch(this.verdict, LOCKED_FOR_MS);
    this.receiverWatch = new ReceiverWatch(this.verdict);
    const hasMeters = spec.destinations.includes('nightscout');
    this.meters = hasMeters ? new MeterWatch(this, RACE_MS) : undefined;
    const onMeter = (truth: Truth) => this.meters?.measured(truth);
    this.receivers = spec.receivers.map((one) => new SimulatedReceiver(one, this.time, onMeter));
    for (const one of this.receivers) {
      one.onStored = (truth) => {
        for (const ledger of this.ledgers.values()) ledger.measured(truth);
      };
      for (const truth of one.truths) one.onStored(truth);
    }
    const [worn] = this.receivers;
    if (worn === undefined) throw new Error('A family has a receiver.');
    this.worn = worn;
    this.share = this.#serveShare(stream(5), worn.spec.serialNumber);
    this.status = new StatusWatch(this);
  }

  #serveShare(random: Random, receiver: string): ShareSide {
    const account = { password: this.password, receiver };
    const share = new ShareSide(this.time, random, account, {
      onRequest: (endpoint, from) => this.#requested('share', endpoint, from),
      onLogin: (call) => this.#loginsOf(call.from).called(call),
      onLoginHeard: (call) => {
        this.#loginsOf(call.from).heard(call, this.time.nowMs);
        if (call.from === HOME) this.status.loginHeard(call);
        this.chronicle.line(`login ${call.outcome}`);
      },
      onStored: (readings, from) => this.#stored('share', readings, from),
    });
    this.network.serve('share.example', share.answer);
    return share;
  }

  #loginsOf(from: string): LoginWatch {
    return this.#companions.get(from)?.place.logins ?? this.logins;
  }

  #requested(name: DestinationName, call: string, from: string): void {
    this.chronicle.line(from === HOME ? `${name} ${call}` : `${name} ${call} by the ${from}`);
    const { nowMs } = this.time;
    const { fromMs, untilMs } = this[name].troubles.quiet(from);
    // A program that was started since does not know that it was asked to wait.
    const startedMs = this.#companions.get(from)?.startedMs ?? this.#startedMs;
    if (nowMs < untilMs - 1000 && nowMs > fromMs && fromMs > startedMs) {
      this.verdict.broken('tooSoon', `${name} was asked ${call} before ${iso(untilMs)}.`);
    }
  }

  #stored(name: DestinationName, readings: readonly Arrived[], from: string): void {
    for (const one of this.receivers) one.look();
    for (const { utcMs, value } of readings)
      this.chronicle.line(`${name} stored ${utcMs} ${value}`);
    this.ledgers.get(name)?.arrived(readings, this.#senderAt(from));
  }

  #metersStored(values: readonly Arrived[], from: string): void {
    for (const one of this.receivers) one.look();
    for (const { utcMs, value } of values) this.chronicle.line(`meter stored ${utcMs} ${value}`);
    this.meters?.arrived(values, this.#senderAt(from));
  }

  #senderAt(from: string): Sender {
    const host = this.#companions.get(from)?.place.host ?? this.host;
    return { computer: host.computerName, worn: this.worn.spec.serialNumber };
  }

  /** Runs the history to its end, or to its first violation. */
  async run(): Promise<Outcome> {
    this.startProgram();
    this.#auditAgain();
    const endMs = BEGIN_MS + this.spec.days * DAY_MS;
    await this.time.runUntil(endMs, () => this.verdict.first !== undefined);
    const lived = this.time.nowMs - BEGIN_MS;
    for (const { host } of [this, ...this.#places()]) host.kill();
    // What the dead program has under way comes to its end, and nothing of it counts.
    await this.time.runUntil(this.time.nowMs);
    return {
      violation: this.verdict.first,
      digest: this.chronicle.digest(),
      days: lived / DAY_MS,
      readings: [...this.ledgers.values()].reduce((sum, { brought }) => sum + brought, 0),
      sessions: this.receiverWatch.sessions,
      requests: this.receiverWatch.requests,
      logins: this.logins.attempts,
      largestFileBytes: this.#largestFileBytes,
      faults: this.chronicle.faults,
    };
  }

  /** Time since when nothing has stood in the way of an upload there, ms; 0 if something does. */
  wellForMs(name: string): number {
    const wellSinceMs = this.troubles.wellSinceMs(name);
    if (wellSinceMs === undefined || this.worn.isOff) return 0;
    const isShare = name === 'share';
    const { lockedUntilMs } = this.share.account;
    const { withoutSessionUntilMs, sharingKnownMs } = this.share;
    const shareUntilMs = Math.max(lockedUntilMs, withoutSessionUntilMs, sharingKnownMs);
    const { waitsUntilMs } = (isShare ? this.share : this.nightscout).troubles.quiet(HOME);
    const sinceMs = Math.max(
      ...[wellSinceMs, waitsUntilMs, isShare ? shareUntilMs : 0],
      this.#onSinceMs(),
    );
    return Math.max(this.time.nowMs - sinceMs, 0);
  }

  /** Time since when the receiver that is worn is on. */
  #onSinceMs(): number {
    const { toMs } = this.worn.off ?? { toMs: BEGIN_MS };
    return toMs <= this.time.nowMs ? toMs : BEGIN_MS;
  }

  /** Time for which this trouble, and no other, has stood in the way, ms. */
  onlyTroubleForMs(what: string): number {
    return this.host.isAsleep ? 0 : this.troubles.onlyForMs(what);
  }

  /** The computer wakes. */
  wake(): void {
    const sleptMs = this.host.wake();
    for (const { troubles } of [this.share, this.nightscout]) troubles.woke(HOME, sleptMs);
  }

  /** Another device publishes to the account. */
  otherPublishes(truths: readonly Truth[], shiftMs: number): void {
    this.othersPublishedMs = this.time.nowMs;
    const { serialNumber } = this.worn.spec;
    this.ledgers.get('share')?.publishedByOthers(truths);
    this.share.publish(
      truths.map(({ trueMs, value }) => ({
        ...{ utcMs: Math.floor((trueMs + shiftMs) / 1000) * 1000, value, serialNumber },
      })),
    );
  }

  startProgram(): void {
    if (this.host.process.isAlive) return;
    this.receiverWatch.programStarted();
    this.status.programStarted();
    this.#startedMs = this.time.nowMs;
    this.chronicle.line('program starts');
    this.#program = new Program({
      ...{ host: this.host, network: this.network, random: this.random },
      ...{ password: this.password, mistake: this.#options.mistake, spec: this.spec },
      nightscout: this.nightscout.credentials(this.spec.nightscoutVersion),
      plugged: () => this.#plugged(HOME),
      onOpened: (receiver) => {
        this.#opener = HOME;
        this.receiverWatch.opened(this.time.nowMs);
        this.status.opened();
        receiver.look();
      },
      onClosed: (receiver) => {
        this.#opener = undefined;
        this.receiverWatch.closed(receiver.takeCodes());
      },
      before: structuredClone(this.#kept),
      onEvent: (event) => this.#onKeepEvent(event),
      onStatus: (status) => this.#onStatus(status),
      onEnded: (error) => this.verdict.broken('ended', `Uploading ended by itself: ${error}.`),
    });
  }

  #plugged(from: string): SimulatedReceiver | 'denied' | 'taken' | undefined {
    if (this.worn.isOff) return undefined;
    const isAway = this.troubles.has('at the other computer');
    if (from === ELSEWHERE) return isAway ? this.worn : undefined;
    if (isAway || this.troubles.has('unplugged')) return undefined;
    if (this.troubles.has('port denied')) return 'denied';
    return this.#opener === undefined || this.#opener === from ? this.worn : 'taken';
  }

  #programDied(): void {
    this.chronicle.line('program dies');
    this.logins.died(HOME, this.time.nowMs);
    if (this.#opener === HOME) this.#letGo(this.receiverWatch);
  }

  /** Whoever has the receivers open is gone. */
  #letGo(watch: ReceiverWatch): void {
    this.#opener = undefined;
    for (const one of this.receivers) {
      one.detachAll();
      watch.closed(one.takeCodes());
    }
  }

  /** Starts a second program beside the first, or one on another computer. */
  startCompanion(name: CompanionName): void {
    const companion = this.#companions.get(name) ?? this.#newCompanion(name);
    this.chronicle.line(`the ${name} starts`);
    companion.start({
      ...{ password: this.password, spec: this.spec },
      nightscout: this.nightscout.credentials(this.spec.nightscoutVersion),
      plugged: () => this.#plugged(name),
      onOpened: () => {
        this.#opener = name;
      },
      onClosed: () => {
        this.#opener = undefined;
      },
    });
  }

  async endCompanion(name: CompanionName, isKilled: boolean): Promise<void> {
    await this.#companions.get(name)?.end(isKilled);
  }

  #newCompanion(name: CompanionName): Companion {
    const { time, verdict } = this;
    const stream = (number: number): Random =>
      seededRandom(Math.imul(this.spec.seed, 0x2c1b_3c6d) ^ Math.imul(number, 0x297a_2d39));
    const isSecond = name === SECOND;
    const host = isSecond ? new Host(time, this.host) : new Host(time, name);
    if (!isSecond) host.errorMs = stream(1).integer(-400, 400);
    const random = stream(isSecond ? 2 : 3);
    const place = { from: name, host, time, random };
    const network = new Network(place, this.network, isSecond ? this.network.state : undefined);
    network.onFault = this.chronicle.fault;
    const companion = new Companion({
      ...{ name: `The ${name}`, host, random, network, verdict, nowMs: () => time.nowMs },
      disk: isSecond ? this.disk : new Disk(stream(4)),
      logins: isSecond ? this.logins : new LoginWatch(verdict, LOCKED_FOR_MS),
    });
    host.onDeath = () => {
      this.chronicle.line(`the ${name} dies`);
      companion.place.logins.died(name, time.nowMs);
      if (this.#opener === name) this.#letGo(companion.watch);
    };
    this.#companions.set(name, companion);
    return companion;
  }

  #places(): readonly CompanionPlace[] {
    return [...this.#companions.values()].map(({ place }) => place);
  }

  /** A person has made this password the right one, wherever it is written down. */
  corrected(password: string): void {
    this.password = password;
    for (const { logins } of [this, ...this.#places()]) logins.corrected(password);
  }

  /** Lets go of a program that has ended, so that its memory can be freed. */
  forgetProgram(): void {
    this.#program = undefined;
  }

  /** Stops the program as the system does when it is told to; kills it if it does not end. */
  async stopProgram(): Promise<void> {
    await this.#program?.stop();
    this.host.kill();
  }

  #onKeepEvent(event: KeepEvent): void {
    this.chronicle.event(event);
    this.status.event(event);
  }

  #onStatus(status: KeepStatus): void {
    const { pending, person, lastReading } = status;
    this.#kept = status;
    this.chronicle.line(`status ${pending} ${lastReading?.utcMs} ${person !== undefined}`);
    this.status.check(status);
  }

  #auditAgain(): void {
    this.time.after(AUDIT_MS, () => {
      this.#audit();
      this.#auditAgain();
    });
  }

  #audit(): void {
    for (const one of this.receivers) {
      one.look();
      one.forgetBefore(this.time.nowMs - 3 * DAY_MS);
    }
    this.status.audit();
    this.meters?.audit();
    for (const ledger of this.ledgers.values()) ledger.forgetOld();
    if (this.host.timersWaiting > MOST_TIMERS) {
      this.verdict.broken('memory', `${this.host.timersWaiting} timers wait.`);
    }
    for (const path of this.disk.list(STATE_FOLDER)) {
      const { size } = this.disk.file(path);
      this.#largestFileBytes = Math.max(this.#largestFileBytes, size);
      if (size > MOST_STATE_BYTES) this.verdict.broken('memory', `${path} has ${size} bytes.`);
    }
  }
}
