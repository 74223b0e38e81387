import type { Receiver, ReceiverOptions } from '@egvkit/receiver';
import type { Fetch, SessionStore } from '@egvkit/share-http';
import type { KeepClock, KeepOptions } from '@egvkit/uploader';
import type { RuleName } from '../checks/violation.ts';

/** A mistake that is planted to see if it is found: each part damages one part of the program. */
export interface Mistake {
  /** Fault as a programmer could have made it. */
  readonly what: string;
  /** Rules that it breaks. */
  readonly breaks: readonly RuleName[];
  readonly keep?: (options: KeepOptions) => KeepOptions;
  readonly clock?: (clock: KeepClock) => KeepClock;
  readonly store?: (store: Required<SessionStore>) => SessionStore;
  readonly fetch?: (fetch: Fetch) => Fetch;
  readonly client?: <Options extends object>(options: Options) => Options;
  readonly receiverOptions?: ReceiverOptions;
  readonly onOpened?: (receiver: Receiver) => Promise<void>;
}
