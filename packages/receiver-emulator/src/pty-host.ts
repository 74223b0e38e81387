/**
 * The process that holds the master of a pseudo-terminal; `openPty` starts it. What comes in on
 * standard input goes to the program that has opened the port, and back to standard output. It
 * ends when its standard input does, and with it the port.
 *
 * Why a process of its own: the master that node-pty opens is inherited by every process started
 * later. In the process of the emulator, a program under test that it starts would hold the port
 * open from both sides and never see the cable pulled. This process starts none but `stty`.
 *
 * Arguments: the module that opens pseudo-terminals (`@lydell/node-pty`).
 */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  constants,
  existsSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  writeSync,
} from 'node:fs';
import type { ReadStream } from 'node:tty';

/** Message to {@link openPty}, once. */
export type HostMessage = { readonly path: string } | { readonly failure: string };

/** The part of node-pty that is used. Its own types leave `open` out. */
interface NodePty {
  open(options: { encoding: null }): {
    readonly fd: number;
    readonly ptsName: string;
    readonly master: ReadStream;
    readonly slave: ReadStream;
  };
}

/** Time for a program to read the last bytes: hanging up drops those it has not read. */
const LINGER_MS = 30;
/** Limit if no program reads the last bytes at all. */
const GIVE_UP_MS = 300;
/** Between two attempts to write to a full terminal: doubles while nothing moves. */
const RETRY_MS = { first: 1, last: 32 };
/** Between two looks at what a program does: soon while something moves, and for a while after. */
const LOOK_MS = { moving: 1, still: 10 };
const MOVING_FOR_MS = 200;

/** Only Linux keeps the mode of a terminal that no program has open; elsewhere it is held open. */
const KEEPS_MODE = process.platform === 'linux';

interface Master {
  readonly path: string;
  readonly fd: number;
  /** Kept from being collected: it owns the descriptor. */
  readonly owner: ReadStream;
}

async function openMaster(module: string): Promise<Master> {
  const nodePty = (await import(module)) as NodePty;
  const pty = nodePty.open({ encoding: null });
  // Neither stream is to read: this one would end, and the port with it, when the first program
  // closes the port; the other would eat the bytes meant for a program.
  pty.master._read = () => {};
  const slave = openSync(pty.ptsName, constants.O_RDWR | constants.O_NOCTTY);
  pty.slave.destroy();
  // Node's own raw mode leaves the translation of LF to CR LF on.
  const stty = spawnSync('stty', ['raw', '-echo', '-iexten'], {
    stdio: [slave, 'ignore', 'inherit'],
  });
  if (stty.status !== 0) throw stty.error ?? new Error(`stty ended with ${stty.status}`);
  if (KEEPS_MODE) {
    await once(pty.slave, 'close');
    closeAll(pty.ptsName);
  }
  return { path: pty.ptsName, fd: pty.fd, owner: pty.master };
}

/** Closes every descriptor of the port: the stream that node-pty made leaves one that has no name. */
function closeAll(path: string): void {
  for (const name of readdirSync('/proc/self/fd')) {
    const link = `/proc/self/fd/${name}`;
    // The one of the listing itself is gone by now.
    if (existsSync(link) && readlinkSync(link) === path) closeSync(Number(name));
  }
}

/** Reads from a descriptor that does not block; undefined if no program has the port open. */
function tryRead(fd: number, buffer: Uint8Array): number | undefined {
  try {
    return readSync(fd, buffer) || undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EAGAIN') return 0;
    if (code === 'EIO') return undefined;
    throw error;
  }
}

/**
 * Follows what programs do with the port: gives what they send, and knows whether one has it open.
 * Bytes that the last one left unread are dropped when it closes, as the driver of a real port does.
 */
function createReader({ path, fd }: Master, onClosed: () => void) {
  const buffer = Buffer.alloc(65_536);
  let movedMs = 0;
  let leftBehind = false;

  /** Tells whether a program has the port open. */
  const look = (): boolean => {
    const count = tryRead(fd, buffer);
    if (count === undefined) {
      onClosed();
      if (leftBehind) drain(path);
      leftBehind = false;
      return false;
    }
    if (count > 0) {
      movedMs = performance.now();
      process.stdout.write(Uint8Array.from(buffer.subarray(0, count)));
    }
    return true;
  };
  const follow = () => {
    look();
    const moving = performance.now() - movedMs < MOVING_FOR_MS;
    setTimeout(follow, moving ? LOOK_MS.moving : LOOK_MS.still);
  };
  follow();
  return {
    look,
    /** Bytes went to the program. */
    wrote: () => {
      movedMs = performance.now();
      leftBehind = true;
    },
  };
}

/** Takes out what no program has read. */
function drain(path: string): void {
  const { O_RDWR, O_NOCTTY, O_NONBLOCK } = constants;
  const fd = openSync(path, O_RDWR | O_NOCTTY | O_NONBLOCK);
  try {
    const buffer = new Uint8Array(65_536);
    while (tryRead(fd, buffer)) {}
  } finally {
    closeSync(fd);
  }
}

/**
 * Writes to the master by file descriptor, and reads: libuv treats the stream as one that blocks, and hangs
 * on the first write that does not fit.
 */
function createWriter(master: Master): {
  write(bytes: Uint8Array): void;
  finish(done: () => void): void;
} {
  const queue: Uint8Array[] = [];
  let retryMs = RETRY_MS.first;
  let waiting = false;
  let whenEmpty: (() => void) | undefined;
  const reader = createReader(master, () => queue.splice(0));

  const pump = () => {
    waiting = false;
    // With no program there, what is sent goes nowhere.
    reader.look();
    for (let chunk = queue[0]; chunk; chunk = queue[0]) {
      const written = tryWrite(master.fd, chunk);
      if (written > 0) reader.wrote();
      if (written === chunk.length) queue.shift();
      else queue[0] = chunk.subarray(written);
      retryMs = written > 0 ? RETRY_MS.first : Math.min(retryMs * 2, RETRY_MS.last);
      if (written < chunk.length) {
        waiting = true;
        setTimeout(pump, retryMs);
        return;
      }
    }
    whenEmpty?.();
  };

  return {
    write: (bytes) => {
      queue.push(bytes);
      if (!waiting) pump();
    },
    finish: (done) => {
      whenEmpty = done;
      if (queue.length === 0) done();
    },
  };
}

function tryWrite(fd: number, bytes: Uint8Array): number {
  try {
    return writeSync(fd, bytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0;
    throw error;
  }
}

function tell(message: HostMessage): void {
  process.send?.(message, () => process.disconnect());
}

/** Ending takes the master along, whatever is still going on. */
const end = () => process.exit(0);

// Ctrl-C reaches every process of a terminal; the emulator decides when the port goes.
process.on('SIGINT', () => {});
process.on('SIGHUP', () => {});
process.stdout.on('error', end);
try {
  const master = await openMaster(process.argv[2]!);
  const writer = createWriter(master);
  process.stdin.on('data', (bytes: Buffer) => writer.write(bytes));
  process.stdin.on('end', () => {
    setTimeout(end, GIVE_UP_MS);
    writer.finish(() => setTimeout(end, LINGER_MS));
  });
  tell({ path: master.path });
} catch (error) {
  tell({ failure: error instanceof Error ? error.message : String(error) });
  process.stdin.resume().on('end', end);
}
