import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const ownRequire = createRequire(import.meta.url);
const suffix = process.platform === 'win32' ? '.exe' : '';

/** The folder of an installed package. */
const folderOf = (name: string, from = ownRequire): string =>
  dirname(from.resolve(`${name}/package.json`));

function isInstalled(name: string, from: NodeJS.Require): boolean {
  try {
    return folderOf(name, from) !== '';
  } catch {
    return false;
  }
}

/**
 * The program that an npm package brings for this platform. These packages have an optional
 * dependency for each platform they know, pnpm has installed the one that fits, and their install
 * scripts would only copy the program out of it.
 *
 * @returns undefined if there is none for this platform
 */
export function platformBinary(name: 'bun' | 'deno' | 'workerd'): string | undefined {
  const manifest = join(folderOf(name), 'package.json');
  const { optionalDependencies } = JSON.parse(readFileSync(manifest, 'utf8'));
  const from = createRequire(manifest);
  return Object.keys(optionalDependencies)
    .filter((platform) => isInstalled(platform, from))
    .flatMap((platform) => ['.', 'bin'].map((part) => join(folderOf(platform, from), part)))
    .map((folder) => join(folder, name + suffix))
    .find(existsSync);
}

/** The oldest Node that the Share client is for. */
export const oldestNode = join(folderOf('node-oldest'), 'bin', `node${suffix}`);

const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
const isCommonLinux = process.arch === 'x64' && header.glibcVersionRuntime !== undefined;

/** True if a missing runtime is left out; false if it is a failure. */
export const mayBeMissing = !process.env.CI && !isCommonLinux;
