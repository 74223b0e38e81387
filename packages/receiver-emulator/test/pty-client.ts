import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Attachable, Wire } from '../src/wire.ts';

/**
 * The plainest program that can open a port: no terminal settings, so that what it sees is what
 * the pseudo-terminal does by itself.
 */
export function openClient(path: string) {
  const fd = openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  const buffer = Buffer.alloc(70_000);

  /** As many bytes as there are, -1 once the port is gone. */
  const tryRead = () => {
    try {
      return readSync(fd, buffer) || -1;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'EAGAIN' ? 0 : -1;
    }
  };
  return {
    async read(length: number, pauseMs = 1): Promise<Uint8Array> {
      const bytes: number[] = [];
      while (bytes.length < length) {
        const count = tryRead();
        if (count < 0) break;
        bytes.push(...buffer.subarray(0, count));
        await sleep(pauseMs);
      }
      return Uint8Array.from(bytes);
    },
    async write(bytes: Uint8Array): Promise<void> {
      for (let offset = 0; offset < bytes.length; ) {
        try {
          offset += writeSync(fd, bytes, offset);
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
          await sleep(1);
        }
      }
    },
    /** Reads until the port is gone. */
    async untilGone(): Promise<void> {
      while (tryRead() >= 0) await sleep(1);
    },
    close: () => closeSync(fd),
  };
}

/** A device that says what the test says and remembers what it heard. */
export function puppet() {
  const heard: number[] = [];
  let detached = 0;
  let wire: Wire | undefined;
  const device: Attachable = {
    attach: (given) => {
      wire = given;
      return {
        receive: (bytes) => void heard.push(...bytes),
        detach: () => void detached++,
      };
    },
  };
  return {
    device,
    wire: () => wire!,
    detached: () => detached,
    /** All that was heard, once it is `length` bytes. */
    async heard(length: number): Promise<Uint8Array> {
      while (heard.length < length) await sleep(1);
      return Uint8Array.from(heard);
    },
  };
}

/** Bytes that are no repetition of a block that a buffer might hold. */
export function pattern(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8) * 7 + (i >> 16)) & 0xff);
}
