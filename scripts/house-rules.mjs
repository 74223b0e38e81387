// The house rules that no other tool checks, as data: where each holds and what breaks it.

/**
 * @typedef {object} Rule
 * @property {string} says
 * @property {RegExp} in Paths it holds for.
 * @property {RegExp} breaks
 * @property {boolean} [codeOnly] Comments may say it.
 * @property {boolean} [docsOnly] Looked for in docstrings only, joined to one line each.
 */

// Patterns are put together so that this file does not break its own rules.
const anyOf = (/** @type {string[]} */ ...parts) => new RegExp(parts.join('|'));

/** @type {Rule[]} */
export const houseRules = [
  {
    says: 'no test is left out or singled out',
    in: /(?:^|\/)test\/.*[.](?:ts|mjs)$/,
    breaks: anyOf('\\b(?:it|test|describe|suite|bench)(?:[.]\\w+)*[.](?:only|skip|todo)\\b'),
    codeOnly: true,
  },
  {
    says: 'what is left to do is an issue, not a comment',
    in: /[.](?:ts|mjs|md|json|yaml)$|^[.]ci\//,
    breaks: anyOf('\\bTO' + 'DO\\b', '\\bFIX' + 'ME\\b'),
  },
  {
    says: 'no path of one machine, and nothing outside the repository',
    in: /./,
    breaks: anyOf('[.][.]/' + 'shared\\b', '(?<![\\w./])/(?:work|root|home|Users)/'),
  },
  {
    says: 'protocol and analysis are pure: no clock, no environment, no waiting, no platform',
    in: /^packages\/(?:protocol|analysis)\/src\//,
    breaks: anyOf(
      '\\b(?:async|await|setTimeout|setInterval|queueMicrotask|Buffer|fetch|globalThis)\\b',
      '\\b(?:process|console|performance|crypto)[.]',
      '\\bDate[.]now\\b|\\bnew Date\\(\\s*\\)|\\bMath[.]random\\b',
      '[.]get(?:Hours|Minutes|Seconds|Date|Day|Month|FullYear|TimezoneOffset)\\b',
      '[\'"]node:',
    ),
    codeOnly: true,
  },
  {
    says: 'a docstring, a @param and a @returns begin with a verb or a noun',
    in: /[.](?:ts|tsx|mjs)$/,
    breaks:
      /(?:^|@param (?:{[^}]*} )?[\w.[\]]+ (?:- )?|@returns (?:{[^}]*} )?)(?:what|how|whether|who|whom|where|when|why|which)\b/i,
    docsOnly: true,
  },
];

/** The docstrings of a file, each on its first line and without its asterisks; nothing else. */
const docstringsOf = (/** @type {string} */ code) => {
  const lines = code.split('\n').map(() => '');
  for (const { index, 0: comment } of code.matchAll(/\/\*\*[\s\S]*?\*\//g)) {
    const words = comment.slice(3, -2).replace(/^\s*\*/gm, '');
    lines[code.slice(0, index).split('\n').length - 1] = words.replace(/\s+/g, ' ').trim();
  }
  return lines.join('\n');
};

/** Code with its comments blanked out, line for line. */
const withoutComments = (/** @type {string} */ code) =>
  code
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '))
    .replace(/(^|\s)\/\/.*$/gm, '$1');

/**
 * @param {string} path Relative to the root, with forward slashes.
 * @param {string} text
 * @returns {string[]} One line for each place that breaks a rule.
 */
export function brokenRules(path, text) {
  return houseRules
    .filter((rule) => rule.in.test(path))
    .flatMap(({ says, breaks, codeOnly, docsOnly }) =>
      (codeOnly ? withoutComments(text) : docsOnly ? docstringsOf(text) : text)
        .split('\n')
        .flatMap((line, index) =>
          breaks.test(line) ? [`${path}:${index + 1}: ${says}: ${line.trim()}`] : [],
        ),
    );
}

/**
 * @param {import('./workspace.mjs').WorkspacePackage} each
 * @returns {string[]} Scripts that a package lacks and that the other checks need.
 */
export function missingScripts({ folder, manifest }) {
  if (folder === 'bench' || folder === 'device-lab') return [];
  // Node runs the simulation's own files as they are.
  const wanted = [
    ...(folder === 'simulation' ? [] : ['build']),
    'test',
    ...(manifest.private ? [] : ['check:package']),
  ];
  return wanted
    .filter((name) => !manifest.scripts?.[name])
    .map((name) => `${folder}/package.json: has no script ${name}`);
}
