// Apart from the other words: a program that only reads carries these two.

/** Advice on a session that was refused although it was renewed. */
export const SESSION_ADVICE = 'Try again in a few minutes.';

/** Advice on an account that the service has locked. */
export const LOCK_ADVICE = 'Wait until the lock ends, and check name, password and region.';
