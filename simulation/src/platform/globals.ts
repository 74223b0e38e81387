import { createHash } from 'node:crypto';
import { lightAbort } from './abort.ts';
import { LightHeaders } from './headers.ts';
import type { Host } from './host.ts';
import { isSimulating, machine } from './machine.ts';
import { fakeSqlite } from './sqlite.ts';

const RealDate = Date;
const realNow = Date.now;
const realMonotonic = performance.now.bind(performance);
const realRandom = Math.random;

/** Parts of a local time, which follow from the same part of UTC. */
const LOCAL_PARTS = ['FullYear', 'Month', 'Date', 'Day', 'Hours', 'Minutes'] as const;

class SimulatedDate extends RealDate {
  constructor(...given: [] | [number | string | Date]) {
    // Whatever a date is made of, the platform makes it.
    if (given.length === 0) super(SimulatedDate.now());
    else if (given.length === 1) super(given[0]);
    else super(...(given as [number]));
  }

  static override now(): number {
    return isSimulating() ? machine().host.nowMs() : realNow();
  }

  override getTimezoneOffset(): number {
    return isSimulating() ? -machine().host.zoneMinutes : super.getTimezoneOffset();
  }
}

for (const part of LOCAL_PARTS) {
  Object.defineProperty(SimulatedDate.prototype, `get${part}`, {
    value(this: Date) {
      const local = new RealDate(this.getTime() - this.getTimezoneOffset() * 60_000);
      return local[`getUTC${part}`]();
    },
  });
}

const digits = (): number => machine().random.integer(0, 255);

function uuid(): `${string}-${string}-${string}-${string}-${string}` {
  const hex = Array.from({ length: 16 }, () => digits().toString(16).padStart(2, '0')).join('');
  const part = (from: number, to: number): string => hex.slice(from, to);
  return `${part(0, 8)}-${part(8, 12)}-4${part(13, 16)}-8${part(17, 20)}-${part(20, 32)}`;
}

function sha256(...parts: readonly (string | Uint8Array)[]): ArrayBuffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest()).buffer;
}

/**
 * WebCrypto without its threads. A SHA-256 is one; of PBKDF2 only the inputs count, in one round: the
 * hundred thousand rounds of a login keep guessers busy, and here nobody guesses.
 */
const simulatedCrypto = {
  randomUUID: uuid,
  getRandomValues<Bytes extends Uint8Array>(bytes: Bytes): Bytes {
    for (let i = 0; i < bytes.length; i++) bytes[i] = digits();
    return bytes;
  },
  subtle: {
    digest: async (algorithm: string, data: Uint8Array) =>
      new Uint8Array(createHash(algorithm.replace('-', '')).update(data).digest()).buffer,
    importKey: async (_: string, secret: Uint8Array) => ({ secret }),
    deriveBits: async ({ salt }: { salt: Uint8Array }, { secret }: { secret: Uint8Array }) =>
      sha256('pbkdf2', salt, secret),
  },
};

/** Bytes that came in parts. */
class LightBlob {
  readonly #parts: readonly Uint8Array[];

  constructor(parts: readonly Uint8Array[]) {
    this.#parts = parts;
  }

  async arrayBuffer(): Promise<Uint8Array> {
    const [first] = this.#parts;
    return this.#parts.length === 1 && first !== undefined ? first : Buffer.concat(this.#parts);
  }
}

/** An answer with a body that is a text. */
class LightResponse {
  readonly status: number;
  readonly headers: LightHeaders;
  readonly #body: string;

  constructor(
    body: string | null,
    init: {
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ) {
    this.status = init.status ?? 200;
    this.headers = new LightHeaders(init.headers);
    this.#body = body ?? '';
  }

  async text(): Promise<string> {
    return this.#body;
  }
}

function forbid(name: string): () => never {
  return () => {
    throw new Error(`${name} is real, and nothing in a simulation may be.`);
  };
}

/**
 * Puts the simulated computer in the place of the platform, for this whole thread: clocks, timers,
 * chance, WebCrypto, and what would take a real moment.
 */
export function installGlobals(): void {
  const host = () => machine().host;
  const replace = (name: string, value: unknown): void => {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  };
  replace('Date', SimulatedDate);
  Object.defineProperty(performance, 'now', {
    value: () => (isSimulating() ? host().monotonicMs() : realMonotonic()),
  });
  replace('setTimeout', (ring: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) =>
    host().setTimer(ms, () => ring(...args)),
  );
  replace('clearTimeout', (timer: Parameters<Host['clearTimer']>[0]) => host().clearTimer(timer));
  Math.random = () => (isSimulating() ? machine().random.next() : realRandom());
  replace('crypto', simulatedCrypto);
  replace('Blob', LightBlob);
  replace('Response', LightResponse);
  replace('AbortController', lightAbort.AbortController);
  replace('AbortSignal', lightAbort.AbortSignal);
  for (const name of ['fetch', 'setInterval', 'setImmediate']) replace(name, forbid(name));
  const { getBuiltinModule } = process;
  process.getBuiltinModule = ((name: string) =>
    name === 'node:sqlite' ? fakeSqlite : getBuiltinModule(name)) as typeof getBuiltinModule;
}

export { uuid };
