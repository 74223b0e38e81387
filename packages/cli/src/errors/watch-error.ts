import { adviceOnHolder, type LockHolder, whoHolds } from '@egvkit/node-files/holder';
import { type DataOf, mayPass, TableError } from '@egvkit/protocol';

/** Failures of watching besides those of the upload. */
export const WATCH_ERRORS = {
  alreadyWatching: mayPass<LockHolder & { readonly folder: string }>(
    (holder) =>
      `Another "egvkit upload --watch" (${whoHolds(holder)}) keeps its state in ${holder.folder}.`,
    (holder) =>
      adviceOnHolder(holder) ??
      'One is enough. For another receiver or account, give each a state folder of its own.',
  ),
  stateUnusable: mayPass<{ readonly folder: string; readonly reason: string }>(
    ({ folder, reason }) => `The state folder ${folder} cannot be used: ${reason}.`,
    'Make room, correct its permissions, or name another one: XDG_STATE_HOME (LOCALAPPDATA on Windows).',
  ),
} as const;

/** Watching that cannot begin. */
export class WatchError<
  Code extends keyof typeof WATCH_ERRORS = keyof typeof WATCH_ERRORS,
> extends TableError<typeof WATCH_ERRORS, Code> {
  override readonly name = 'WatchError';

  constructor(code: Code, data: DataOf<typeof WATCH_ERRORS, Code>, options?: { cause?: unknown }) {
    super(WATCH_ERRORS, code, data, options);
  }
}
