import { type Answer, html } from './answer.ts';
import { ConnectionDropped, type Failure } from './failure.ts';

/** Gives the answer that a failure puts in place of the real one, at its time. */
export function instead(
  failure: Failure | undefined,
  when: 'before' | 'after',
): Answer | undefined {
  if (failure?.kind === 'redirect' && when === 'before') {
    return { ...html(failure.status), headers: { location: failure.location } };
  }
  if (failure === undefined || !('when' in failure || 'status' in failure)) return undefined;
  if (failure.kind === 'redirect' || (failure.when ?? 'before') !== when) return undefined;
  if (failure.kind === 'drop') throw new ConnectionDropped();
  if (failure.kind === 'body') {
    const { status, body } = failure;
    return { status, type: 'application/json; charset=utf-8', body };
  }
  if (failure.kind !== 'html') return undefined;
  const { status, retryAfterSeconds } = failure;
  const headers = retryAfterSeconds === undefined ? {} : { 'retry-after': `${retryAfterSeconds}` };
  return { ...html(status), headers };
}
