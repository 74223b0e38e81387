import type { NeverSentName } from '../receiver/never-sent.ts';
import { type DataOf, stays, TableError } from './error.ts';

const ONLY_SAFE = 'egvkit sends only commands that are known to be safe.';

/** Commands that are not sent to a receiver. */
export const COMMAND_ERRORS = {
  unknownCommand: stays<{ command: string }>(
    (data) => `${data.command} is not sent to a receiver: no command has this name.`,
    ONLY_SAFE,
  ),
  neverSent: stays<{ command: NeverSentName; why: string }>(
    (data) => `${data.command} is never sent to a receiver: ${data.why}.`,
    ONLY_SAFE,
  ),
  writeNotAllowed: stays<{ command: string }>(
    (data) => `${data.command} was not sent: it changes the receiver, and writing was not allowed.`,
    'Pass allowWrites if the receiver is to be changed.',
  ),
} as const;

export type CommandErrorCode = keyof typeof COMMAND_ERRORS;

/** A command was refused before anything was sent. */
export class CommandError<Code extends CommandErrorCode = CommandErrorCode> extends TableError<
  typeof COMMAND_ERRORS,
  Code
> {
  override readonly name = 'CommandError';

  constructor(
    code: Code,
    data: DataOf<typeof COMMAND_ERRORS, Code>,
    options?: { cause?: unknown },
  ) {
    super(COMMAND_ERRORS, code, data, options);
  }
}
