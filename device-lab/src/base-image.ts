/** The guest without the product: Debian with a kernel, udev and Chromium. Built once and cached. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { run } from './command.ts';
import { unpackInitrd, unpackKernel } from './kernel-image.ts';

/** Everything that the image is made of. A change makes another image. */
const RECIPE = {
  suite: 'bookworm',
  components: 'main',
  packages: [
    // With the virtual bus (dummy_hcd), the gadget (usb_f_acm) and the driver (cdc_acm).
    'linux-image-amd64',
    'udev',
    'kmod',
    'iproute2',
    'ca-certificates',
    'procps',
    'chromium',
    // What a computer has on which a service is installed: systemd as the first program, and users who log in.
    'systemd-sysv',
    'dbus-user-session',
    'libpam-systemd',
    'sudo',
  ],
  // Before the kernel comes: an initial disk with what this machine needs and without udev, which would
  // look at each device a first time. It comes up in a fraction of the time.
  essentialHooks: [
    'mkdir -p "$1/etc/initramfs-tools/conf.d"',
    'echo MODULES=list > "$1/etc/initramfs-tools/conf.d/lab"',
    'printf \'%s\\n\' virtio_pci virtio_blk crc32c_generic ext4 > "$1/etc/initramfs-tools/modules"',
    'mkdir -p "$1/etc/initramfs-tools/scripts/init-top" "$1/etc/initramfs-tools/scripts/init-bottom"',
    `printf '#!/bin/sh\\n' > "$1/etc/initramfs-tools/scripts/init-top/udev"`,
    `printf '#!/bin/sh\\n[ "$1" = prereqs ] || mount -n -o move /dev "$rootmnt/dev"\\n' > "$1/etc/initramfs-tools/scripts/init-bottom/udev"`,
    'chmod 755 "$1"/etc/initramfs-tools/scripts/init-*/udev',
  ],
  // The user who tries the product, and the first program, which hands over to the product's disk.
  hooks: [
    'chroot "$1" useradd --create-home --home-dir /srv/reader --shell /bin/bash reader',
    'mkdir "$1/product"',
    `printf '#!/bin/sh\\nmount -o ro /dev/vdb /product\\nexec /product/lab/init\\n' > "$1/usr/local/sbin/lab-init"`,
    'chmod 755 "$1/usr/local/sbin/lab-init"',
  ],
  size: '4G',
  boot: 'unpacked',
} as const;

const MIRROR_VARIABLE = 'EGVKIT_DEBIAN_MIRROR';
const USUAL_MIRROR = 'http://deb.debian.org/debian';
const BUILD_LIMIT_MS = 40 * 60_000;

/** Files to boot from. */
export interface BaseImage {
  readonly disk: string;
  readonly kernel: string;
  readonly initrd: string;
}

const key = createHash('sha256').update(JSON.stringify(RECIPE)).digest('hex').slice(0, 16);
const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'egvkit', 'device-lab');
const folder = join(cache, key);

const image: BaseImage = {
  disk: join(folder, 'base.img'),
  kernel: join(folder, 'vmlinux'),
  initrd: join(folder, 'initrd'),
};

/** Gives the image if it has been built before. */
export function cachedBaseImage(): BaseImage | undefined {
  return existsSync(folder) ? image : undefined;
}

/** Builds the image, which takes some minutes and has to be done by root. Older ones go. */
export async function buildBaseImage(): Promise<BaseImage> {
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(join(cache, 'building-'));
  try {
    const root = join(work, 'root');
    const { suite, components, packages, essentialHooks, hooks, size } = RECIPE;
    const limits = { limitMs: BUILD_LIMIT_MS };
    await run(
      'mmdebstrap',
      [
        '--mode=root',
        '--variant=minbase',
        '--aptopt=APT::Install-Recommends "false"',
        `--include=${packages.join(',')}`,
        ...essentialHooks.map((hook) => `--essential-hook=${hook}`),
        ...hooks.map((hook) => `--customize-hook=${hook}`),
        suite,
        root,
        `deb ${await debianMirror()} ${suite} ${components}`,
      ],
      limits,
    );
    const built = join(work, 'image');
    await mkdir(built);
    await unpackKernel(await bootFile(root, 'vmlinuz'), join(built, 'vmlinux'));
    await unpackInitrd(await bootFile(root, 'initrd'), join(built, 'initrd'));
    await run('mkfs.ext4', ['-q', '-F', '-d', root, join(built, 'base.img'), size], limits);
    for (const other of await readdir(cache)) {
      if (!other.startsWith('building-')) await rm(join(cache, other), { recursive: true });
    }
    await rename(built, folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return image;
}

/** The file below `/boot` whose name begins so. */
async function bootFile(root: string, name: string): Promise<string> {
  const folder = join(root, 'boot');
  const file = (await readdir(folder)).find((each) => each.startsWith(name));
  if (file === undefined) throw new Error(`The image that was built has no ${name}.`);
  return join(folder, file);
}

/** The mirror that is named; else that of this computer's own Debian; else the usual one. */
async function debianMirror(): Promise<string> {
  const named = process.env[MIRROR_VARIABLE];
  if (named) return named;
  const format = '$(ORIGIN) $(LABEL) $(REPO_URI)';
  const args = ['indextargets', '--format', format, 'Created-By: Packages'];
  const lines = await run('apt-get', args, { limitMs: 60_000 }).catch(() => '');
  return /^Debian Debian (\S+)$/m.exec(lines)?.[1] ?? USUAL_MIRROR;
}
