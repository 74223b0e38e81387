/** Waiting for promises and timers, with an end. */
import { orAborted } from '@egvkit/protocol';
import type { CancelSignal } from '@egvkit/protocol/receiver';

/** Waits for a promise, but no longer than `ms`; gives whether the promise came in time. */
export async function within(promise: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** @throws the signal's reason once it is aborted */
export async function sleep(ms: number, signal?: CancelSignal): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  try {
    await orAborted(over, signal);
  } finally {
    clearTimeout(timer);
  }
}
