import { expect, it } from 'vitest';
import { holdTab } from '../../src/browser/tab-lock.ts';

/** Web Locks of one site, as seen from its tabs. */
function site() {
  let isHeld = false;
  return {
    get isHeld() {
      return isHeld;
    },
    /** Takes or frees the lock in another tab. */
    take: (held: boolean) => {
      isHeld = held;
    },
    request: async (
      _name: string,
      _options: { readonly ifAvailable: true },
      hold: (lock: unknown) => Promise<void> | undefined,
    ) => {
      await undefined;
      if (isHeld) return hold(null);
      isHeld = true;
      await hold({});
      isHeld = false;
    },
  };
}

it('keeps other tabs out while this one has a receiver open, and no longer', async () => {
  const locks = site();
  const leave = await holdTab(locks);
  expect(locks.isHeld).toBe(true);
  leave?.();
  await new Promise((resolve) => setTimeout(resolve));
  expect(locks.isHeld).toBe(false);
});

it('is refused while another tab has a receiver open, and not afterwards', async () => {
  const locks = site();
  locks.take(true);
  expect(await Promise.all([holdTab(locks), holdTab(locks)])).toEqual([undefined, undefined]);
  locks.take(false);
  const leave = await holdTab(locks);
  expect(leave).toBeDefined();
  leave?.();
});

it('lets one tab have two receivers, until both are closed', async () => {
  const locks = site();
  const [first, second] = await Promise.all([holdTab(locks), holdTab(locks)]);
  first?.();
  first?.();
  await new Promise((resolve) => setTimeout(resolve));
  expect(locks.isHeld).toBe(true);
  second?.();
  await new Promise((resolve) => setTimeout(resolve));
  expect(locks.isHeld).toBe(false);
});

it('keeps nobody out where the browser has no locks for the page', async () => {
  const refused = { request: () => Promise.reject(new DOMException('opaque', 'SecurityError')) };
  const leave = await holdTab(refused);
  expect(leave).toBeDefined();
  leave?.();
});
