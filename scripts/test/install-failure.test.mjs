import { expect, test } from 'vitest';
import { explainInstallFailure } from '../install-failure.mjs';

test.each([
  ['spawn npx ENOENT', 'npx was not found'],
  ['npm error code ENOTFOUND\nnpm error network request to the registry failed', 'not be reached'],
  ['npm error code EAI_AGAIN', 'not be reached'],
  ['Error: ERR_PNPM_META_FETCH_FAIL', 'not be reached'],
  ['npm error code E404', 'does not have a package'],
  ['npm error nospc ENOSPC: no space left on device, write', 'disk is full'],
  ['Error: EACCES: permission denied, mkdir', 'could not be written'],
  ['Error: ERR_PNPM_OUTDATED_LOCKFILE', 'does not fit'],
  ['self-signed certificate in certificate chain', 'certificate'],
  ['something new', 'no reason that is known'],
])('%s', (output, sentence) => {
  const text = explainInstallFailure(`first\n${output}\n`);
  expect(text).toContain(sentence);
  expect(text).toContain(`  ${output.split('\n').at(-1)}`);
});
