import { ReceiverError } from '@egvkit/protocol';

/** The response to a record type or page that makes no sense to the receiver (§2.3). */
export const INVALID_PARAM = 4;

/** What was asked for; undefined if the receiver refuses it (with that code, if one is given). */
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

/** Whether a request was sent and came to nothing: refused, answered by something else or not at all. */
export function isUnanswered(error: unknown): boolean {
  return error instanceof ReceiverError && ['refused', 'corrupt', 'timeout'].includes(error.code);
}
