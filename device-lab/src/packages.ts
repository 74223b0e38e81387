/** The packages of the workspace and what they depend on, as npm would get them. */
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, realpath, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, sep } from 'node:path';
import { run } from './command.ts';

const HERE = join(import.meta.dirname, '..');
const LIMIT_MS = 5 * 60_000;

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** A package of the workspace, or below its node_modules. */
export interface Place {
  readonly folder: string;
  readonly manifest: Manifest;
}

async function placeOf(folder: string): Promise<Place> {
  return { folder, manifest: JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) };
}

/** Folder in which a package finds another; undefined if an optional one is not installed. */
function folderOf(name: string, from: string): string | undefined {
  return (createRequire(join(from, 'package.json')).resolve.paths(name) ?? [])
    .map((modules) => join(modules, name))
    .find((folder) => existsSync(join(folder, 'package.json')));
}

const isOurs = (folder: string): boolean => !folder.split(sep).includes('node_modules');

/** Everything that the lab needs, each once, itself left out. */
export async function everythingNeeded(): Promise<readonly Place[]> {
  const found = new Map<string, Place>();
  const visit = async ({ folder, manifest }: Place): Promise<void> => {
    const names = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies });
    for (const name of names) {
      const link = folderOf(name, folder);
      if (link === undefined && manifest.optionalDependencies?.[name] !== undefined) continue;
      if (link === undefined) throw new Error(`${manifest.name} does not find ${name}.`);
      const place = await placeOf(await realpath(link));
      const known = found.get(name);
      if (known !== undefined && known.folder !== place.folder) {
        throw new Error(
          `Two versions of ${name} are needed, ${known.manifest.version} and ${place.manifest.version}, and the disk has one folder for it.`,
        );
      }
      if (known !== undefined) continue;
      found.set(name, place);
      await visit(place);
    }
  };
  await visit(await placeOf(HERE));
  return [...found.values()];
}

/** Archives of packages, made when they are first asked for, in a folder of their own. */
export class Archives {
  readonly #folder: string;
  readonly #made = new Map<string, Promise<string>>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The archive of a package: what `pnpm pack` would publish of ours, and others as they came. */
  async of({ folder, manifest }: Place): Promise<string> {
    const { name } = manifest;
    const made = this.#made.get(name) ?? this.#make(folder, join(this.#folder, name));
    this.#made.set(name, made);
    return await made;
  }

  async #make(folder: string, into: string): Promise<string> {
    await mkdir(into, { recursive: true });
    if (isOurs(folder)) {
      await run('pnpm', ['pack', '--pack-destination', into], { cwd: folder, limitMs: LIMIT_MS });
    } else {
      const copy = join(into, 'package');
      const isOwn = (path: string) =>
        !path.slice(folder.length).split(sep).includes('node_modules');
      await cp(folder, copy, { recursive: true, dereference: true, filter: isOwn });
      await run('tar', ['-czf', 'package.tgz', 'package'], { cwd: into, limitMs: LIMIT_MS });
    }
    const [archive = ''] = (await readdir(into)).filter((name) => name.endsWith('.tgz'));
    return join(into, archive);
  }

  /** Unpacks a package. */
  async unpack(place: Place, into: string): Promise<void> {
    const archive = await this.of(place);
    const work = `${into}.unpacking`;
    await mkdir(work, { recursive: true });
    await run('tar', ['-xzf', archive], { cwd: work, limitMs: LIMIT_MS });
    // Most archives have their files below `package`, and all of them below one folder.
    const [top = ''] = await readdir(work);
    await rename(join(work, top), into);
    await rm(work, { recursive: true });
  }
}
