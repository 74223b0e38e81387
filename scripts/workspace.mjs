// Where things are in this workspace, and which packages it has.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {object} Manifest What the scripts read of a package.json.
 * @property {string} name
 * @property {string} [version]
 * @property {boolean} [private]
 * @property {Record<string, string>} [bin]
 * @property {string} [packageManager]
 * @property {Record<string, string>} [scripts]
 * @property {Record<string, string>} [devDependencies]
 * @property {Record<string, string | Record<string, string>>} [exports]
 */

/**
 * @typedef {object} WorkspacePackage
 * @property {string} name
 * @property {string} folder Relative to the root, with forward slashes.
 * @property {Manifest} manifest
 */

export const root = fileURLToPath(new URL('..', import.meta.url));

/** @param {string} path Relative to the root. */
export const inRoot = (path) => join(root, path);

/** @param {string} folder Relative to the root. @returns {Manifest} */
export function readManifest(folder) {
  return JSON.parse(readFileSync(inRoot(join(folder, 'package.json')), 'utf8'));
}

/** The folders that pnpm-workspace.yaml names, without a YAML parser: nothing is installed yet. */
function packageFolders() {
  const text = readFileSync(inRoot('pnpm-workspace.yaml'), 'utf8');
  const list = /^packages:\n((?: +- .+\n)+)/m.exec(text)?.[1];
  if (list === undefined) throw new Error('pnpm-workspace.yaml has no list of packages.');
  const patterns = list
    .trim()
    .split('\n')
    .map((line) => line.replace(/^ *- /, ''));
  return patterns.flatMap((pattern) =>
    pattern.endsWith('/*')
      ? readdirSync(inRoot(dirname(pattern))).map((name) => `${dirname(pattern)}/${name}`)
      : [pattern],
  );
}

/** @returns {WorkspacePackage[]} In the order of their folders. */
export function workspacePackages() {
  return packageFolders()
    .filter((folder) => existsSync(inRoot(`${folder}/package.json`)))
    .map((folder) => ({ folder, manifest: readManifest(folder) }))
    .map(({ folder, manifest }) => ({ name: manifest.name, folder, manifest }));
}
