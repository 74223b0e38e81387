/** Stands in for `node:fs/promises` in the modules that keep files: their calls reach the simulated disk. */
import { constants } from 'node:fs';
import { type Inode, systemError } from './disk.ts';
import { never } from './host.ts';
import { machine } from './machine.ts';

const { O_CREAT, O_EXCL, O_APPEND } = constants;

/** One call to the system: the program may die at it. */
function call<Value>(effect: () => Value): Promise<Value> {
  return machine().host.call(effect);
}

/** Owner of every file. */
const USER = process.geteuid?.() ?? 0;

interface StatOptions {
  readonly bigint?: boolean;
}

function statOf({ number, kind, size }: Inode, { bigint = false }: StatOptions = {}) {
  const as = (value: number) => (bigint ? BigInt(value) : value);
  return {
    dev: as(1),
    ino: as(number),
    size: as(size),
    mode: as(kind === 'file' ? 0o100600 : 0o040700),
    uid: as(USER),
    isFile: () => kind === 'file',
    isDirectory: () => kind === 'folder',
    isSymbolicLink: () => false,
    isFIFO: () => false,
    isSocket: () => false,
    isCharacterDevice: () => false,
    isBlockDevice: () => false,
  };
}

class SimulatedHandle {
  readonly #inode: Inode;
  readonly #path: string;
  readonly #appends: boolean;
  #at = 0;

  constructor(inode: Inode, path: string, appends: boolean) {
    this.#inode = inode;
    this.#path = path;
    this.#appends = appends;
  }

  stat(options?: StatOptions) {
    return call(() => statOf(this.#inode, options));
  }

  read(buffer: Buffer, offset: number, length: number, position: number) {
    return call(() => {
      const { data, size } = this.#inode;
      const bytesRead = data.copy(buffer, offset, position, Math.min(size, position + length));
      return { bytesRead, buffer };
    });
  }

  write(bytes: Uint8Array, offset = 0) {
    return call(() => ({ bytesWritten: this.#write(bytes.subarray(offset)) }));
  }

  #write(bytes: Uint8Array): number {
    const at = this.#appends ? this.#inode.size : this.#at;
    const done = machine().disk.write(this.#inode, this.#path, at, bytes);
    this.#at = at + done;
    return done;
  }

  writeFile(content: string | Uint8Array) {
    return call(() => {
      const bytes = typeof content === 'string' ? Buffer.from(content) : content;
      for (let done = 0; done < bytes.length; ) done += this.#write(bytes.subarray(done));
    });
  }

  truncate(size: number) {
    return call(() => machine().disk.truncate(this.#inode, size));
  }

  datasync() {
    return this.sync();
  }

  sync() {
    return call(() => {
      const { disk } = machine();
      if (this.#inode.kind === 'folder') disk.syncFolder(this.#path);
      else disk.sync(this.#inode);
    });
  }

  /** Nothing can be lost by closing, so a program does not die at it. */
  async close(): Promise<void> {
    if (!machine().host.process.isAlive) await never();
  }
}

export function open(path: string, flags: number | string) {
  return call(() => {
    const { disk } = machine();
    const bits = typeof flags === 'string' ? 0 : flags;
    const isNew = (bits & O_CREAT) !== 0 && (bits & O_EXCL) !== 0;
    const inode = isNew ? disk.createFile(path) : disk.file(path);
    return new SimulatedHandle(inode, path, (bits & O_APPEND) !== 0);
  });
}

export function lstat(path: string, options?: StatOptions) {
  return call(() => statOf(machine().disk.file(path), options));
}

export function stat(path: string, options?: StatOptions) {
  return lstat(path, options);
}

export function mkdir(path: string) {
  return call(() => machine().disk.makeFolder(path));
}

export function realpath(path: string) {
  return call(() => {
    machine().disk.file(path);
    return path;
  });
}

export function readlink(path: string) {
  return call(() => {
    throw systemError('EINVAL', path);
  });
}

export function rename(from: string, to: string) {
  return call(() => machine().disk.move(from, to));
}

export function link(from: string, to: string) {
  return call(() => machine().disk.link(from, to));
}

export function rm(path: string, { force = false }: { readonly force?: boolean } = {}) {
  return call(() => {
    const { disk } = machine();
    if (force && disk.find(path) === undefined) return;
    disk.remove(path);
  });
}
