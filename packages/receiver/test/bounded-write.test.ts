import type { CancelSignal, Transport } from '@egvkit/protocol/receiver';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { writeWithin } from '../src/bounded-write.ts';
import { port } from './support/port.ts';

const LIMIT_MS = 2000;

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Writes by this function; gives what comes of it, the signal that was passed on, and how to abort. */
function write(how: (signal: CancelSignal) => Promise<void>) {
  const caller = new AbortController();
  const passed: CancelSignal[] = [];
  const transport: Transport = {
    ...port(() => undefined).transport,
    write(_bytes, signal) {
      passed.push(signal!);
      return how(signal!);
    },
  };
  const outcome = writeWithin(transport, new Uint8Array(1), LIMIT_MS, caller.signal).catch(
    (error: unknown) => ({ error }),
  );
  return { outcome, passed, abort: (reason: unknown) => caller.abort(reason) };
}

/** A write that takes nothing and does not heed its signal. */
const never = () => new Promise<void>(() => {});

describe('writeWithin', () => {
  it('tells a write that was taken from one that was not', async () => {
    const taken = write(async () => {});
    expect(await taken.outcome).toBe(true);
    expect(taken.passed).toMatchObject([{ aborted: false }]);

    const stuck = write(never);
    await vi.advanceTimersByTimeAsync(LIMIT_MS - 1);
    expect(stuck.passed).toMatchObject([{ aborted: false }]);
    await vi.advanceTimersByTimeAsync(1);
    expect(await stuck.outcome).toBe(false);
    expect(stuck.passed).toMatchObject([{ aborted: true }]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('throws what the transport throws, at once or later', async () => {
    const error = new Error('no');
    const atOnce = write(() => {
      throw error;
    });
    const later = write(async () => {
      throw error;
    });
    expect(await atOnce.outcome).toEqual({ error });
    expect(await later.outcome).toEqual({ error });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('ends at an abort with its reason, whatever the transport does, and leaves no timer', async () => {
    const late = Promise.withResolvers<void>();
    const obedient = (signal: CancelSignal) =>
      new Promise<void>((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    for (const how of [never, () => late.promise, obedient]) {
      const { outcome, passed, abort } = write(how);
      abort('enough');
      expect(await outcome).toEqual({ error: 'enough' });
      expect(passed).toMatchObject([{ aborted: true, reason: 'enough' }]);
      await vi.advanceTimersByTimeAsync(0);
      expect(vi.getTimerCount()).toBe(0);
    }
    // Nobody else takes note of it: an unhandled rejection would end the test.
    late.reject(new Error('late'));
    await vi.advanceTimersByTimeAsync(0);
  });
});
