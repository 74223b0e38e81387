// Reads every file that is not ignored by git and says which house rules it breaks.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, posix } from 'node:path';
import { danglingCitations, markdownAnchors, relativeLinks, specSections } from './citations.mjs';
import { brokenRules, missingScripts } from './house-rules.mjs';
import { inRoot, workspacePackages } from './workspace.mjs';

const ignored = readFileSync(inRoot('.gitignore'), 'utf8').split('\n').filter(Boolean);
const isIgnored = (/** @type {string} */ path, /** @type {string} */ name) =>
  name === '.git' ||
  name === 'pnpm-lock.yaml' ||
  ignored.includes(`${name}/`) ||
  ignored.includes(`${path}/`) ||
  ignored.some((pattern) => pattern.startsWith('*') && name.endsWith(pattern.slice(1)));

/** @param {string} folder @returns {string[]} */
function filesBelow(folder) {
  return readdirSync(inRoot(folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '.' ? entry.name : `${folder}/${entry.name}`;
    if (isIgnored(path, entry.name)) return [];
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}

const textOf = (/** @type {string} */ path) => readFileSync(inRoot(path), 'utf8');

const sections = specSections({
  receiver: textOf('docs/spec/receiver.md'),
  share: textOf('docs/spec/share.md'),
  'host-usb': textOf('docs/spec/host-usb.md'),
  browser: textOf('docs/spec/browser.md'),
  nightscout: textOf('docs/spec/nightscout.md'),
});

/** Links of a Markdown file to files or anchors that are not there. @param {string} path */
function deadLinks(path) {
  return relativeLinks(textOf(path)).flatMap(({ target, line }) => {
    const [file = '', anchor] = target.split('#');
    const at = file === '' ? path : posix.normalize(posix.join(dirname(path), file));
    if (!existsSync(inRoot(at))) return [`${path}:${line}: links to ${target}, which is not there`];
    if (anchor === undefined || !at.endsWith('.md')) return [];
    return markdownAnchors(textOf(at)).has(anchor)
      ? []
      : [`${path}:${line}: links to ${target}: there is no such section`];
  });
}

const files = filesBelow('.');
const isText = (/** @type {string} */ path) => /[.](?:ts|tsx|mjs|md)$/.test(path);
const broken = [
  ...files.flatMap((path) => brokenRules(path, textOf(path))),
  ...files
    .filter((path) => isText(path) && !path.startsWith('scripts/'))
    .flatMap((path) => danglingCitations(path, textOf(path), sections)),
  ...files.filter((path) => path.endsWith('.md')).flatMap(deadLinks),
  ...workspacePackages().flatMap(missingScripts),
];
for (const line of broken) console.error(line);
console.log(`${files.length} files, ${broken.length} broken rules`);
if (broken.length > 0 || files.length === 0) process.exitCode = 1;
