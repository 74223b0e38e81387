import { close, constants, createReadStream, fstat, open } from 'node:fs';
import { Socket } from 'node:net';
import { addAbortSignal, type Readable } from 'node:stream';
import { isatty, ReadStream } from 'node:tty';
import { promisify } from 'node:util';
import { UsageError } from '../options/usage.ts';

/** Windows has neither. */
const NO_WAIT = constants.O_NONBLOCK ?? 0;
const NO_TERMINAL = constants.O_NOCTTY ?? 0;

/**
 * Reads a file, a pipe or a terminal to its end, or to an interruption. A pipe that nobody writes to
 * is waited for, and the signal ends the wait.
 *
 * @throws UsageError that names the file and says why it cannot be read
 */
export async function* readFileInput(
  path: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, void> {
  if (path.trim() === '') throw new UsageError('The name of the file is empty.');
  try {
    yield* await openInput(path, signal);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const why = WHY[String(code)];
    if (why === undefined) throw error;
    throw new UsageError(`Cannot read ${path}: ${why}.`, { cause: error });
  }
}

/** A stream that no thread waits for: a thread that waits for a pipe cannot be interrupted. */
async function openInput(path: string, signal: AbortSignal): Promise<Readable> {
  signal.throwIfAborted();
  const fd = await promisify(open)(path, constants.O_RDONLY | NO_WAIT | NO_TERMINAL);
  try {
    const info = await promisify(fstat)(fd);
    signal.throwIfAborted();
    if (info.isFIFO()) return new Socket({ fd, readable: true, writable: false, signal });
    if (isatty(fd)) return addAbortSignal(signal, new ReadStream(fd));
    return createReadStream(path, { fd, signal });
  } catch (error) {
    await promisify(close)(fd);
    throw error;
  }
}

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'that is not permitted',
  EISDIR: 'it is a folder',
  ENXIO: 'it is a socket, or a device that is not there',
};
