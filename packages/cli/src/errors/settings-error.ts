import { type DataOf, stays, TableError } from '@egvkit/protocol';

/** Failures of the file of settings. */
export const SETTINGS_ERRORS = {
  settingsUnusable: stays<{ path: string; reason: string }>(
    ({ path, reason }) => `The settings in ${path} cannot be read or written: ${reason}.`,
    'Correct that, or name another file: EGVKIT_SETTINGS.',
  ),
  settingsInvalid: stays<{ path: string; problem: string }>(
    ({ path, problem }) => `The settings in ${path} are not valid: ${problem}.`,
    'Correct the file, or remove it and set anew what is missing then. Passwords are never in it.',
  ),
} as const;

export type SettingsErrorCode = keyof typeof SETTINGS_ERRORS;

/** The file of settings cannot be used. */
export class SettingsError<Code extends SettingsErrorCode = SettingsErrorCode> extends TableError<
  typeof SETTINGS_ERRORS,
  Code
> {
  override readonly name = 'SettingsError';

  constructor(
    code: Code,
    data: DataOf<typeof SETTINGS_ERRORS, Code>,
    options?: { cause?: unknown },
  ) {
    super(SETTINGS_ERRORS, code, data, options);
  }
}
