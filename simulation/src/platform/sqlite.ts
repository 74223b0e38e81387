import { machine } from './machine.ts';

/** SQLite's code for a lock that somebody else has. */
const BUSY = 5;

/** Locks of the kernel: by path, the program that has it. */
const held = new WeakMap<object, Map<string, number>>();

function locks(): Map<string, number> {
  const { disk } = machine();
  const known = held.get(disk) ?? new Map<string, number>();
  held.set(disk, known);
  return known;
}

class BusyError extends Error {
  readonly errcode = BUSY;
}

/** As much of SQLite as a lock of the kernel needs: an open transaction, ended by the end of its process. */
class FakeDatabase {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  exec(sql: string): void {
    if (!sql.startsWith('BEGIN')) return;
    const { host } = machine();
    const holder = locks().get(this.#path);
    if (holder !== undefined && host.runs(holder)) throw new BusyError('a program has it');
    locks().set(this.#path, host.process.number);
  }

  close(): void {
    if (locks().get(this.#path) === machine().host.process.number) locks().delete(this.#path);
  }
}

export const fakeSqlite = { DatabaseSync: FakeDatabase };
