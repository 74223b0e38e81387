/** Serves a disk to QEMU by NBD: the fixed newstyle handshake and the simple replies of its protocol. */
import { createServer, type Server, type Socket } from 'node:net';
import type { VolatileDisk } from './volatile-disk.ts';

const GREETING = 'NBDMAGICIHAVEOPT';
const OPTION_MAGIC = 0x4948_4156_454f_5054n;
const OPTION_REPLY_MAGIC = 0x0003_e889_0455_65a9n;
const REQUEST_MAGIC = 0x2560_9513;
const REPLY_MAGIC = 0x6744_6698;

const FIXED_NEWSTYLE = 1;
const OPTIONS = { exportName: 1, abort: 2, info: 6, go: 7 } as const;
const REPLIES = { ack: 1, info: 3, unsupported: 0x8000_0001 } as const;
const INFO_EXPORT = 0;
const COMMANDS = { read: 0, write: 1, disconnect: 2, flush: 3 } as const;
/** Flags are there; flush and "force unit access" are understood. */
const EXPORT_FLAGS = 1 | 4 | 8;
const FORCE_UNIT_ACCESS = 1;
const INVALID = 22;

/** Serves the disk on a socket file, to one machine at a time. */
export async function serveDisk(disk: VolatileDisk, path: string): Promise<Server> {
  const server = createServer((socket) => {
    // A machine that is killed leaves in the middle of a request.
    socket.on('error', () => {});
    serve(disk, socket).catch((error) => {
      if (!(error instanceof Gone)) console.error(error);
      socket.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(path, resolve);
  });
  return server;
}

/** The other side has closed the connection. */
class Gone extends Error {}

/** Bytes of a connection, so many at a time. */
class Incoming {
  readonly #pieces: AsyncIterator<Buffer>;
  #held: Buffer = Buffer.alloc(0);

  constructor(socket: Socket) {
    this.#pieces = socket[Symbol.asyncIterator]();
  }

  async take(length: number): Promise<Buffer> {
    const parts = [this.#held];
    let count = this.#held.length;
    while (count < length) {
      const { value, done } = await this.#pieces
        .next()
        .catch(() => ({ value: undefined, done: true }));
      if (done || value === undefined) throw new Gone();
      parts.push(value);
      count += value.length;
    }
    const all = Buffer.concat(parts);
    this.#held = all.subarray(length);
    return all.subarray(0, length);
  }
}

async function serve(disk: VolatileDisk, socket: Socket): Promise<void> {
  const incoming = new Incoming(socket);
  if (!(await shakeHands(disk, incoming, socket))) return;
  for (;;) {
    const request = await incoming.take(28);
    if (request.readUInt32BE(0) !== REQUEST_MAGIC) throw new Error('That is no request of NBD.');
    const flags = request.readUInt16BE(4);
    const command = request.readUInt16BE(6);
    const offset = Number(request.readBigUInt64BE(16));
    const length = request.readUInt32BE(24);
    if (command === COMMANDS.disconnect) {
      socket.end();
      return;
    }
    const payload = command === COMMANDS.write ? await incoming.take(length) : undefined;
    const reply = Buffer.alloc(16);
    reply.writeUInt32BE(REPLY_MAGIC, 0);
    request.copy(reply, 8, 8, 16);
    const isInside = offset + length <= disk.sizeBytes;
    let data: Buffer | undefined;
    if (!isInside) reply.writeUInt32BE(INVALID, 4);
    else if (command === COMMANDS.read) data = disk.read(offset, length);
    else if (payload !== undefined) disk.write(offset, payload);
    else if (command !== COMMANDS.flush) reply.writeUInt32BE(INVALID, 4);
    if (command === COMMANDS.flush || (flags & FORCE_UNIT_ACCESS) !== 0) disk.flush();
    socket.write(data === undefined ? reply : Buffer.concat([reply, data]));
  }
}

/** Agrees on the disk; false if the other side only wanted to know about it. */
async function shakeHands(
  disk: VolatileDisk,
  incoming: Incoming,
  socket: Socket,
): Promise<boolean> {
  const greeting = Buffer.alloc(18);
  greeting.write(GREETING, 'latin1');
  greeting.writeUInt16BE(FIXED_NEWSTYLE, 16);
  socket.write(greeting);
  await incoming.take(4);
  const about = Buffer.alloc(10);
  about.writeBigUInt64BE(BigInt(disk.sizeBytes), 0);
  about.writeUInt16BE(EXPORT_FLAGS, 8);
  for (;;) {
    const head = await incoming.take(16);
    if (head.readBigUInt64BE(0) !== OPTION_MAGIC) throw new Error('That is no option of NBD.');
    const option = head.readUInt32BE(8);
    await incoming.take(head.readUInt32BE(12));
    const answer = (type: number, data = Buffer.alloc(0)): void => {
      const bytes = Buffer.alloc(20);
      bytes.writeBigUInt64BE(OPTION_REPLY_MAGIC, 0);
      bytes.writeUInt32BE(option, 8);
      bytes.writeUInt32BE(type, 12);
      bytes.writeUInt32BE(data.length, 16);
      socket.write(Buffer.concat([bytes, data]));
    };
    if (option === OPTIONS.exportName) {
      // Zeros follow, which only another flag of the greeting would leave out.
      socket.write(Buffer.concat([about, Buffer.alloc(124)]));
      return true;
    }
    if (option === OPTIONS.go || option === OPTIONS.info) {
      const info = Buffer.alloc(2);
      info.writeUInt16BE(INFO_EXPORT, 0);
      answer(REPLIES.info, Buffer.concat([info, about]));
      answer(REPLIES.ack);
      if (option === OPTIONS.go) return true;
    } else if (option === OPTIONS.abort) {
      answer(REPLIES.ack);
      socket.end();
      return false;
    } else {
      answer(REPLIES.unsupported);
    }
  }
}
