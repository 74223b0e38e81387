import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Limits the connections of a server, so that slow clients do not keep others out. One more takes the
 * place of the connection that has waited longest for its client, or of the oldest if all are being
 * answered.
 */
export class Connections {
  readonly #waiting = new Set<Socket>();
  readonly #busy = new Set<Socket>();

  constructor(server: Server, most: number) {
    server.on('connection', (socket) => {
      if (this.#waiting.size + this.#busy.size >= most) this.#end();
      this.#waiting.add(socket);
      socket.once('close', () => {
        this.#waiting.delete(socket);
        this.#busy.delete(socket);
      });
    });
  }

  #end(): void {
    const [oldest] = this.#waiting.size > 0 ? this.#waiting : this.#busy;
    if (oldest === undefined) return;
    this.#waiting.delete(oldest);
    this.#busy.delete(oldest);
    oldest.destroy();
  }

  /** Notes that a request is there whole, until it has been answered. */
  answering({ socket }: IncomingMessage, outgoing: ServerResponse): void {
    if (!this.#waiting.delete(socket)) return;
    this.#busy.add(socket);
    outgoing.once('close', () => {
      if (this.#busy.delete(socket) && !socket.destroyed) this.#waiting.add(socket);
    });
  }
}
