import { dirname } from 'node:path';
import type { Random } from '@egvkit/receiver-emulator';

/** A part of a file that was written and not yet synchronised, and what was there before. */
interface UnsyncedWrite {
  readonly at: number;
  readonly bytes: Uint8Array;
  readonly sizeBefore: number;
  readonly before: Uint8Array;
}

/** A file on the disk. */
export interface Inode {
  readonly number: number;
  readonly kind: 'file' | 'folder';
  data: Buffer;
  size: number;
  unsynced: UnsyncedWrite[];
}

/** A change of names that was made and not yet synchronised. */
interface UnsyncedName {
  readonly folder: string;
  readonly path: string;
  readonly before: Inode | undefined;
  readonly after: Inode | undefined;
}

/** Bytes that a disk writes as one. */
const SECTOR = 512;

/**
 * A disk. What was written is seen at once, and is there after a power cut only if it was
 * synchronised; of the rest any parts may be there, in any order. Names are kept in the order of
 * their changes, up to any one of them.
 */
export class Disk {
  readonly #random: Random;
  readonly #names = new Map<string, Inode>();
  #unsyncedNames: UnsyncedName[] = [];
  #inodes = 0;
  /** True while nothing more can be stored. */
  isFull = false;
  /** Lets a mistake be planted: what is synchronised is not. */
  losesSyncs = false;

  constructor(random: Random) {
    this.#random = random;
    this.#names.set('/', this.#create('folder'));
  }

  #create(kind: Inode['kind']): Inode {
    return { number: ++this.#inodes, kind, data: Buffer.alloc(0), size: 0, unsynced: [] };
  }

  find(path: string): Inode | undefined {
    return this.#names.get(path);
  }

  /** All paths of files below a folder. */
  list(folder: string): readonly string[] {
    return [...this.#names].flatMap(([path, { kind }]) =>
      kind === 'file' && path.startsWith(`${folder}/`) ? path : [],
    );
  }

  folder(path: string): Inode {
    const found = this.#require(path);
    if (found.kind !== 'folder') throw systemError('ENOTDIR', path);
    return found;
  }

  #require(path: string): Inode {
    const found = this.#names.get(path);
    if (found === undefined) throw systemError('ENOENT', path);
    return found;
  }

  file(path: string): Inode {
    return this.#require(path);
  }

  makeFolder(path: string): void {
    if (this.#names.has(path)) return void this.folder(path);
    this.makeFolder(dirname(path));
    this.#requireRoom(path);
    // Folders are made once, and long before anything matters.
    this.#names.set(path, this.#create('folder'));
  }

  #requireRoom(path: string): void {
    if (this.isFull) throw systemError('ENOSPC', path);
  }

  createFile(path: string): Inode {
    if (this.#names.has(path)) throw systemError('EEXIST', path);
    this.folder(dirname(path));
    this.#requireRoom(path);
    const inode = this.#create('file');
    this.#rename(path, inode);
    return inode;
  }

  link(from: string, to: string): void {
    const inode = this.#require(from);
    if (this.#names.has(to)) throw systemError('EEXIST', to);
    this.#requireRoom(to);
    this.#rename(to, inode);
  }

  move(from: string, to: string): void {
    const inode = this.#require(from);
    this.#rename(to, inode);
    this.#rename(from, undefined);
  }

  remove(path: string): void {
    this.#require(path);
    this.#rename(path, undefined);
  }

  #rename(path: string, after: Inode | undefined): void {
    const before = this.#names.get(path);
    this.#unsyncedNames.push({ folder: dirname(path), path, before, after });
    if (after === undefined) this.#names.delete(path);
    else this.#names.set(path, after);
  }

  /** Writes; of what does not fit, a part. Gives the number of bytes written. */
  write(inode: Inode, path: string, at: number, bytes: Uint8Array): number {
    const end = at + bytes.length;
    if (this.isFull && end > inode.size) {
      const room = this.#random.integer(0, bytes.length - 1);
      if (room === 0 || this.#random.chance(0.5)) throw systemError('ENOSPC', path);
      this.#store(inode, at, bytes.subarray(0, room));
      return room;
    }
    this.#store(inode, at, bytes);
    return bytes.length;
  }

  #store(inode: Inode, at: number, bytes: Uint8Array): void {
    const end = at + bytes.length;
    const before = copyOf(inode.data.subarray(at, Math.min(end, inode.size)));
    inode.unsynced.push({ at, bytes: copyOf(bytes), sizeBefore: inode.size, before });
    place(inode, at, bytes);
  }

  truncate(inode: Inode, size: number): void {
    if (size === inode.size) return;
    const before = copyOf(inode.data.subarray(size, inode.size));
    inode.unsynced.push({ at: size, bytes: Buffer.alloc(0), sizeBefore: inode.size, before });
    inode.size = size;
  }

  sync(inode: Inode): void {
    if (!this.losesSyncs) inode.unsynced = [];
  }

  /** Makes the names in a folder last. */
  syncFolder(path: string): void {
    if (this.losesSyncs) return;
    this.#unsyncedNames = this.#unsyncedNames.filter(({ folder }) => folder !== path);
  }

  /** Leaves what is there when the power comes back. */
  losePower(): void {
    const kept = this.#random.integer(0, this.#unsyncedNames.length);
    for (const { path, before } of this.#unsyncedNames.slice(kept).reverse()) {
      if (before === undefined) this.#names.delete(path);
      else this.#names.set(path, before);
    }
    this.#unsyncedNames = [];
    for (const inode of new Set(this.#names.values())) this.#loseWrites(inode);
  }

  #loseWrites(inode: Inode): void {
    const writes = inode.unsynced;
    if (writes.length === 0) return;
    inode.unsynced = [];
    for (const { at, sizeBefore, before } of writes.toReversed()) {
      place(inode, at, before);
      inode.size = sizeBefore;
    }
    for (const { at, bytes } of writes) {
      for (let from = 0; from < bytes.length; ) {
        const to = from + SECTOR - ((at + from) % SECTOR);
        if (this.#random.chance(0.5)) place(inode, at + from, bytes.subarray(from, to));
        from = to;
      }
    }
  }
}

/** A copy, also of a Buffer, whose own slices are views. */
function copyOf(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}

/** Puts bytes into a file; a hole before them is zeros. */
function place(inode: Inode, at: number, bytes: Uint8Array): void {
  const end = at + bytes.length;
  if (end > inode.data.length) {
    const longer = Buffer.alloc(Math.max(end, 2 * inode.data.length, 4096));
    inode.data.copy(longer, 0, 0, inode.size);
    inode.data = longer;
  }
  if (at > inode.size) inode.data.fill(0, inode.size, at);
  inode.data.set(bytes, at);
  inode.size = Math.max(inode.size, end);
}

/** Error as the system's calls throw it. */
export function systemError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code, path });
}
