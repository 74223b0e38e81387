/** Opening a receiver in a page, with the patience that a plugged-in device needs. */
import { orAborted, sleep } from '@egvkit/platform';
import { type EgvkitError, outOfRange } from '@egvkit/protocol';
import type { CancelSignal, Transport } from '@egvkit/protocol/receiver';
import { type Access, AccessError } from './access-error.ts';
import type { PageTransport } from './page-transport.ts';
import { holdTab, type TabLocks } from './tab-lock.ts';

/** An attempt to open has failed, and another one follows. */
export interface OpenRetry {
  /** Number of the attempt that failed, counted from 1. */
  readonly attempt: number;
  readonly attempts: number;
  /** Milliseconds until the next attempt. */
  readonly delayMs: number;
  readonly error: EgvkitError;
}

export interface OpenOptions {
  /** Number of attempts in all; 8 if not given. */
  readonly attempts?: number | undefined;
  /** Milliseconds between two attempts; 2000 if not given. */
  readonly delayMs?: number | undefined;
  /**
   * Milliseconds between opening the port and dropping the bytes that had been waiting; 100 if not
   * given.
   */
  readonly settleMs?: number | undefined;
  /** Called after each failed attempt that another one follows. */
  readonly onRetry?: ((retry: OpenRetry) => void) | undefined;
  /**
   * Called when the browser reports lost bytes (`BreakError`, a stalled transfer …). Reading goes
   * on, and the driver asks again.
   */
  readonly onLoss?: ((cause: unknown) => void) | undefined;
  /** Ends the waiting; a port that opens afterwards is closed again. */
  readonly signal?: CancelSignal | undefined;
  /** Keep other tabs of the site from opening a receiver meanwhile; `navigator.locks` if not given. */
  readonly locks?: TabLocks | undefined;
}

/** Opens devices by one browser API. */
export interface Opening<Device> {
  readonly access: Access;
  /** Errors that may pass by themselves while a receiver is plugged in and starts. */
  readonly passing: readonly string[];
  /** One attempt. Leaves nothing open if it fails. */
  readonly open: (device: Device) => Promise<PageTransport>;
  /** The receivers that the page may use now. */
  readonly granted: () => Promise<readonly Device[]>;
}

/** Opens a device, several times if that can help, and drops what is pending on it. */
export async function openPatiently<Device>(
  device: Device,
  opening: Opening<Device>,
  options: OpenOptions,
): Promise<Transport> {
  const { attempts = 8, delayMs = 2000, signal } = options;
  if (!(attempts >= 1)) {
    throw outOfRange('attempts', attempts, '1 or more');
  }
  const leaveTab = await holdTab(options.locks);
  if (leaveTab === undefined) throw new AccessError('otherTab', opening.access);
  try {
    let next = device;
    for (let attempt = 1; ; attempt++) {
      try {
        const transport = await openOnce(next, opening, options);
        transport.whenClosed(leaveTab);
        return transport;
      } catch (error) {
        const known = error as EgvkitError;
        if (attempt >= attempts || !opening.passing.includes(known.code)) throw error;
        options.onRetry?.({ attempt, attempts, delayMs, error: known });
        await sleep(delayMs, signal);
        next = successor(next, await orAborted(opening.granted(), signal));
      }
    }
  } catch (error) {
    leaveTab();
    throw error;
  }
}

async function openOnce<Device>(
  device: Device,
  { open }: Opening<Device>,
  { settleMs = 100, signal }: OpenOptions,
): Promise<PageTransport> {
  if (signal?.aborted) throw signal.reason;
  const opened = open(device);
  let transport: PageTransport;
  try {
    transport = await orAborted(opened, signal);
  } catch (error) {
    if (signal?.aborted) opened.then((late) => late.close()).catch(() => {});
    throw error;
  }
  try {
    if (settleMs > 0) await sleep(settleMs, signal);
    transport.discard();
    return transport;
  } catch (error) {
    await transport.close().catch(() => {});
    throw error;
  }
}

/** A receiver that has been plugged in again is another object: the only one there is now. */
function successor<Device>(device: Device, granted: readonly Device[]): Device {
  const [only] = granted;
  return granted.includes(device) || only === undefined || granted.length > 1 ? device : only;
}

const asked = new WeakMap<object, Promise<unknown>>();

/**
 * Asks an API one question at a time: answers to questions that are asked at once may come in any
 * order, and an old list would be taken for the newest.
 */
export function askInTurn<T>(api: object, ask: () => Promise<T>): Promise<T> {
  const answer = (asked.get(api) ?? Promise.resolve()).then(ask, ask);
  asked.set(api, answer);
  return answer;
}

/** The API of a page; throws if the browser has none, or keeps it from this page. */
export function offered<Api>(api: Api | undefined, access: Access): Api {
  if (api) return api;
  throw new AccessError(globalThis.isSecureContext === false ? 'notSecure' : 'notOffered', access);
}
