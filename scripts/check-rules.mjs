// Reads every file that is not ignored by git and says which house rules it breaks.
import { readdirSync, readFileSync } from 'node:fs';
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

const files = filesBelow('.');
const broken = [
  ...files.flatMap((path) => brokenRules(path, readFileSync(inRoot(path), 'utf8'))),
  ...workspacePackages().flatMap(missingScripts),
];
for (const line of broken) console.error(line);
console.log(`${files.length} files, ${broken.length} broken rules`);
if (broken.length > 0 || files.length === 0) process.exitCode = 1;
