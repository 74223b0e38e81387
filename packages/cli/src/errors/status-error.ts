import { type DataOf, row, TableError } from '@egvkit/protocol';

/** Failures of telling the status. */
export const STATUS_ERRORS = {
  noStatus: row<{ path: string }>({
    message: ({ path }) => `No egvkit has uploaded unattended: there is no ${path}.`,
    help: 'Start one: egvkit upload --watch, or egvkit setup for a service.',
    retryable: false,
  }),
  statusUnreadable: row<{ path: string; reason: string }>({
    message: ({ path, reason }) => `The status ${path} cannot be read: ${reason}.`,
    help: 'Run the command as the user whose status it is; for a system service, with sudo.',
    retryable: false,
  }),
} as const;

/** Status that cannot be told. */
export class StatusError<
  Code extends keyof typeof STATUS_ERRORS = keyof typeof STATUS_ERRORS,
> extends TableError<typeof STATUS_ERRORS, Code> {
  override readonly name = 'StatusError';

  constructor(code: Code, data: DataOf<typeof STATUS_ERRORS, Code>, options?: { cause?: unknown }) {
    super(STATUS_ERRORS, code, data, options);
  }
}
