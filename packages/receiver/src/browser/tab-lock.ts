/** One open tab at a time, by the Web Locks of the site. */

/** The part of `navigator.locks` that is used. */
export interface TabLocks {
  request(
    name: string,
    options: { readonly ifAvailable: true },
    hold: (lock: unknown) => Promise<void> | undefined,
  ): Promise<unknown>;
}

const NAME = 'egvkit-receiver';

interface Holding {
  /** True if this tab got the lock; settles when the browser has answered. */
  readonly granted: Promise<boolean>;
  readonly release: () => void;
  users: number;
}

let holding: Holding | undefined;

/**
 * Marks that this tab has a receiver open. A tab may have several; another tab may have none
 * meanwhile. Where there are no locks (a page without storage, old browsers), no tab is kept out.
 *
 * @returns a function that removes the mark; undefined if another tab has a receiver open
 */
export async function holdTab(
  locks: TabLocks | undefined = globalThis.navigator?.locks,
): Promise<(() => void) | undefined> {
  holding ??= request(locks);
  const mine = holding;
  mine.users++;
  let isOver = false;
  const leave = () => {
    if (isOver) return;
    isOver = true;
    if (--mine.users > 0) return;
    mine.release();
    if (holding === mine) holding = undefined;
  };
  if (await mine.granted) return leave;
  leave();
  return undefined;
}

function request(locks: TabLocks | undefined): Holding {
  const granted = Promise.withResolvers<boolean>();
  const released = Promise.withResolvers<void>();
  const hold = (lock: unknown) => {
    granted.resolve(lock !== null);
    return lock === null ? undefined : released.promise;
  };
  if (locks) locks.request(NAME, { ifAvailable: true }, hold).catch(() => granted.resolve(true));
  else granted.resolve(true);
  return { granted: granted.promise, release: released.resolve, users: 0 };
}
