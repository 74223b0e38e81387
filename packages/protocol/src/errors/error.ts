/**
 * Every error of egvkit: what it carries, what it says, what to do about it, and whether trying
 * again can help. One row each; the classes below are derived from the rows.
 *
 * No row may put a password, session id or account id into its data or its message.
 */
export interface ErrorRow<Data> {
  /** One sentence for a person. */
  readonly message: (data: Data) => string;
  /** Advice to a person; a sentence or two. */
  readonly help: string | ((data: Data) => string);
  /** True if a program may make the same call again by itself: it can succeed, and does no harm. */
  readonly retryable: boolean;
}

/** A row of an error that may pass: the same call can be made again. */
// @__NO_SIDE_EFFECTS__
export function mayPass<Data>(
  message: ErrorRow<Data>['message'],
  help: ErrorRow<Data>['help'],
): ErrorRow<Data> {
  return { message, help, retryable: true };
}

/** A row of an error that stays until somebody does something about it. */
// @__NO_SIDE_EFFECTS__
export function stays<Data>(
  message: ErrorRow<Data>['message'],
  help: ErrorRow<Data>['help'],
): ErrorRow<Data> {
  return { message, help, retryable: false };
}

/** A table of errors. */
export type ErrorRows = Readonly<Record<string, ErrorRow<never>>>;
/** Data of an error of a table. */
export type DataOf<Table extends ErrorRows, Code extends keyof Table> = Parameters<
  Table[Code]['message']
>[0];

/** Base of all errors of egvkit. */
export abstract class EgvkitError extends Error {
  /** Name of the error's row; stable, for programs. */
  abstract readonly code: string;
  /** The facts of this occurrence. */
  abstract readonly data: object;
  /** Advice to a person. */
  readonly help: string;
  /** True if a program may make the same call again by itself: it can succeed, and does no harm. */
  readonly retryable: boolean;

  protected constructor(definition: ErrorRow<never>, data: object, options?: { cause?: unknown }) {
    const known = definition as ErrorRow<object>;
    super(known.message(data), options);
    this.help = typeof known.help === 'string' ? known.help : known.help(data);
    this.retryable = known.retryable;
  }
}

/** An error whose rows are one table: code and data say which row, and what happened. */
export abstract class TableError<
  Table extends ErrorRows,
  Code extends keyof Table & string,
> extends EgvkitError {
  override readonly code: Code;
  override readonly data: DataOf<Table, Code> & object;

  protected constructor(
    table: Table,
    code: Code,
    data: DataOf<Table, Code> & object,
    options?: { cause?: unknown },
  ) {
    super(table[code] as ErrorRow<never>, data, options);
    this.code = code;
    this.data = data;
  }
}
