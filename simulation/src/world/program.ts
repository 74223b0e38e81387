import { Receiver, ReceiverError } from '@egvkit/receiver';
import { memoryTransport, type Random } from '@egvkit/receiver-emulator';
import { ShareClient, type ShareClientOptions } from '@egvkit/share-http';
import { fileSessionStore } from '@egvkit/share-http/node';
import {
  type Destination,
  type KeepEvent,
  type KeepOptions,
  type KeepStatus,
  KeptRecords,
  keepUploading,
  receiverSource,
  shareDestination,
} from '@egvkit/uploader';
import { type NightscoutOptions, nightscoutDestination } from '@egvkit/uploader/nightscout';
import { fileJournal } from '@egvkit/uploader/node';
import type { Mistake } from '../mistakes/mistake.ts';
import type { Host, Incarnation } from '../platform/host.ts';
import type { DestinationName, HistorySpec } from './history.ts';
import type { Network } from './network.ts';
import { NIGHTSCOUT_HOST, type NightscoutSide } from './nightscout-side.ts';
import type { SimulatedReceiver } from './receiver.ts';
import { ACCOUNT_NAME, SHARE_HOST } from './share-side.ts';

/** Folder of everything that the program keeps. */
export const STATE_FOLDER = '/state';

/** Parts of the world that a program works in. */
export interface ProgramWorld {
  readonly host: Host;
  readonly network: Network;
  readonly random: Random;
  readonly password: string;
  readonly spec: HistorySpec;
  readonly nightscout: ReturnType<NightscoutSide['credentials']>;
  readonly mistake: Mistake | undefined;
  /** Status that an earlier program kept. */
  readonly before?: KeepStatus | undefined;
  /** The receiver that is plugged in and may be opened. */
  readonly plugged: () => SimulatedReceiver | 'denied' | 'taken' | undefined;
  readonly onOpened: (receiver: SimulatedReceiver) => void;
  readonly onClosed: (receiver: SimulatedReceiver) => void;
  readonly onEvent: (event: KeepEvent) => void;
  readonly onStatus: (status: KeepStatus) => void;
  readonly onEnded: (error: unknown) => void;
}

/** The program of a family: a start of it, until it is stopped or dies. */
export class Program {
  readonly incarnation: Incarnation;
  readonly #stop = new AbortController();
  readonly #ended: Promise<void>;

  constructor(world: ProgramWorld) {
    const { host, mistake } = world;
    this.incarnation = host.startProcess();
    const isAlive = (): boolean => this.incarnation.isAlive;
    const options = optionsOf(world, this.#stop.signal, isAlive);
    this.#ended = keepUploading(mistake?.keep?.(options) ?? options).then(
      () => {
        if (isAlive() && !this.#stop.signal.aborted) world.onEnded(undefined);
      },
      (error: unknown) => {
        if (isAlive()) world.onEnded(error);
      },
    );
  }

  /** Ends it as a person or the system does: it may finish what it has begun. */
  async stop(): Promise<void> {
    this.#stop.abort(new Error('stopped'));
    await this.#ended;
  }
}

function optionsOf(world: ProgramWorld, signal: AbortSignal, isAlive: () => boolean): KeepOptions {
  const { host, mistake, random } = world;
  const kept = new KeptRecords();
  const journal: KeepOptions['journal'] = (owner) =>
    fileJournal(`${STATE_FOLDER}/${owner.serialNumber}-${owner.target.slice(0, 16)}.jsonl`)(owner);
  const clock = mistake?.clock?.(host) ?? host;
  return {
    async source({ signal }) {
      const receiver = await openReceiver(world, signal);
      const source = receiverSource(receiver, { kept, clock: host });
      return { ...source, [Symbol.asyncDispose]: () => receiver.close() };
    },
    destinations: world.spec.destinations.map((name) => ({
      ...{ name, destination: destinationOf(name, world) },
    })),
    journal,
    before: world.before,
    clock,
    random: random.next,
    signal,
    onEvent: (event) => {
      if (isAlive()) world.onEvent(event);
    },
    onStatus: (status) => {
      if (isAlive()) world.onStatus(status);
    },
  };
}

function destinationOf(name: DestinationName, world: ProgramWorld): Destination {
  const { host, network, nightscout, mistake } = world;
  const { nowMs, sleep } = host;
  if (name === 'share') return shareDestination(clientOf(world), { nowMs });
  const fetch = mistake?.fetch?.(network.fetch) ?? network.fetch;
  const url = `https://${NIGHTSCOUT_HOST}`;
  return nightscoutDestination({ url, ...nightscout, nowMs, sleep, fetch } as NightscoutOptions);
}

function clientOf({ host, network, random, password, mistake }: ProgramWorld): ShareClient {
  const store = fileSessionStore(`${STATE_FOLDER}/sessions`);
  const options = {
    origin: `https://${SHARE_HOST}`,
    accountName: ACCOUNT_NAME,
    password,
    unattended: true,
    store: mistake?.store?.(store) ?? store,
    fetch: mistake?.fetch?.(network.fetch) ?? network.fetch,
    // The platform's parts, which only tests replace.
    now: host.nowMs,
    sleep: host.sleep,
    random: random.next,
  };
  return new ShareClient((mistake?.client?.(options) ?? options) as ShareClientOptions);
}

async function openReceiver(world: ProgramWorld, signal: AbortSignal): Promise<Receiver> {
  const { host, mistake } = world;
  const transport = await host.call(() => {
    const receiver = world.plugged();
    const path = '/dev/ttyACM0';
    if (receiver === 'denied') {
      throw new ReceiverError('portFailed', { path, reason: 'permission is denied' });
    }
    if (receiver === 'taken') {
      throw new ReceiverError('portFailed', { path, reason: 'another program has it open' });
    }
    if (receiver === undefined) throw new ReceiverError('unplugged', { path });
    world.onOpened(receiver);
    const carrier = memoryTransport(receiver, { path });
    let isOpen = true;
    return {
      path,
      read: carrier.read,
      // The program may die at each request.
      write: (bytes: Uint8Array, stop?: AbortSignal) => host.call(() => carrier.write(bytes, stop)),
      async close() {
        await carrier.close();
        if (isOpen) world.onClosed(receiver);
        isOpen = false;
      },
      async [Symbol.asyncDispose]() {
        await this.close();
      },
    };
  });
  const options = { signal, nowMs: host.nowMs, monotonicMs: host.monotonicMs };
  const receiver = await Receiver.open(transport, { ...options, ...mistake?.receiverOptions });
  await mistake?.onOpened?.(receiver);
  return receiver;
}
