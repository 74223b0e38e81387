/** The disk with the product: the packed packages, what they depend on, Node, and the guest's part. */
import { existsSync } from 'node:fs';
import { chmod, copyFile, cp, mkdir, realpath, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { findProgram, run } from './command.ts';
import { type Archives, everythingNeeded } from './packages.ts';
import { CABLE_FUNCTIONS } from './power/cable.ts';
import { REGISTRY_ORIGIN } from './power/registry.ts';
import { layOutUnits } from './power/units.ts';

const HERE = join(import.meta.dirname, '..');
const ROOT = join(HERE, '..');
const LIMIT_MS = 5 * 60_000;
/** npm as a user has it, except that it goes to the lab's registry. */
const NPM_SETTINGS = `prefix=/usr/local\nregistry=${REGISTRY_ORIGIN}\nupdate-notifier=false\n`;

/** Writes the disk, with the folder of its content beside it. */
export async function buildProductDisk(work: string, archives: Archives): Promise<string> {
  const content = join(work, 'product');
  const modules = join(content, 'node_modules');
  await mkdir(modules, { recursive: true });
  await writeFile(join(content, 'package.json'), '{ "type": "module" }\n');
  for (const place of await everythingNeeded()) {
    const into = join(modules, place.manifest.name);
    await mkdir(dirname(into), { recursive: true });
    await archives.unpack(place, into);
  }
  await cp(join(HERE, 'guest'), join(content, 'lab'), { recursive: true });
  await writeFile(join(content, 'lab/power/cable'), CABLE_FUNCTIONS);
  await layOutUnits(join(content, 'lab/power'));
  for (const program of ['init', 'chromium-as-reader', 'power/init', 'power/equipment']) {
    await chmod(join(content, 'lab', program), 0o755);
  }
  await copyFile(process.execPath, join(content, 'node'));
  await chmod(join(content, 'node'), 0o755);
  await cp(await npmFolder(), join(content, 'npm'), { recursive: true });
  await writeFile(join(content, 'npm/npmrc'), NPM_SETTINGS);
  const disk = join(work, 'product.img');
  await run('mkfs.ext4', ['-q', '-F', '-d', content, disk, '1G'], { cwd: ROOT, limitMs: LIMIT_MS });
  return disk;
}

/** The npm of this computer, which a user gets together with Node. */
async function npmFolder(): Promise<string> {
  const program = findProgram('npm');
  const folder = program && dirname(dirname(await realpath(program)));
  if (folder && existsSync(join(folder, 'bin/npm-cli.js'))) return folder;
  throw new Error('The npm of this computer is not found.');
}
