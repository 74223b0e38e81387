import { connect, type Socket } from 'node:net';

/** Replies that came back. */
export interface BenchAnswer {
  readonly status: number;
  readonly body: Buffer;
}

const HEAD_END = Buffer.from('\r\n\r\n');

/**
 * One client on one connection that stays open, asking one thing at a time. Does as little as it
 * can, so that what is measured is the service.
 */
export class BenchClient implements Disposable {
  readonly #socket: Socket;
  #received: Buffer[] = [];
  #settle: { resolve(answer: BenchAnswer): void; reject(error: Error): void } | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (piece: Buffer) => this.#take(piece));
    const lost = (): void => this.#settle?.reject(new Error('the connection was lost'));
    socket.on('error', lost).on('close', lost);
  }

  static async open(origin: string): Promise<BenchClient> {
    const { hostname, port } = new URL(origin);
    const socket = connect(Number(port), hostname);
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return new BenchClient(socket);
  }

  post(path: string, body = ''): Promise<BenchAnswer> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.#socket.write(
        `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n` +
          `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
    });
  }

  #take(piece: Buffer): void {
    this.#received.push(piece);
    const all = this.#received.length === 1 ? piece : Buffer.concat(this.#received);
    this.#received = [all];
    const end = all.indexOf(HEAD_END);
    if (end < 0) return;
    const head = all.toString('latin1', 0, end);
    const length = Number(/^content-length: (\d+)/im.exec(head)?.[1]);
    const start = end + HEAD_END.length;
    if (all.length < start + length) return;
    this.#received = [];
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.resolve({ status: Number(head.slice(9, 12)), body: all.subarray(start) });
  }

  [Symbol.dispose](): void {
    this.#settle = undefined;
    this.#socket.destroy();
  }
}
