interface InterruptedOptions {
  readonly help?: readonly string[];
  readonly outcomeUnknown?: true;
  readonly cause?: unknown;
}

/** The user has stopped the command (Ctrl-C). Ends with exit code 130. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  /** Facts and advice after the interruption, a line each. */
  readonly help: readonly string[] | undefined;
  /** Something may have been changed before it was interrupted. */
  readonly outcomeUnknown: true | undefined;

  constructor({ help, outcomeUnknown, cause }: InterruptedOptions = {}) {
    super('Interrupted.', { cause });
    this.help = help;
    this.outcomeUnknown = outcomeUnknown;
  }
}
