// `npm run repository OWNER/NAME` says in every manifest where the source is. Until it is published
// somewhere, what stands there is a placeholder; provenance needs the true one.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { workspacePackages } from './workspace.mjs';

const ROOT = new URL('../', import.meta.url);

/**
 * Fields of a manifest about its source.
 *
 * @param {string} name `OWNER/NAME` on GitHub
 * @param {string} [directory] the package's folder in it
 */
export function sourceOf(name, directory) {
  const url = `https://github.com/${name}`;
  return {
    homepage: directory === undefined ? `${url}#readme` : `${url}/tree/main/${directory}#readme`,
    bugs: { url: `${url}/issues` },
    repository: {
      type: 'git',
      url: `git+${url}.git`,
      ...(directory !== undefined && { directory }),
    },
  };
}

/** The manifests that are published, and the workspace's: [path, folder of the package]. */
function manifests() {
  const folders = workspacePackages().map(({ folder }) => folder);
  return [
    /** @type {const} */ (['package.json', undefined]),
    ...folders.map((folder) => /** @type {const} */ ([`${folder}/package.json`, folder])),
  ];
}

/** @param {string} name */
function write(name) {
  for (const [path, folder] of manifests()) {
    const file = new URL(path, ROOT);
    const manifest = JSON.parse(readFileSync(file, 'utf8'));
    if (manifest.private && folder !== undefined) continue;
    writeFileSync(file, `${JSON.stringify({ ...manifest, ...sourceOf(name, folder) }, null, 2)}\n`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [name = ''] = process.argv.slice(2);
  if (/^[\w.-]+\/[\w.-]+$/.test(name)) {
    write(name);
  } else {
    console.error('Name the repository on GitHub: npm run repository OWNER/NAME');
    process.exitCode = 2;
  }
}
