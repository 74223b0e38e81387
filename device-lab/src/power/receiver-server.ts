/** The receiver on a socket: what a guest's cable leads to. It goes on while the guest is off. */
import { createServer, type Server } from 'node:net';
import type { EmulatedReceiver } from '@egvkit/receiver-emulator';

/** Puts the receiver behind a socket file, to which QEMU connects. */
export async function serveReceiver(receiver: EmulatedReceiver, path: string): Promise<Server> {
  const server = createServer((socket) => {
    const line = receiver.attach({
      send: (bytes) => void socket.write(bytes),
      // This one never pulls its own cable.
      unplug: () => socket.destroy(),
    });
    socket.on('data', (bytes: Buffer) => line.receive(new Uint8Array(bytes)));
    socket.on('error', () => {}).on('close', () => line.detach());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(path, resolve);
  });
  return server;
}
