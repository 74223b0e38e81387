/** The carrier without a cable: an emulated receiver as a `Transport` in the same process. */
import type { CancelSignal, Transport } from '@egvkit/protocol/receiver';
import { Inbox, ReceiverError } from '@egvkit/receiver/transport';
import type { Attachable, Line } from './wire.ts';

export interface MemoryTransportOptions {
  /** Name in messages; `memory` by default. */
  readonly path?: string | undefined;
}

/**
 * Plugs a device in, in memory. What the host writes reaches the device within the call to
 * `write`; what the device sends can be read at once. Bytes are copied both ways, as a cable does,
 * so neither side sees the other change an array.
 *
 * @returns an open transport; closing it detaches the device, once
 *
 * @example
 * ```ts
 * import { type EmulatedReceiver, memoryTransport } from '@egvkit/receiver-emulator';
 *
 * export async function ping(device: EmulatedReceiver) {
 *   await using transport = memoryTransport(device);
 *   await transport.write(Uint8Array.of(0x01, 0x06, 0x00, 0x0a, 0x5e, 0x65));
 *   return await transport.read(1000);
 * }
 * ```
 */
export function memoryTransport(
  device: Attachable,
  { path = 'memory' }: MemoryTransportOptions = {},
): Transport {
  const inbox = new Inbox(path);
  let line: Line | undefined;

  const detach = () => {
    const attached = line;
    line = undefined;
    attached?.detach();
  };
  const close = async () => {
    inbox.close();
    detach();
  };

  const attached = device.attach({
    send: (bytes) => inbox.push(new Uint8Array(bytes)),
    unplug: () => {
      inbox.fail(new ReceiverError('unplugged', { path }));
      detach();
    },
  });
  if (inbox.ended) attached.detach();
  else line = attached;

  return {
    path,
    read: (timeoutMs: number, signal?: CancelSignal) => inbox.read(timeoutMs, signal),
    write: async (bytes: Uint8Array, signal?: CancelSignal) => {
      inbox.assertOpen();
      if (signal?.aborted) throw signal.reason;
      line?.receive(new Uint8Array(bytes));
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
