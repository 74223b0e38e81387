import type { Transport } from '@egvkit/protocol/receiver';
import { Receiver } from '@egvkit/receiver';
import { computed, effect, signal } from '@preact/signals';
import { problemOf } from '../machines/problem.ts';
import {
  NO_RECEIVER,
  nextReceiver,
  type ReceiverEvent,
  type ReceiverState,
} from '../machines/receiver.ts';
import { type Device, readDevice } from '../readings/device.ts';
import { NOTHING_READ, type ReadSoFar, type ReadView, readReceiver } from '../readings/read.ts';
import { chooseReceiver, forgetReceivers, onUnplugged, type WayName } from '../receivers/ways.ts';
import { remembered, rememberReadings } from './memory.ts';
import { isRemembering } from './settings.ts';

/** The receiver as the page sees it. */
export const receiverState = signal<ReceiverState>(NO_RECEIVER);
/** Readings of the receiver that was last connected, and the point to go on from. */
export const readSoFar = signal<ReadSoFar>(NOTHING_READ);
/** The receiver that {@link readSoFar} is of, connected or not. */
export const lastDevice = signal<Device | undefined>(undefined);
/** True if the shown readings are made up. */
export const isEmulated = signal(false);

/** True while an emulated receiver is connected: what it gives is made up. */
export const givesMadeUp = computed(
  () => receiverState.value.at === 'open' && receiverState.value.way === 'emulated',
);

/** True if there are readings to show. */
export const hasReadings = computed(() => readSoFar.value.history.readings.length > 0);

let open: Receiver | undefined;
let reading: AbortController | undefined;
let opening: AbortController | undefined;

function happen(event: ReceiverEvent): void {
  receiverState.value = nextReceiver(receiverState.value, event);
}

/** The receiver that is connected. */
export function connectedReceiver(): Receiver | undefined {
  return open;
}

/** Lets the user choose a receiver, opens it and reads it. To be called in a click. */
export async function connect(way: WayName): Promise<void> {
  if (receiverState.value.at !== 'none') return;
  happen({ kind: 'choose', way });
  const stop = new AbortController();
  opening = stop;
  try {
    const openChosen = await chooseReceiver(way);
    happen({ kind: 'chosen' });
    const transport: Transport = await openChosen({
      signal: stop.signal,
      onRetry: ({ attempt, attempts, error: { code } }) =>
        happen({ kind: 'retried', attempt: attempt + 1, attempts, code }),
    });
    open = await Receiver.open(transport, { signal: stop.signal });
    happen({ kind: 'opened' });
  } catch (error) {
    if (stop.signal.aborted) happen({ kind: 'closed' });
    else happen({ kind: 'failed', problem: problemOf(error), isOpen: false });
    return;
  }
  await identify(way);
}

async function identify(way: WayName): Promise<void> {
  if (open === undefined) return;
  try {
    const device = await readDevice(open, new AbortController().signal);
    const isSame = device.serialNumber === lastDevice.value?.serialNumber;
    if (!isSame || isEmulated.value !== (way === 'emulated')) {
      readSoFar.value = (await remembered(device.serialNumber)) ?? NOTHING_READ;
    }
    isEmulated.value = way === 'emulated';
    lastDevice.value = device;
    happen({ kind: 'identified', device });
  } catch (error) {
    await fail(error);
    return;
  }
  await read();
}

/** Reads what is new on the receiver; everything, the first time. */
export async function read(): Promise<void> {
  if (open === undefined) return;
  const state = receiverState.value;
  if (state.at !== 'open' || state.work.at !== 'idle') return;
  happen({ kind: 'readingBegan' });
  const stop = new AbortController();
  reading = stop;
  const device = lastDevice.value;
  let latest = readSoFar.value;
  /** Not what was forgotten meanwhile, and not of a receiver that another one has replaced. */
  const show = (): void => {
    if (lastDevice.value === device) readSoFar.value = latest;
  };
  const view: ReadView = {
    progress: (progress) => happen({ kind: 'readingProgressed', progress }),
    soFar: (soFar) => {
      latest = soFar;
      // Shown in a task of its own, so that no task is long.
      setTimeout(() => {
        if (latest === soFar) show();
      });
    },
  };
  try {
    await readReceiver(open, readSoFar.value, view, stop.signal);
    happen({ kind: 'readingEnded' });
  } catch (error) {
    if (stop.signal.aborted) happen({ kind: 'readingEnded' });
    else await fail(error);
  }
  show();
  if (lastDevice.value === device) await keepReadings();
}

/** Keeps what is shown, if the user wants that. What is made up is not worth keeping. */
async function keepReadings(): Promise<void> {
  const device = lastDevice.peek();
  if (device === undefined || isEmulated.peek()) return;
  await rememberReadings(device, readSoFar.peek());
}

/** Keeps what is shown already, as soon as that is wanted. */
effect(() => {
  if (isRemembering.value) keepReadings();
});

/** Errors after which a receiver still answers. */
const SURVIVABLE = new Set(['refused', 'badPage', 'corrupt']);

async function fail(error: unknown): Promise<void> {
  const problem = problemOf(error);
  const isOpen = SURVIVABLE.has(problem.code);
  if (!isOpen) await release();
  happen({ kind: 'failed', problem, isOpen });
}

async function release(): Promise<void> {
  const closing = open;
  open = undefined;
  await closing?.close().catch(() => {});
}

/** Stops reading; what was read stays. */
export function cancelReading(): void {
  happen({ kind: 'cancel' });
  reading?.abort();
}

/** Lets the receiver go, or stops waiting for it. */
export async function disconnect(): Promise<void> {
  opening?.abort();
  reading?.abort();
  await release();
  happen({ kind: 'closed' });
}

/** Lets the receiver go, and takes back the permission to use it, where the browser keeps one. */
export async function forgetReceiver(): Promise<void> {
  await disconnect();
  await forgetReceivers();
}

/** Marks that an upload uses the receiver; gives what takes the mark back, if it is free. */
export function useForUpload(): (() => void) | undefined {
  const before = receiverState.value;
  happen({ kind: 'uploadBegan' });
  if (receiverState.value === before) return undefined;
  return () => happen({ kind: 'uploadEnded' });
}

/** Asks a receiver that is not being read if it is still there when some device was unplugged. */
onUnplugged(() => {
  const state = receiverState.value;
  if (open === undefined || state.at !== 'open' || state.work.at !== 'idle') return;
  open.ping().catch(fail);
});
