import type { Attachable } from '@egvkit/receiver-emulator';

/** Adds up how long the replies of a device take, from the request to the reply. */
export function timed(device: Attachable): Attachable & { readonly latencyMs: () => number } {
  let sentMs = 0;
  let latencyMs = 0;
  return {
    latencyMs: () => latencyMs,
    attach(wire) {
      const line = device.attach({
        send(bytes) {
          latencyMs += performance.now() - sentMs;
          wire.send(bytes);
        },
        unplug: () => wire.unplug(),
      });
      return {
        receive(bytes) {
          sentMs = performance.now();
          line.receive(bytes);
        },
        detach: () => line.detach(),
      };
    },
  };
}
