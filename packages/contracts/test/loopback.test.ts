import type { CancelSignal, Transport } from '@egvkit/protocol/receiver';
import { Inbox, ReceiverError } from '@egvkit/receiver/transport';
import { describeTransport, peerDevice } from '../src/index.ts';

/** The least that passes the suite: an inbox, and a peer in the same process. */
describeTransport('an Inbox with a peer', async () => {
  const { device, peer } = peerDevice();
  const path = 'loopback';
  const inbox = new Inbox(path);
  const line = device.attach({
    send: (bytes) => inbox.push(bytes.slice()),
    unplug: () => inbox.fail(new ReceiverError('unplugged', { path })),
  });
  const close = async () => inbox.close();
  const transport: Transport = {
    path,
    read: (timeoutMs, signal) => inbox.read(timeoutMs, signal),
    write: async (bytes: Uint8Array, signal?: CancelSignal) => {
      inbox.assertOpen();
      if (signal?.aborted) throw signal.reason;
      line.receive(bytes.slice());
    },
    close,
    [Symbol.asyncDispose]: close,
  };
  return { transport, peer };
});
