import type { CommandName, CommandRequest } from '@egvkit/protocol/receiver';
import { ACK, NO_PAGE, readDatabasePageRange, u32At } from '@egvkit/protocol/receiver/wire';
import type { Pages } from './between.ts';
import type { ReceiverError } from './errors.ts';
import { type Claim, sameBytes } from './outstanding.ts';

/** Reply to a request or refusal of it, with the chance that it belongs to an earlier request. */
export type Answer<Reply> =
  | {
      readonly kind: 'reply';
      readonly reply: Reply;
      readonly payload: Uint8Array;
      /** Monotonic milliseconds of the last sending of the request. */
      readonly sentMs: number;
      /** Number of old replies that could have been taken for this one; 0 if it is certain. */
      readonly doubts: number;
    }
  | {
      readonly kind: 'refused';
      readonly error: ReceiverError<'refused'>;
      readonly payload: undefined;
      readonly doubts: number;
    };

/** Commands whose reply changes with time, so that an old reply is wrong. */
export const TELLS_TIME: ReadonlySet<CommandName> = new Set(['readSystemTime', 'readRtc']);

/** Most seconds by which a clock may run ahead of the time between two requests. */
const CLOCK_SLACK_SECONDS = 12; // Our choice.

export function given<Reply>(answer: Answer<Reply>): Reply {
  if (answer.kind === 'refused') throw answer.error;
  return answer.reply;
}

export function claimOf(answer: Answer<unknown>): Claim {
  if (answer.kind === 'reply') return { code: ACK, payload: answer.payload };
  return { code: answer.error.data.responseCode, payload: new Uint8Array() };
}

/** Pages that `readDatabasePageRange` gave; undefined for another command or an empty type. */
export function pagesOf(
  name: CommandName,
  request: unknown,
  { payload }: Answer<unknown>,
): Pages | undefined {
  if (name !== 'readDatabasePageRange' || payload === undefined) return undefined;
  const { first, last } = readDatabasePageRange.reply.decode(payload);
  if (last === NO_PAGE) return undefined;
  const { recordType } = request as CommandRequest<'readDatabasePageRange'>;
  return { recordType, first, last };
}

/** True if two answers to the same request agree. */
export function agree<Reply>(name: CommandName, one: Answer<Reply>, other: Answer<Reply>): boolean {
  if (one.kind === 'refused' || other.kind === 'refused') {
    return (
      one.kind === 'refused' &&
      other.kind === 'refused' &&
      one.error.data.responseCode === other.error.data.responseCode
    );
  }
  if (!TELLS_TIME.has(name)) return sameBytes(one.payload, other.payload);
  // Both begin with the seconds.
  const ranSeconds = u32At(other.payload, 0) - u32At(one.payload, 0);
  const tookSeconds = (other.sentMs - one.sentMs) / 1000;
  return ranSeconds >= 0 && ranSeconds <= tookSeconds + CLOCK_SLACK_SECONDS;
}
