// From what an installer printed to what is missing, in a sentence.

/** @type {[pattern: RegExp, sentence: string][]} The first that matches is told. */
const causes = [
  [
    /spawn \S*npx\S* ENOENT|npx: (?:command )?not found|'npx' is not recognized/,
    'npx was not found: it comes with npm, which comes with Node. Install npm and try again.',
  ],
  [/ENOSPC|no space left/i, 'The disk is full: about 1 GB is needed. Free some and try again.'],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|ERR_PNPM_META_FETCH_FAIL|error sending request|dns error|network (?:request|error)/i,
    'The npm registry could not be reached: check the network, or the proxy and registry in the npm settings.',
  ],
  [
    /CERT_|certificate|self.signed/i,
    'The npm registry has a certificate that is not trusted here: check the proxy and the npm settings.',
  ],
  [
    /\bE?40[13]\b|ERR_PNPM_FETCH_40[13]|unauthorized|forbidden/i,
    'The npm registry refused access: check the registry and the login in the npm settings.',
  ],
  [
    /OUTDATED_LOCKFILE|frozen-lockfile/,
    'pnpm-lock.yaml does not fit the package.json files: run `npx pnpm install` and commit the lockfile.',
  ],
  [
    /\bE404\b|ETARGET|NO_MATCHING_VERSION|FETCH_404|No matching version/i,
    'The npm registry does not have a package or version that is needed.',
  ],
  [
    /EACCES|EPERM|EROFS|permission denied|read-only file system/i,
    'A folder could not be written: the workspace, the npm cache or the pnpm store.',
  ],
];

const shownLines = 15;

/** @param {string} output */
export function explainInstallFailure(output) {
  const cause = causes.find(([pattern]) => pattern.test(output))?.[1];
  const lastLines = output.trimEnd().split('\n').slice(-shownLines);
  return [
    `egvkit could not install what it needs. ${cause ?? 'The installer gave no reason that is known here.'}`,
    'The last lines of the installer:',
    ...lastLines.map((line) => `  ${line}`),
  ].join('\n');
}
