import type { Authorization, Caller } from './authorization.ts';
import type { SiteBehaviour } from './options.ts';
import type { EntryStore } from './store.ts';

/** State that an answer is made from. */
export interface SiteState {
  readonly behaviour: SiteBehaviour;
  readonly store: EntryStore;
  readonly authorization: Authorization;
  /** The site's own clock. */
  readonly nowMs: () => number;
}

/** A request that has been read. */
export interface Call {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  readonly body: string;
  /** Undefined if secret or token are not known. */
  readonly caller: Caller | undefined;
}
