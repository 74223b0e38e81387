import { type DataOf, stays, TableError } from '@egvkit/protocol';

/** Failures of telling the status. */
export const STATUS_ERRORS = {
  noStatus: stays<{ path: string }>(
    ({ path }) => `No egvkit has uploaded unattended: there is no ${path}.`,
    'Start one: egvkit upload --watch, or egvkit setup for a service.',
  ),
  statusUnknown: stays<{ path: string }>(
    ({ path }) => `${path} is no status that this egvkit knows: damaged, or of another version.`,
    'Start egvkit upload --watch, or its service: it writes a new one.',
  ),
  statusUnreadable: stays<{ path: string; reason: string }>(
    ({ path, reason }) => `The status ${path} cannot be read: ${reason}.`,
    'Where permission is denied, run the command as the user whose status it is; for a system service, with sudo. What is no file of egvkit is to be removed.',
  ),
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
