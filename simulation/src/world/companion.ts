import type { Random } from '@egvkit/receiver-emulator';
import type { LoginWatch } from '../checks/login-watch.ts';
import { ReceiverWatch } from '../checks/receiver-watch.ts';
import type { Verdict } from '../checks/violation.ts';
import type { Disk } from '../platform/disk.ts';
import type { Host } from '../platform/host.ts';
import { runBeside } from '../platform/machine.ts';
import type { Network } from './network.ts';
import { Program, type ProgramWorld } from './program.ts';
import type { SimulatedReceiver } from './receiver.ts';

/** Place of a program: its computer, and how it gets out of it. */
export interface CompanionPlace {
  readonly name: string;
  readonly host: Host;
  readonly disk: Disk;
  readonly random: Random;
  readonly network: Network;
  /** Of the folder in which logins are kept. */
  readonly logins: LoginWatch;
  readonly verdict: Verdict;
  readonly nowMs: () => number;
}

/** Facts that are the same for every program of a family. */
export type CompanionWorld = Pick<ProgramWorld, 'password' | 'spec' | 'nightscout' | 'plugged'> & {
  readonly onOpened: () => void;
  readonly onClosed: () => void;
};

/** Another program of a family, beside the one whose status is watched. */
export class Companion {
  readonly place: CompanionPlace;
  readonly watch: ReceiverWatch;
  startedMs = Number.NEGATIVE_INFINITY;
  #program: Program | undefined;

  constructor(place: CompanionPlace) {
    this.place = place;
    this.watch = new ReceiverWatch(place.verdict);
  }

  start(world: CompanionWorld): void {
    const { host, disk, random, network, verdict, nowMs } = this.place;
    if (host.process.isAlive) return;
    this.watch.programStarted();
    this.startedMs = nowMs();
    const given: ProgramWorld = {
      ...{ ...world, host, network, random, mistake: undefined },
      onOpened: (receiver: SimulatedReceiver) => {
        this.watch.opened(nowMs());
        world.onOpened();
        receiver.look();
      },
      onClosed: (receiver: SimulatedReceiver) => {
        this.watch.closed(receiver.takeCodes());
        world.onClosed();
      },
      onEvent() {},
      onStatus() {},
      onEnded: (error) => verdict.broken('ended', `${this.place.name} ended by itself: ${error}.`),
    };
    this.#program = runBeside({ host, disk, random }, () => new Program(given));
  }

  /** Ends it as a person does, or at once. */
  async end(isKilled: boolean): Promise<void> {
    if (!isKilled) await this.#program?.stop();
    this.place.host.kill();
  }
}
