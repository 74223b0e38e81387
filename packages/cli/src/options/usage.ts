interface UsageErrorOptions {
  readonly help?: readonly string[];
  readonly cause?: unknown;
}

/** The command line is wrong: one sentence says what and why. Ends with the exit code `usage`. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  /** Advice on the error, a line each. */
  readonly help: readonly string[];

  constructor(message: string, { help = [], cause }: UsageErrorOptions = {}) {
    super(message, { cause });
    this.help = help;
  }
}

/** A value that is not among those that an option or argument takes; `rule` says which it takes. */
export function invalid(what: string, value: string, rule: string): UsageError {
  return new UsageError(`Invalid ${what} "${value}": ${rule}.`);
}

/** `a, b or c`. */
export function listOf(words: readonly string[]): string {
  const [last = ''] = words.slice(-1);
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`;
}
