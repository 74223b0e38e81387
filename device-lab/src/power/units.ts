/** Folder `/run/systemd` of a guest that starts as a computer does: the lab's own units, in the start. */
import { mkdir, readdir, rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Makers of units out of the computer's hardware and old settings, which are of no interest here, and take
 * their time. The one that is left masks units.
 */
const GENERATORS = [
  ...['bless-boot', 'cryptsetup', 'fstab', 'getty', 'gpt-auto', 'hibernate-resume'],
  ...['integritysetup', 'rc-local', 'run', 'system-update', 'sysv', 'veritysetup'],
];

/** Units that others start when they are wanted. */
const ON_DEMAND = /proxy\.service$/;

/** Lays the units of a folder out, beside it, as the guest copies them at each start. */
export async function layOutUnits(folder: string): Promise<void> {
  const systemd = join(folder, 'systemd');
  const units = join(systemd, 'system');
  const [started, generators] = [
    join(units, 'multi-user.target.wants'),
    join(systemd, 'system-generators'),
  ];
  await mkdir(systemd);
  await rename(join(folder, 'units'), units);
  const names = (await readdir(units)).filter((name) => !ON_DEMAND.test(name));
  await mkdir(started);
  for (const name of names) await symlink(join('..', name), join(started, name));
  await mkdir(generators);
  for (const name of GENERATORS) {
    await symlink('/dev/null', join(generators, `systemd-${name}-generator`));
  }
}
