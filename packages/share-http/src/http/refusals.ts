import {
  adviceFor,
  type FaultError,
  judgeFault,
  judgeUploadingFault,
  UPLOADING_ADVICE,
  uploadingAdviceFor,
} from '@egvkit/protocol/share';
import { PUBLISH_ERRORS, PublishError, type PublishErrorCode } from '../errors/publish-error.ts';
import { ShareError } from '../errors/share-error.ts';
import type { Refusals } from './answer.ts';

/** Characters that get around a password by accident, on its way through files and variables. */
const ODD_ENDS: readonly (readonly [ends: RegExp, name: string])[] = [
  [/^[\r\n]|[\r\n]$/, 'a line break'],
  [/^[\s\p{C}]|[\s\p{C}]$/u, 'a blank or another invisible character'],
  [/^["'`‘’“”„]|["'`‘’“”„]$/, 'a quotation mark'],
];

function adviseOnLogin(password: string): string {
  const odd = ODD_ENDS.find(([ends]) => ends.test(password));
  const tell = UPLOADING_ADVICE.AccountPasswordInvalid;
  return odd === undefined
    ? tell
    : `${tell} The password begins or ends with ${odd[1]}: remove it if it is not part of it.`;
}

const isPublishError = (code: FaultError): code is PublishErrorCode & FaultError =>
  Object.hasOwn(PUBLISH_ERRORS, code);

/** The refusals that a program meets which uploads, with the advice to the user. */
export const UPLOADING_REFUSALS: Refusals = {
  judge: judgeUploadingFault,
  error: (code, facts) =>
    isPublishError(code) ? new PublishError(code, facts) : new ShareError<typeof code>(code, facts),
  advise: uploadingAdviceFor,
  adviseOnLogin,
};

/** Every refusal on record, with the advice to the user. */
export const REFUSALS: Refusals = {
  ...UPLOADING_REFUSALS,
  judge: judgeFault,
  advise: adviceFor,
};
