import type { KeepOptions, KeepStatus } from '@egvkit/uploader';
import type { Mistake } from './mistake.ts';

/** The same options with the status changed before anybody sees it. */
function withStatus(change: (status: KeepStatus) => KeepStatus): NonNullable<Mistake['keep']> {
  return (options: KeepOptions) => ({
    ...options,
    onStatus: (status) => options.onStatus?.(change(status)),
  });
}

export const STATUS_MISTAKES = {
  nothingPending: (): Mistake => ({
    what: 'what could not be sent does not count as pending',
    breaks: ['falseStatus'],
    keep: withStatus((status) => ({
      ...status,
      destinations: status.destinations.map((one) => ({ ...one, pending: 0 })),
    })),
  }),
  firstReadingShown: (): Mistake => {
    let first: KeepStatus['lastReading'];
    return {
      what: 'the status shows the reading that was the newest at the start',
      breaks: ['falseStatus'],
      keep: withStatus((status) => {
        first ??= status.lastReading;
        return { ...status, lastReading: first };
      }),
    };
  },
  nobodyTold: (): Mistake => ({
    what: 'nobody is told what a person must do',
    breaks: ['silentStatus'],
    keep: withStatus((status) => ({ ...status, person: undefined })),
  }),
  errorStays: (): Mistake => {
    let last: KeepStatus['lastError'];
    return {
      what: 'the last error stays in the status when all is well again',
      breaks: ['falseStatus'],
      keep: withStatus((status) => {
        last = status.lastError ?? last;
        return { ...status, lastError: last };
      }),
    };
  },
  endsAtAnError: (): Mistake => ({
    what: 'uploading ends with the first error of a receiver',
    breaks: ['missing', 'ended', 'silentStatus', 'falseStatus'],
    keep: (options) => {
      const stop = new AbortController();
      options.signal.addEventListener('abort', () => stop.abort(options.signal.reason));
      return {
        ...options,
        signal: stop.signal,
        onEvent: (event) => {
          options.onEvent?.(event);
          if (event.kind === 'readFailed') stop.abort(new Error('failed'));
        },
      };
    },
  }),
} as const;
