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
import { constants, openSync, writeSync } from 'node:fs';
import type { ReadStream } from 'node:tty';

/** What {@link openPty} is told, once. */
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

/** How long a program gets to read the last bytes: hanging up drops those it has not read. */
const LINGER_MS = 30;
/** When nobody reads the last bytes at all. */
const GIVE_UP_MS = 300;
/** Between two attempts to write to a full terminal: doubles while nothing moves. */
const RETRY_MS = { first: 1, last: 32 };

async function openMaster(module: string): Promise<{ path: string; fd: number; in: ReadStream }> {
  const nodePty = (await import(module)) as NodePty;
  const pty = nodePty.open({ encoding: null });
  // Held open for good, or else reads of the master fail with EIO while no program has the port
  // open. By number and not as a stream, which would eat the bytes meant for the program.
  const held = openSync(pty.ptsName, constants.O_RDWR | constants.O_NOCTTY);
  pty.slave.destroy();
  // Node's own raw mode leaves the translation of LF to CR LF on.
  const stty = spawnSync('stty', ['raw', '-echo', '-iexten'], {
    stdio: [held, 'ignore', 'inherit'],
  });
  if (stty.status !== 0) throw stty.error ?? new Error(`stty ended with ${stty.status}`);
  return { path: pty.ptsName, fd: pty.fd, in: pty.master };
}

/**
 * Writes to the master by file descriptor: libuv treats the stream as one that blocks, and hangs
 * on the first write that does not fit.
 */
function createWriter(fd: number): {
  write(bytes: Uint8Array): void;
  finish(done: () => void): void;
} {
  const queue: Uint8Array[] = [];
  let retryMs = RETRY_MS.first;
  let waiting = false;
  let whenEmpty: (() => void) | undefined;

  const pump = () => {
    waiting = false;
    for (let chunk = queue[0]; chunk; chunk = queue[0]) {
      const written = tryWrite(fd, chunk);
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
  const writer = createWriter(master.fd);
  master.in.on('data', (bytes: Buffer) => process.stdout.write(bytes));
  master.in.on('error', end);
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
