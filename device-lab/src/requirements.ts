import { cachedBaseImage } from './base-image.ts';
import { findProgram } from './command.ts';

/** Programs that are needed, and the package of Debian and Ubuntu that has each. */
const PROGRAMS = {
  'qemu-system-x86_64': 'qemu-system-x86',
  'mkfs.ext4': 'e2fsprogs',
} as const;
/** Needed as well where the image has to be built. */
const BUILDERS = { mmdebstrap: 'mmdebstrap', xz: 'xz-utils' } as const;

/** Tells why the lab cannot be used here; undefined if it can. */
export function reasonToSkip(): string | undefined {
  const { platform, arch } = process;
  if (platform !== 'linux' || arch !== 'x64') {
    return `the guest runs this computer's Node, which is for ${platform}-${arch} and would have to be for linux-x64.`;
  }
  const isBuilt = cachedBaseImage() !== undefined;
  const missing = Object.entries(isBuilt ? PROGRAMS : { ...PROGRAMS, ...BUILDERS }).filter(
    ([program]) => findProgram(program) === undefined,
  );
  if (missing.length > 0) {
    const names = missing.map(([program]) => program).join(', ');
    const packages = missing.map(([, each]) => each).join(' ');
    return `${names} not found. Install it: apt-get install ${packages}`;
  }
  if (!isBuilt && process.getuid?.() !== 0) {
    return 'the image of the guest is not built yet, and only root can build it. Run this once as root.';
  }
  return undefined;
}
