import type { EmulatedReceiver } from '../../src/device.ts';
import type { EmulatedReceiverOptions } from '../../src/options.ts';
import type { Wire } from '../../src/wire.ts';
import { emulated } from './bench.ts';
import { hex, unhex } from './bytes.ts';

export interface Socket {
  readonly device: EmulatedReceiver;
  /** Gives the transfers that the device has sent since the last call, one string each. */
  readonly sent: () => string[];
  readonly send: (request: string) => void;
  /** Sends a request and gives what came back at once. */
  readonly ask: (request: string) => string[];
  readonly detach: () => void;
  readonly unplugged: () => boolean;
}

/** An emulated receiver without a driver: bytes in, bytes out, in hexadecimal. */
export function socket(options: Partial<EmulatedReceiverOptions> = {}): Socket {
  const device = emulated(options);
  let transfers: string[] = [];
  let unplugged = false;
  const wire: Wire = {
    send: (bytes) => void transfers.push(hex(bytes)),
    unplug: () => {
      unplugged = true;
    },
  };
  const line = device.attach(wire);
  function sent(): string[] {
    const all = transfers;
    transfers = [];
    return all;
  }
  return {
    device,
    sent,
    send: (request) => line.receive(unhex(request)),
    ask(request) {
      sent();
      line.receive(unhex(request));
      return sent();
    },
    detach: () => line.detach(),
    unplugged: () => unplugged,
  };
}
