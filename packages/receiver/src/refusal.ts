import { ReceiverError } from './errors.ts';

/** The response to a record type or page that makes no sense to the receiver. */
export const INVALID_PARAM = 4; // receiver §2.3

/** Waits for an answer; gives undefined if the receiver refuses (with that code, if one is given). */
export async function unlessRefused<T>(asked: Promise<T>, code?: number): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isRefusal(error) && (code ?? error.data.responseCode) === error.data.responseCode) {
      return undefined;
    }
    throw error;
  }
}

export function isRefusal(error: unknown): error is ReceiverError<'refused'> {
  return error instanceof ReceiverError && error.code === 'refused';
}

/** Tells errors of a request that was sent and refused, answered by something else or not at all. */
export function isUnanswered(error: unknown): boolean {
  return (
    error instanceof ReceiverError &&
    ['refused', 'corrupt', 'contradictory', 'timeout'].includes(error.code)
  );
}
