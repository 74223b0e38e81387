import { existsSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ServiceError } from '../errors/service-error.ts';
import type { Scope } from './plan.ts';

/** Paths of Node.js and of egvkit that stay the same when either is updated. */
export interface Program {
  readonly node: string;
  readonly egvkit: string;
}

/** Links that package managers keep to the Node.js of today. */
const NODE_LINKS = ['/usr/bin/node', '/usr/local/bin/node', '/opt/homebrew/bin/node'];

/** Folders of programs that are fetched for one run: of npx, pnpm dlx, yarn dlx and bunx. */
const FOR_ONE_RUN = /[\\/](?:_npx|dlx(?:-[^\\/]*)?|bunx-[^\\/]*|xfs-[^\\/]*)[\\/]/;

/** Folders that a service of the whole computer does not get to see. */
const HIDDEN = ['home', 'root', 'run/user'].map((name) => `/${name}`);

/** The paths of this process. `script` is the one that it was started with. */
export function thisProgram(script: string | undefined = process.argv[1]): Program {
  const ours = fileURLToPath(new URL('../../bin/egvkit.js', import.meta.url));
  const started = resolve(script ?? ours);
  const node = NODE_LINKS.find((link) => isSame(link, process.execPath)) ?? process.execPath;
  // Some package managers have the version in the true path, and a link that lasts.
  return { node, egvkit: isSame(started, ours) ? started : ours };
}

/**
 * Makes sure that a service can run this program for years.
 *
 * @throws ServiceError `temporaryProgram`, `hiddenProgram`
 */
export function assertLasting({ node, egvkit }: Program, scope: Scope): void {
  for (const path of [egvkit, node].flatMap(withTarget)) {
    const isTemporary = FOR_ONE_RUN.test(path) || isBelow(path, realpathSync(tmpdir()));
    if (isTemporary) throw new ServiceError('temporaryProgram', { path });
    const folder = HIDDEN.find((one) => isBelow(path, one));
    if (scope === 'system' && folder !== undefined && process.platform === 'linux') {
      throw new ServiceError('hiddenProgram', { path, folder });
    }
  }
}

/** A path, and the one that it leads to. */
function withTarget(path: string): string[] {
  return existsSync(path) ? [path, realpathSync(path)] : [path];
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(`${folder}${sep}`);
}

function isSame(path: string, other: string): boolean {
  return existsSync(path) && existsSync(other) && realpathSync(path) === realpathSync(other);
}
