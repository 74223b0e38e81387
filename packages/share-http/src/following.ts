import { InputError } from '@egvkit/protocol';
import {
  decodeReading,
  decodeSubscription,
  ENDPOINTS,
  type FoldedReading,
  LONGEST_READ_MINUTES,
  MOST_READINGS,
  type ShareReading,
  type Subscription,
} from '@egvkit/protocol/share';
import { asking, type Caller } from './caller.ts';
import type { SignInWay } from './other-sign-ins.ts';
import { type CallOptions, foldRecords, type ReadOptions } from './readings.ts';

/** The newest reading of one subscription; what else the service says is in `raw`. */
export interface LastGlucose {
  /** Undefined if the service has none, or none that can be read. */
  readonly reading: ShareReading | undefined;
  readonly raw: object;
}

/**
 * Whom an account follows: for a client made with `signIn: 'follower'`, since the service knows
 * these calls only there. Such an account is an id with a password that the Follow application
 * makes; none can be made with what is known (spec/share §2.2). What any call can throw stands at
 * `ShareClient`; which code refuses a subscription id that nobody has is not on record.
 */
export class Following {
  readonly #caller: Caller;
  readonly #signIn: SignInWay;

  /** @internal Made by `ShareClient`. */
  constructor(caller: Caller, signIn: SignInWay) {
    this.#caller = caller;
    this.#signIn = signIn;
  }

  /** Refuses a wearer's account here: its session might be given up for a call it may not make. */
  #follower(): Caller {
    if (this.#signIn === 'follower') return this.#caller;
    throw new InputError('outOfRange', {
      what: "the client's signIn",
      value: this.#signIn,
      allowed: 'follower, to ask whom an account follows',
    });
  }

  /**
   * Whom the account follows.
   *
   * @throws ShareError as any call; InputError for a client of another kind
   *
   * Source: spec/share §2.2, §6.3 (several sources).
   */
  async list(options: CallOptions = {}): Promise<readonly Subscription[]> {
    const row = ENDPOINTS.ListSubscriberAccountSubscriptions;
    return (await this.#follower().value(row, asking(), options.signal)).map(decodeSubscription);
  }

  /**
   * The newest reading of each of these subscriptions, as the service gives them. Which belongs
   * to which is in a field that is not on record: ask for one at a time to be sure.
   *
   * @throws ShareError as any call; InputError for a client of another kind
   *
   * Source: spec/share §2.2 (several sources).
   */
  async latest(
    subscriptionIds: readonly string[],
    options: CallOptions = {},
  ): Promise<readonly LastGlucose[]> {
    const body = [...subscriptionIds];
    const data = (sessionId: string) => ({ query: { sessionId }, body });
    const row = ENDPOINTS.ReadLastGlucoseFromSubscriptions;
    const answer = await this.#follower().value(row, data, options.signal);
    return answer.map((raw) => ({ reading: raw.Egv ? decodeReading(raw.Egv) : undefined, raw }));
  }

  /**
   * The readings of one subscription, newest first, copies folded.
   *
   * @throws ShareError as any call, `badReply` also for a reading without a date; InputError for a
   *   client of another kind
   *
   * Source: spec/share §2.2 (several sources).
   */
  async readings(
    subscriptionId: string,
    { minutes = LONGEST_READ_MINUTES, maxCount = MOST_READINGS, signal }: ReadOptions = {},
  ): Promise<readonly FoldedReading[]> {
    const row = ENDPOINTS.ReadSubscriptionLatestGlucoseValues;
    return foldRecords(
      this.#caller,
      row.method,
      await this.#follower().value(row, asking({ subscriptionId, minutes, maxCount }), signal),
    );
  }
}
