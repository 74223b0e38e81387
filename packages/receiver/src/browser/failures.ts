/** Turns errors of browsers into ours, by their `name` and never by their class. */
// browser §3

import { ReceiverError } from '../errors.ts';
import {
  type Access,
  AccessError,
  type PageApi,
  type PortAccess,
  type Runtime,
} from './access-error.ts';
import { isBrowser, platformOf } from './platform.ts';

/** Browser API and system, for an error. */
export function accessBy(describe: (runtime: Runtime) => PageApi): Access {
  const runtime = { platform: platformOf(), inBrowser: isBrowser() };
  return { ...runtime, ...describe(runtime) };
}

/** The name of what was thrown, if it has one. */
export const nameOf = (cause: unknown): unknown => (cause as { name?: unknown } | null)?.name;

const wordsOf = (cause: unknown): string =>
  (cause instanceof Error || nameOf(cause) !== undefined
    ? (cause as Error).message
    : String(cause)
  ).replace(/\.$/, '');

/** The error of a port that failed, with the browser's own words. */
export function portFailed(path: string, cause: unknown): ReceiverError {
  return new ReceiverError('portFailed', { path, reason: wordsOf(cause) }, { cause });
}

/** The error of a chooser, or a list, that gave nothing. */
export function choiceFailure(access: Access, cause: unknown): AccessError {
  switch (nameOf(cause)) {
    case 'NotFoundError':
      return new AccessError('notChosen', access, { cause });
    case 'SecurityError':
      return /gesture|activation/i.test(wordsOf(cause))
        ? new AccessError('clickNeeded', access, { cause })
        : new AccessError('blocked', access, { cause });
    default:
      return new AccessError('notListed', { ...access, reason: wordsOf(cause) }, { cause });
  }
}

/** The error of a port that did not open. Node's `usb` has libusb's words and no names. */
export function openFailure(access: PortAccess, cause: unknown): AccessError | ReceiverError {
  const name = nameOf(cause);
  const words = wordsOf(cause);
  if (name === 'InvalidStateError') return new AccessError('openAlready', access, { cause });
  if (name === 'SecurityError' || /access|permission/i.test(words)) {
    return new AccessError('denied', access, { cause });
  }
  if (name === 'NotFoundError') {
    return new ReceiverError('unplugged', { path: access.path }, { cause });
  }
  // Browsers say NetworkError for a port that does not open, whoever has it (browser §5).
  if (name === 'NetworkError' || /busy/i.test(words)) {
    return new AccessError('held', access, { cause });
  }
  return portFailed(access.path, cause);
}

/** The error of a claim that was refused: another program or a driver has it, if it is still there. */
export function claimFailure(access: PortAccess, cause: unknown): AccessError | ReceiverError {
  const failure = openFailure(access, cause);
  return failure.code === 'unplugged' ? failure : new AccessError('held', access, { cause });
}
