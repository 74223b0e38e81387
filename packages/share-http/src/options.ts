import type { Fetch } from './http/platform.ts';
import type { ShareService } from './http/target.ts';
import type { ShareCredentials } from './session/credentials.ts';
import type { LoginOptions } from './session/login-methods.ts';
import type { SessionStore } from './session/store.ts';

/** Settings of a client; each has a default. */
export interface ShareBehaviour {
  /** Application id; the region's own if left out. No other is ever tried. */
  readonly applicationId?: string | undefined;
  /**
   * Store of the session and of refused logins. If left out, the session is kept by this client,
   * and refusals by all clients without a store, until the program ends: a program that is started
   * again and again, as by cron, needs a lasting store, or it sends a refused login at every start.
   */
  readonly store?: SessionStore | undefined;
  /** Longest time of one request, answer included: 30,000 if left out, `Infinity` for no limit. */
  readonly timeoutMs?: number | undefined;
  /** Longest time of all calls of one login together: `timeoutMs` and half of it if left out. */
  readonly loginTimeoutMs?: number | undefined;
  /** Longest answer that is read: 1 MiB if left out. */
  readonly maxReplyBytes?: number | undefined;
  /** Time without a login after the service has locked the account: 10 minutes if left out. */
  readonly lockedForMs?: number | undefined;
  /**
   * Times that a call which only reads is repeated when the service cannot be reached or is not
   * working: 2 if left out. A login or a change is never repeated.
   */
  readonly repeats?: number | undefined;
  /** Header `User-Agent`: `egvkit` if left out. Some browsers do not let it be changed. */
  readonly userAgent?: string | undefined;
  /** The platform's `fetch` if left out. */
  readonly fetch?: Fetch | undefined;
}

/** Options of a `ShareReader`. */
export type ShareReaderOptions = ShareService & ShareCredentials & ShareBehaviour;

/** Options of a `ShareClient`. */
export type ShareClientOptions = ShareReaderOptions &
  LoginOptions & {
    /**
     * For programs that nobody watches: one attempt to log in every 15 minutes at the most, whatever
     * became of the one before. Two at once and a renewal every three minutes if left out.
     */
    readonly unattended?: boolean | undefined;
  };
