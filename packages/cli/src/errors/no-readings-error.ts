import { type DataOf, mayPass, TableError } from '@egvkit/protocol';

/** An upload of nothing at all. */
export const NO_READINGS_ERRORS = {
  noReadings: mayPass<{ hours: number; records: number; mostly: string }>(
    ({ hours, records, mostly }) =>
      records === 0
        ? `The receiver has no readings of the last ${hours} hours.`
        : `The receiver has no readings of the last ${hours} hours that may be uploaded: of its ${records} records, ${mostly}.`,
    ({ records }) =>
      records === 0
        ? 'Check that a sensor session is running, and that it is the receiver you use.'
        : 'The reason above is the one that was found most often; look at the records.',
  ),
} as const;

/** A receiver has no readings to upload. */
export class NoReadingsError<
  Code extends keyof typeof NO_READINGS_ERRORS = keyof typeof NO_READINGS_ERRORS,
> extends TableError<typeof NO_READINGS_ERRORS, Code> {
  override readonly name = 'NoReadingsError';

  constructor(
    code: Code,
    data: DataOf<typeof NO_READINGS_ERRORS, Code>,
    options?: { cause?: unknown },
  ) {
    super(NO_READINGS_ERRORS, code, data, options);
  }
}
