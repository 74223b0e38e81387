import {
  SHARING_ERRORS,
  ShareError,
  type ShareErrorCode,
  SharingError,
  type SharingErrorCode,
} from '@egvkit/protocol';
import { adviceFor, judgeFault } from '@egvkit/protocol/share';
import type { Refusals } from './answer.ts';

/** Every refusal on record, with what to tell the user. */
export const REFUSALS: Refusals = {
  judge: judgeFault,
  advise: adviceFor,
  error: (code, facts) =>
    Object.hasOwn(SHARING_ERRORS, code)
      ? new SharingError(code as SharingErrorCode, facts as never)
      : new ShareError(code as ShareErrorCode, facts as never),
};
