import { Receiver, type ReceiverOptions } from '@egvkit/receiver';
import { EmulatedReceiver } from '../../src/device.ts';
import { memoryTransport } from '../../src/memory.ts';
import type { Delivery, EmulatedReceiverOptions, EmulatedReply } from '../../src/options.ts';
import { RECEIVER_PROFILES } from '../../src/profiles.ts';
import type { Attachable, Wire } from '../../src/wire.ts';
import { hex } from './bytes.ts';
import { settle } from './clock.ts';
import { database } from './records.ts';

export const { g4, g5, g6 } = RECEIVER_PROFILES;

/**
 * An emulated receiver; a G4 with nothing in it unless more is said. Its clock ticks on the second,
 * since the clock of these tests stands on one.
 */
export function emulated(options: Partial<EmulatedReceiverOptions> = {}): EmulatedReceiver {
  const profile = options.profile ?? g4;
  return new EmulatedReceiver({
    profile,
    database: database(profile),
    clockPhaseMs: 0,
    ...options,
  });
}

export interface Tap {
  readonly device: Attachable;
  /** The requests the device has been sent, in hexadecimal. */
  readonly requests: string[];
  /** Sends the host bytes that the device did not. */
  readonly inject: (bytes: Uint8Array) => void;
}

/** Listens to what goes to a device, and can speak in its place. */
export function tap(device: Attachable): Tap {
  const requests: string[] = [];
  const wires: Wire[] = [];
  return {
    requests,
    inject(bytes) {
      for (const wire of wires) wire.send(bytes);
    },
    device: {
      attach(wire) {
        wires.push(wire);
        const line = device.attach(wire);
        return {
          receive(bytes) {
            requests.push(hex(bytes));
            line.receive(bytes);
          },
          detach: () => line.detach(),
        };
      },
    },
  };
}

export interface Bench extends Omit<Tap, 'device'> {
  readonly receiver: Receiver;
  readonly device: EmulatedReceiver;
}

/** An opened driver with an emulated receiver behind it; no requests yet. Needs the fake clock. */
export async function bench(
  options: Partial<EmulatedReceiverOptions> = {},
  driver: ReceiverOptions = {},
): Promise<Bench> {
  const device = emulated(options);
  const { device: tapped, requests, inject } = tap(device);
  const receiver = await settle(Receiver.open(memoryTransport(tapped), driver));
  requests.length = 0;
  return { receiver, device, requests, inject };
}

/** A `deliver` that tampers with the replies to one command; the first is number 1. */
export function tamper(
  command: EmulatedReply['command'],
  change: (bytes: Uint8Array, number: number) => Delivery | undefined,
): NonNullable<EmulatedReceiverOptions['deliver']> {
  let number = 0;
  return (reply) => {
    if (reply.command !== command) return undefined;
    number++;
    return change(reply.bytes, number);
  };
}
