import { setTimeout as sleep } from 'node:timers/promises';
import type { LockHolder } from './holder.ts';
import { type FileLock, tryLock } from './lock.ts';

const LOOK_AGAIN_MS = 50;

/** Limit of the wait for a lock, and callbacks. */
export interface WaitOptions {
  /** Measured by a clock that nobody sets. */
  readonly timeoutMs: number;
  /** Ends the wait at once. */
  readonly signal?: AbortSignal | undefined;
  /** Called once, when the lock is held. */
  readonly onWait?: ((holder: LockHolder) => void) | undefined;
}

/** A lock was not given up in time, or its holder cannot be seen from here. */
export class LockTimeoutError extends Error {
  override readonly name = 'LockTimeoutError';
  readonly holder: LockHolder;

  constructor(holder: LockHolder) {
    super(`The lock ${holder.lockFile} is held by another process.`);
    this.holder = holder;
  }
}

/**
 * Takes a lock as soon as its holder gives it up.
 *
 * @throws LockTimeoutError when the time is over; at once if nobody can know whether the holder
 * still runs
 */
export async function waitForLock(path: string, options: WaitOptions): Promise<FileLock> {
  const { timeoutMs, signal, onWait } = options;
  const started = performance.now();
  for (let told = false; ; told = true) {
    signal?.throwIfAborted();
    const lock = await tryLock(path);
    if ('release' in lock) return lock;
    if (!lock.isAlive || performance.now() - started >= timeoutMs) throw new LockTimeoutError(lock);
    if (!told) onWait?.(lock);
    await sleep(LOOK_AGAIN_MS, undefined, { ...(signal && { signal }) });
  }
}
