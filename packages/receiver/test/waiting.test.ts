import { describe, expect, it } from 'vitest';
import { orAborted } from '../src/waiting.ts';

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
