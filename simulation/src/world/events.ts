import { type Random, seededRandom } from '@egvkit/receiver-emulator';
import type { Family } from './family.ts';
import { BEGIN_MS, type EventKind, type HistoryEvent } from './history.ts';
import { CALM } from './network.ts';
import type { SimulatedReceiver } from './receiver.ts';
import { OUTAGE_KINDS, type Outage } from './service-state.ts';
import type { Truth } from './truth.ts';

/** Begins something; gives the function that ends it. */
type Begin = (family: Family, random: Random, event: HistoryEvent) => (() => void) | undefined;

/** Something that stands in the way as long as it lasts. */
function troubleOf(what: string, begin: Begin = () => undefined): Begin {
  return (family, random, event) => {
    family.troubles.begin(what);
    const end = begin(family, random, event);
    return () => {
      end?.();
      family.troubles.end(what);
    };
  };
}

/** A clock that is wrong by less than this passes the check against the service's. */
const SMALL_STEP_MS = 115_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const BEGIN: Readonly<Record<EventKind, Begin>> = {
  unplug: troubleOf('unplugged', (family) => {
    for (const one of family.receivers) one.detachAll();
    return undefined;
  }),
  portDenied: troubleOf('port denied', (family) => {
    for (const one of family.receivers) one.detachAll();
    return undefined;
  }),
  damagedReplies: troubleOf('damaged replies', (family, random) => {
    const rate = random.next() ** 3;
    const seed = random.integer(1, 1_000_000);
    for (const one of family.receivers) one.beginFaults(seed, rate, family.chronicle.fault);
    return () => {
      for (const one of family.receivers) one.endFaults();
    };
  }),
  computerSleeps: troubleOf('asleep', (family) => {
    family.host.fallAsleep();
    return () => family.wake();
  }),
  clockWrong: troubleOf('clock wrong', (family, random) => {
    const far = random.chance(0.5) ? random.integer(-3 * DAY_MS, 3 * DAY_MS) : 0;
    const byMs = far || random.integer(-SMALL_STEP_MS, SMALL_STEP_MS);
    family.host.errorMs += byMs;
    return () => {
      family.host.errorMs -= byMs;
    };
  }),
  programKilled: (family, random, { forMs }) =>
    crash(family, random, forMs, () => family.host.kill()),
  powerCut: (family, random, { forMs }) =>
    crash(family, random, forMs, () => {
      family.host.kill();
      family.disk.losePower();
      family.host.boot();
      // Not every computer's clock runs on without power; it is set a while after the start.
      if (random.chance(0.4)) {
        setWrong(family, random.integer(-SMALL_STEP_MS, SMALL_STEP_MS), forMs + 10 * MINUTE_MS);
      }
    }),
  programRestarted: (family) => {
    family.troubles.begin('program stopped');
    void family.stopProgram();
    return () => {
      family.host.kill();
      family.troubles.end('program stopped');
      family.startProgram();
    };
  },
  diskFull: troubleOf('disk full', (family) => {
    family.disk.isFull = true;
    return () => {
      family.disk.isFull = false;
    };
  }),
  networkCut: troubleOf('network cut', ({ network, host }, random) => {
    network.state.cuts++;
    // Nobody sets the clock meanwhile: some computers' wanders, and is set when there is a network again.
    const wandersMs = random.chance(0.3) ? random.integer(-SMALL_STEP_MS, SMALL_STEP_MS) : 0;
    host.errorMs += wandersMs;
    return () => {
      network.state.cuts--;
      host.errorMs -= wandersMs;
    };
  }),
  networkFlaky: troubleOf('network flaky', ({ network, share }, random) => {
    const { state } = network;
    if (random.chance(0.3)) share.expireSessions();
    state.resetBefore = 0.3 * random.next();
    state.resetAfter = 0.3 * random.next();
    state.slowestMs = random.integer(200, random.chance(0.3) ? 60_000 : 5000);
    return () => Object.assign(state, CALM);
  }),
  shareDown: troubleOf('share down', ({ share }, random) => goDown(share.troubles, random)),
  shareFailsAfter: troubleOf('share fails after', ({ share }, random) =>
    failAfter(share.troubles, random),
  ),
  nightscoutDown: troubleOf('nightscout down', ({ nightscout }, random) =>
    goDown(nightscout.troubles, random),
  ),
  nightscoutFailsAfter: troubleOf('nightscout fails after', ({ nightscout }, random) =>
    failAfter(nightscout.troubles, random),
  ),
  nightscoutRestarted: ({ nightscout }) => {
    nightscout.restart();
    return undefined;
  },
  sessionsExpire: ({ share }) => {
    share.expireSessions();
    return undefined;
  },
  accountLocked: (family, random, { forMs }) => {
    const { share, time } = family;
    share.change({ lockedUntilMs: time.nowMs + forMs });
    if (random.chance(0.7)) share.expireSessions();
    // Who sees that something is wrong starts the program again.
    if (random.chance(0.5)) {
      time.after(random.integer(2 * MINUTE_MS, forMs), () => {
        void family.stopProgram().then(() => family.startProgram());
      });
    }
    return undefined;
  },
  passwordChanged: troubleOf('share password changed', (family, random) => {
    const password = `${family.password}-${random.integer(1, 1_000_000)}`;
    family.share.change({ passwordHash: password });
    family.share.expireSessions();
    return () => {
      // The person writes the newest one down, and starts the program again.
      family.corrected(family.share.account.passwordHash);
      void family.stopProgram().then(() => family.startProgram());
    };
  }),
  otherPublisher: (family, random) => {
    let isOver = false;
    const late = random.integer(0, 240_000);
    // Less than this is the second of somebody else, and is taken over.
    const shift = random.chance(0.5)
      ? 0
      : random.integer(3, 8) * (random.chance(0.5) ? 1000 : -1000);
    const told = new Set<Truth>();
    const publish = (): void => {
      if (isOver) return;
      const { nowMs } = family.time;
      family.worn.look();
      const fresh = family.worn.truths.filter(
        (truth) => truth.isGlucose && truth.storedMs > nowMs - 600_000 && !told.has(truth),
      );
      const due = fresh.filter(({ storedMs }) => storedMs <= nowMs - late);
      for (const truth of due) told.add(truth);
      family.otherPublishes(due, shift);
      family.time.after(60_000, publish);
    };
    publish();
    return () => {
      isOver = true;
    };
  },
  // The program switches it on again when it is refused, and it is refused at most once in 18 minutes.
  sharingOff: troubleOf('share not sharing', ({ share }) => {
    share.stopSharing();
    return undefined;
  }),
  // Somebody starts it by hand, and does not know that it runs.
  secondProgram: troubleOf('second program', (family, random) => {
    const isKilled = random.chance(0.5);
    family.startCompanion('second program');
    return () => void family.endCompanion('second program', isKilled);
  }),
  // The receiver is taken there and back.
  otherComputer: troubleOf('at the other computer', (family, random) => {
    const isKilled = random.chance(0.5);
    for (const one of family.receivers) one.detachAll();
    family.startCompanion('other computer');
    return () => {
      for (const one of family.receivers) one.detachAll();
      void family.endCompanion('other computer', isKilled);
    };
  }),
  receiverSwapped: (family, random) => {
    wear(family, random);
    return () => wear(family, random);
  },
  travel: (family, random) => {
    const hours = random.integer(-12, 12);
    family.host.zoneMinutes = hours * 60;
    // Who sets the receiver does it after a while, and to the minute that a clock on the wall shows.
    if (random.chance(0.7)) {
      const offsetSeconds = hours * 3600 - family.worn.spec.clockErrorSeconds;
      const lateMs = random.integer(0, 12 * HOUR_MS);
      const aside = random.integer(-90, 90);
      family.time.after(lateMs, () => family.worn.showOffset(offsetSeconds + aside));
    }
    return undefined;
  },
};

/** Lets the computer's clock be wrong for a time. */
function setWrong(family: Family, byMs: number, forMs: number): void {
  family.troubles.begin('clock wrong');
  family.host.errorMs += byMs;
  family.time.after(forMs, () => {
    family.host.errorMs -= byMs;
    family.troubles.end('clock wrong');
  });
}

/** Lets a service be down, in one way or another. */
function goDown(troubles: ServiceTroubles, random: Random): () => void {
  const kind = OUTAGE_KINDS[random.integer(0, OUTAGE_KINDS.length - 1)] ?? 'unavailable';
  const retryAfterSeconds = random.chance(0.5) ? random.integer(60, 7200) : 0;
  const outage: Outage = { kind, retryAfterSeconds };
  troubles.outages.add(outage);
  return () => {
    troubles.outages.delete(outage);
  };
}

/** Lets a service fail now and then after it has carried a request out. */
function failAfter(troubles: ServiceTroubles, random: Random): () => void {
  troubles.failsAfter = 0.5 * random.next();
  return () => {
    troubles.failsAfter = 0;
  };
}

/** The family uses its other receiver from now on, and sooner or later assigns it to the account. */
function wear(family: Family, random: Random): void {
  const { receivers } = family;
  const worn = receivers.find((one) => one !== family.worn);
  if (worn === undefined) return;
  for (const one of receivers) one.detachAll();
  family.worn = worn;
  family.wornSinceMs = family.time.nowMs;
  family.troubles.begin('share not assigned');
  const lateMs = random.chance(0.5) ? 1000 : random.integer(1000, 12 * HOUR_MS);
  family.time.after(lateMs, () => {
    family.share.change({ receiver: family.worn.spec.serialNumber });
    family.troubles.end('share not assigned');
  });
}

/** Lets the program die and start again later: now, at one of its next calls to the outside, or at its next post. */
function crash(family: Family, random: Random, forMs: number, kill: () => void): undefined {
  // A program that crashes at its start is started again and again.
  let again = random.chance(0.3) ? random.integer(1, 4) : 0;
  let deadMs = forMs;
  const die = (): void => {
    family.troubles.begin('program dead');
    kill();
    family.time.after(deadMs, () => {
      family.troubles.end('program dead');
      family.startProgram();
      deadMs = Math.min(forMs, MINUTE_MS);
      if (again-- > 0) family.host.crashAfter(random.integer(1, 300), random.chance(0.5), die);
    });
  };
  const how = random.next();
  if (how < 0.2) die();
  else if (how < 0.4) family.network.atNextPost(die);
  else {
    const calls = random.integer(1, random.chance(0.5) ? 60 : 600);
    family.host.crashAfter(calls, random.chance(0.5), die);
  }
  return undefined;
}

/** Lets an event happen, and end when its time has come. */
function happen(family: Family, event: HistoryEvent): void {
  const { kind, forMs, seed } = event;
  family.chronicle.fault(kind);
  const end = BEGIN[kind](family, seededRandom(seed), event);
  if (end === undefined) return;
  family.time.after(forMs, () => {
    family.chronicle.line(`end of ${kind}`);
    end();
  });
}

/** Lets a receiver's clock lose time; one whose clock stands still is off meanwhile. */
function loseTime(family: Family, receiver: SimulatedReceiver): void {
  const { off, spec } = receiver;
  if (spec.timeLoss === undefined) return;
  const { atMs, how } = spec.timeLoss;
  family.time.at(atMs, () => family.chronicle.fault(`clock ${how}`));
  if (off === undefined) return;
  family.time.at(off.fromMs, () => {
    family.chronicle.line(`${spec.serialNumber} is off`);
    receiver.detachAll();
  });
}

/** Lets everything of a history happen in its time. */
export function schedule(family: Family): void {
  for (const one of family.receivers) loseTime(family, one);
  for (const event of family.spec.events) {
    family.time.at(BEGIN_MS + event.atMs, () => happen(family, event));
  }
}
