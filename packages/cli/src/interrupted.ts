interface InterruptedOptions {
  readonly help?: readonly string[];
  readonly outcomeUnknown?: true;
  readonly cause?: unknown;
}

/** Whoever sits at the terminal has had enough of it. Ends with exit code 130. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  /** What to know of it, or to do about it; a line each. */
  readonly help: readonly string[] | undefined;
  /** Something may have been changed before it was interrupted. */
  readonly outcomeUnknown: true | undefined;

  constructor({ help, outcomeUnknown, cause }: InterruptedOptions = {}) {
    super('Interrupted.', { cause });
    this.help = help;
    this.outcomeUnknown = outcomeUnknown;
  }
}
