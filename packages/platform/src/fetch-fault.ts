/** Failures that only happen before anything is sent; certificates are checked first of all. */
const NOT_SENT = /ENOTFOUND|EAI_AGAIN|REFUSED|CONNECT_TIMEOUT|^(?!ERR_SSL).*CERT|UNABLE_TO/i;

/** Parts of an error, of its causes, and of the errors in a collection, that are looked at. */
interface Cause {
  readonly code?: unknown;
  readonly syscall?: unknown;
  readonly cause?: unknown;
  readonly errors?: readonly unknown[];
}

/** Fault by which a fetch failed, as far as the platform tells. */
export interface FetchFault {
  /** The system's code; '' if it tells none, as in a browser. */
  readonly code: string;
  /** True if nothing has left this computer. */
  readonly isUnsent: boolean;
}

/**
 * Finds out why a fetch failed. Only the system's code is taken from the error, and whether it was
 * connecting that failed: its message may repeat the address, and with it a secret.
 */
export function fetchFaultOf(error: unknown): FetchFault {
  let code = '';
  let isConnecting = false;
  let at = error as Cause | null | undefined;
  for (let depth = 0; at && depth < 6; depth++) {
    // Those of TLS have up to 45 characters.
    if (typeof at.code === 'string' && /^\w{1,64}$/.test(at.code)) code ||= at.code;
    isConnecting ||= at.syscall === 'connect';
    at = (at.errors?.[0] ?? at.cause) as Cause | null | undefined;
  }
  return { code, isUnsent: isConnecting || NOT_SENT.test(code) };
}
