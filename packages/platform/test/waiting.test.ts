import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { deadline, orAborted, sleep, within } from '../src/index.ts';

/** A signal that knows how many listen to it. */
function countingSignal() {
  const controller = new AbortController();
  const { signal } = controller;
  let listeners = 0;
  return {
    signal: {
      get aborted() {
        return signal.aborted;
      },
      get reason(): unknown {
        return signal.reason;
      },
      addEventListener(type: 'abort', listener: () => void) {
        listeners++;
        signal.addEventListener(type, listener);
      },
      removeEventListener(type: 'abort', listener: () => void) {
        listeners--;
        signal.removeEventListener(type, listener);
      },
    },
    abort: (reason: unknown) => controller.abort(reason),
    listeners: () => listeners,
  };
}

describe('orAborted', () => {
  it('gives the value or the failure of the promise, and listens no longer', async () => {
    const { signal, listeners } = countingSignal();
    expect(await orAborted(Promise.resolve(5), signal)).toBe(5);
    expect(await orAborted(Promise.resolve(5), undefined)).toBe(5);
    await expect(orAborted(Promise.reject(new Error('no')), signal)).rejects.toThrow('no');
    expect(listeners()).toBe(0);
  });

  it('takes null for no signal, as fetch does', async () => {
    expect(await orAborted(Promise.resolve(5), null as unknown as undefined)).toBe(5);
  });

  it('throws the reason at an abort, whatever becomes of the promise', async () => {
    const { signal, abort, listeners } = countingSignal();
    const late = Promise.withResolvers<number>();
    const waiting = orAborted(late.promise, signal);
    abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    // Nobody else takes note of it: an unhandled rejection would end the test.
    late.reject(new Error('late'));
    await new Promise((resolve) => setTimeout(resolve));
    expect(listeners()).toBe(0);
  });

  it('throws the reason of an abort before, also if the promise is settled', async () => {
    const { signal, abort } = countingSignal();
    abort('gone');
    await expect(orAborted(Promise.resolve(5), signal)).rejects.toBe('gone');
    await expect(orAborted(Promise.reject(new Error('no')), signal)).rejects.toBe('gone');
  });
});

const DAY_MS = 86_400_000;
const late = (): Error => new Error('late');

describe('waiting for a time', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('within says if the promise came in time, and leaves no timer', async () => {
    expect(await within(Promise.resolve(), 1000)).toBe(true);
    await expect(within(Promise.reject(new Error('no')), 1000)).rejects.toThrow('no');
    expect(vi.getTimerCount()).toBe(0);
    const late = within(new Promise(() => {}), 1000);
    await vi.advanceTimersByTimeAsync(1000);
    expect(await late).toBe(false);
  });

  it('sleep ends after its time, not before', async () => {
    const ended = vi.fn();
    void sleep(1000).then(ended);
    await vi.advanceTimersByTimeAsync(999);
    expect(ended).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(ended).toHaveBeenCalledOnce();
  });

  it('never ends at once because it is long: timers hold 31 bits of milliseconds', async () => {
    const ended = vi.fn();
    for (const ms of [2 ** 31, Number.POSITIVE_INFINITY]) {
      void sleep(ms).then(ended);
      void within(new Promise(() => {}), ms).then(ended);
      void deadline(sleep, ms, undefined, late).signal.addEventListener('abort', ended);
    }
    await vi.advanceTimersByTimeAsync(DAY_MS);
    expect(ended).not.toHaveBeenCalled();
  });

  it('sleep throws the reason of an abort at once, and leaves neither timer nor listener', async () => {
    const { signal, abort, listeners } = countingSignal();
    const sleeping = expect(sleep(1000, signal)).rejects.toThrow('enough');
    abort(new Error('enough'));
    await sleeping;
    await expect(sleep(1000, signal)).rejects.toThrow('enough');
    await vi.advanceTimersByTimeAsync(0);
    expect([vi.getTimerCount(), listeners()]).toEqual([0, 0]);
  });
});

describe('deadline', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("aborts after its time with its error, or with the caller's reason before that", async () => {
    const alone = deadline(sleep, 1000, undefined, late);
    const caller = new AbortController();
    const called = deadline(sleep, 1000, caller.signal, late);
    caller.abort(new Error('enough'));
    await vi.advanceTimersByTimeAsync(999);
    expect(called.signal.reason).toEqual(new Error('enough'));
    expect(alone.signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(alone.signal.reason).toEqual(late());
    expect(called.signal.reason).toEqual(new Error('enough'));
  });

  it('is never aborted once it is cleared, and leaves no timer', async () => {
    const caller = new AbortController();
    const { signal, clear } = deadline(sleep, 1000, caller.signal, late);
    clear();
    caller.abort();
    await vi.advanceTimersByTimeAsync(2000);
    expect([signal.aborted, vi.getTimerCount()]).toEqual([false, 0]);
  });

  it.each([0, -1, Number.NaN])('of %d ms is refused', (ms) => {
    expect(() => deadline(sleep, ms, undefined, late)).toThrow(/timeoutMs.*1 or more/s);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is not begun for a signal that is aborted', () => {
    expect(() => deadline(sleep, 1000, AbortSignal.abort(new Error('gone')), late)).toThrow('gone');
    expect(vi.getTimerCount()).toBe(0);
  });
});
