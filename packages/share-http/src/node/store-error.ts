import { adviceOnHolder, type LockHolder, whoHolds } from '@egvkit/node-files/holder';
import { type DataOf, mayPass, stays, TableError } from '@egvkit/protocol';

/** Failures of a session store. */
export const STORE_ERRORS = {
  unusable: stays<{ path: string; reason: string }>(
    ({ path, reason }) => `The sessions kept in ${path} cannot be used: ${reason}.`,
    'Make room, correct the permissions, or name another folder.',
  ),
  locked: mayPass<LockHolder>(
    (holder) => `Another program is logging in to this account (${whoHolds(holder)}).`,
    (holder) => adviceOnHolder(holder) ?? 'Try again when it has ended.',
  ),
} as const;

export type StoreErrorCode = keyof typeof STORE_ERRORS;

/** Session store that cannot be read or written. */
export class StoreError<Code extends StoreErrorCode = StoreErrorCode> extends TableError<
  typeof STORE_ERRORS,
  Code
> {
  override readonly name = 'StoreError';

  constructor(code: Code, data: DataOf<typeof STORE_ERRORS, Code>, options?: { cause?: unknown }) {
    super(STORE_ERRORS, code, data, options);
  }
}
