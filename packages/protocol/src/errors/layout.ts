import { type DataOf, stays, TableError } from './error.ts';

/** Bytes of a caller that do not fit a receiver's layouts. */
export const LAYOUT_ERRORS = {
  tooShort: stays<{ what: string; length: number; needed: number }>(
    (data) => `${data.what} needs ${data.needed} bytes, and ${data.length} are there.`,
    'Pass the whole structure.',
  ),
} as const;

export type LayoutErrorCode = keyof typeof LAYOUT_ERRORS;

/** Bytes of a caller do not fit a layout of the receiver. */
export class LayoutError<Code extends LayoutErrorCode = LayoutErrorCode> extends TableError<
  typeof LAYOUT_ERRORS,
  Code
> {
  override readonly name = 'LayoutError';

  constructor(code: Code, data: DataOf<typeof LAYOUT_ERRORS, Code>, options?: { cause?: unknown }) {
    super(LAYOUT_ERRORS, code, data, options);
  }
}
