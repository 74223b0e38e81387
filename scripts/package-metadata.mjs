// What every published package has: its licence in the archive, and where it comes from.
import { isDeepStrictEqual } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { sourceOf } from './repository.mjs';

const BLOCK_BYTES = 512;

/**
 * The files of an npm archive by their names below `package/`.
 *
 * @param {Uint8Array} archive
 * @returns {Map<string, string>}
 */
export function filesOf(archive) {
  const tar = gunzipSync(archive);
  /** @param {number} from @param {number} length */
  const text = (from, length) => tar.toString('utf8', from, from + length).replace(/\0.*$/s, '');
  const files = new Map();
  for (let at = 0; at + BLOCK_BYTES <= tar.length && tar[at] !== 0; ) {
    const size = Number.parseInt(text(at + 124, 12), 8);
    const start = at + BLOCK_BYTES;
    files.set(text(at, 100).replace(/^package\//, ''), tar.toString('utf8', start, start + size));
    at = start + Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;
  }
  return files;
}

/**
 * Lists the faults of a packed package's metadata, a sentence each.
 *
 * @param {ReadonlyMap<string, string>} files of the archive
 * @param {string} directory the package's folder in the repository
 * @param {{ readonly license: string, readonly repository: { readonly url: string } }} workspace
 */
export function missingFrom(files, directory, workspace) {
  const manifest = JSON.parse(files.get('package.json') ?? '{}');
  const name = /github\.com\/(.+)\.git$/.exec(workspace.repository.url)?.[1] ?? '';
  const expected = {
    license: workspace.license,
    publishConfig: { access: 'public', provenance: true },
    ...sourceOf(name, directory),
  };
  const missing = Object.entries(expected)
    .filter(([key, value]) => !isDeepStrictEqual(manifest[key], value))
    .map(([key, value]) => `package.json needs "${key}": ${JSON.stringify(value)}.`);
  if (!/MIT License/.test(files.get('LICENSE') ?? '')) missing.push('The archive has no LICENSE.');
  for (const key of ['keywords', 'description']) {
    if (!manifest[key]?.length) missing.push(`package.json needs "${key}".`);
  }
  return missing;
}
