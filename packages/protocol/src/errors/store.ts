import { type DataOf, row, TableError } from './error.ts';

/** What can go wrong with what is kept between runs. */
export const STORE_ERRORS = {
  unusable: row<{ path: string; reason: string }>({
    message: ({ path, reason }) => `The sessions kept in ${path} cannot be used: ${reason}.`,
    help: 'Make room, correct the permissions, or name another folder.',
    retryable: false,
  }),
} as const;

export type StoreErrorCode = keyof typeof STORE_ERRORS;

/** What is kept between runs cannot be read or written. */
export class StoreError<Code extends StoreErrorCode = StoreErrorCode> extends TableError<
  typeof STORE_ERRORS,
  Code
> {
  override readonly name = 'StoreError';

  constructor(code: Code, data: DataOf<typeof STORE_ERRORS, Code>, options?: { cause?: unknown }) {
    super(STORE_ERRORS, code, data, options);
  }
}
