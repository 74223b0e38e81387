import { outOfRange } from '@egvkit/protocol';
import {
  decodeReading,
  decodeSubscription,
  type FoldedReading,
  LONGEST_READ_MINUTES,
  listSubscriberAccountSubscriptions,
  MOST_READINGS,
  readLastGlucoseFromSubscriptions,
  readSubscriptionLatestGlucoseValues,
  type ShareReading,
  type Subscription,
} from '@egvkit/protocol/share';
import type { CallOptions } from '../call-options.ts';
import { foldRecords, type ReadOptions } from '../readings/readings.ts';
import { asking, type Caller } from '../session/caller.ts';
import type { LoginMethod } from '../session/login-methods.ts';

/** The newest reading of one subscription; other fields of the service stand in `raw`. */
export interface LastGlucose {
  /** Undefined if the service has none, or none that can be read. */
  readonly reading: ShareReading | undefined;
  readonly raw: object;
}

/**
 * Accounts that a follower's account follows: for a client made with `login: 'follower'`, since the
 * service knows these calls only there. Such an account is an id with a password that the Follow
 * application makes; it is unknown how. Errors of any call stand at `ShareClient`; the code that
 * refuses an unknown subscription id is not on record.
 */
export class Following {
  readonly #caller: Caller;
  readonly #login: LoginMethod;

  /** @internal Made by `ShareClient`. */
  constructor(caller: Caller, login: LoginMethod) {
    this.#caller = caller;
    this.#login = login;
  }

  /** Refuses a wearer's account: its session might be given up for a call it may not make. */
  #follower(): Caller {
    if (this.#login === 'follower') return this.#caller;
    throw outOfRange(
      "the client's login",
      this.#login,
      'follower, to read the accounts that it follows',
    );
  }

  /**
   * Lists the accounts that the account follows.
   *
   * @throws ShareError as any call; InputError for a client of another kind
   */
  async list(options: CallOptions = {}): Promise<readonly Subscription[]> {
    const row = listSubscriberAccountSubscriptions;
    return (await this.#follower().value(row, asking(), options)).map(decodeSubscription);
  }

  /**
   * Reads the newest reading of each of these subscriptions, in the service's order. The field that
   * tells the subscription of a reading is not on record: ask for one at a time to be sure.
   *
   * @throws ShareError as any call; InputError for a client of another kind
   */
  async latest(
    subscriptionIds: readonly string[],
    options: CallOptions = {},
  ): Promise<readonly LastGlucose[]> {
    const body = [...subscriptionIds];
    const data = (sessionId: string) => ({ query: { sessionId }, body });
    const row = readLastGlucoseFromSubscriptions;
    const answer = await this.#follower().value(row, data, options);
    return answer.map((raw) => ({ reading: raw.Egv ? decodeReading(raw.Egv) : undefined, raw }));
  }

  /**
   * Reads the readings of one subscription, newest first, copies folded.
   *
   * @throws ShareError as any call, `badReply` also for a reading without a date; InputError for a
   *   client of another kind
   */
  async readings(
    subscriptionId: string,
    { minutes = LONGEST_READ_MINUTES, maxCount = MOST_READINGS, signal }: ReadOptions = {},
  ): Promise<readonly FoldedReading[]> {
    const row = readSubscriptionLatestGlucoseValues;
    return foldRecords(
      this.#caller,
      row,
      await this.#follower().value(row, asking({ subscriptionId, minutes, maxCount }), { signal }),
      maxCount,
    );
  }
}
