/** Reads an emulated G4 in a page, by a browser's API of the emulator; bundled for Chromium. */
import type { Transport } from '@egvkit/protocol/receiver';
import { Receiver } from '@egvkit/receiver';
import { EmulatedReceiver, generateDatabase, RECEIVER_PROFILES } from '@egvkit/receiver-emulator';
import { EmulatedSerial } from '@egvkit/receiver-emulator/webserial';
import { EmulatedUsb } from '@egvkit/receiver-emulator/webusb';
import { openSerial } from '@egvkit/receiver-webserial';
import { openUsb } from '@egvkit/receiver-webusb';
import { timed } from '../latency.ts';

type Timed = ReturnType<typeof timed>;

/** The ways of a page to a receiver. */
const WAYS = {
  webserial: (device: Timed): Promise<Transport> => {
    const serial = new EmulatedSerial();
    return openSerial(serial.plug(device).port, { serial });
  },
  webusb: (device: Timed): Promise<Transport> => {
    const usb = new EmulatedUsb();
    return openUsb(usb.plug(device).device, { usb });
  },
} as const;

/** Times of one reading of all EGVs, in real time, from when the receiver is open. */
export interface PageReading {
  readonly seconds: number;
  /** For how long of that the receiver had a request and had not replied. */
  readonly latencySeconds: number;
  readonly records: number;
  readonly stored: number;
}

export interface PageReadingOptions {
  readonly way: keyof typeof WAYS;
  readonly days: number;
  /** Answer as slowly as a real receiver, or at once. */
  readonly isTimed: boolean;
}

async function readEgvs({ way, days, isTimed }: PageReadingOptions): Promise<PageReading> {
  const profile = RECEIVER_PROFILES.g4;
  const nowMs = Date.UTC(2026, 0, 31);
  const database = generateDatabase({ profile, seed: 1, days, nowMs });
  const options = { profile, database, nowMs: () => nowMs };
  const device = new EmulatedReceiver({ ...options, ...(isTimed && { timing: { seed: 1 } }) });
  const line = timed(device);
  await using receiver = await Receiver.open(await WAYS[way](line));
  const openedMs = line.latencyMs();
  const start = performance.now();
  let records = 0;
  for await (const _ of receiver.records('egv')) records++;
  return {
    seconds: (performance.now() - start) / 1000,
    latencySeconds: (line.latencyMs() - openedMs) / 1000,
    records,
    stored: database.records(4).length,
  };
}

declare global {
  interface Window {
    readEgvs: typeof readEgvs;
  }
}

window.readEgvs = readEgvs;
