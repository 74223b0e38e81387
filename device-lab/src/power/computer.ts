/** A computer that starts as one does, on a disk that stays, and whose power can be cut. */
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import type { EmulatedReceiver, Random } from '@egvkit/receiver-emulator';
import type { BaseImage } from '../base-image.ts';
import { type Qemu, startQemu } from '../qemu.ts';
import { serveDisk } from './disk-server.ts';
import { Guest } from './guest.ts';
import { serveReceiver } from './receiver-server.ts';
import type { VirtualDate } from './virtual-date.ts';
import { type Loss, VolatileDisk } from './volatile-disk.ts';

const MEMORY_MB = 1024;
const CONNECTION = join(import.meta.dirname, '../connection.ts');
/** Units that would set to work as the date leaps, or do nothing here but take a slow start's time. */
const MASKED = [
  ...['apt-daily.timer', 'apt-daily-upgrade.timer', 'dpkg-db-backup.timer', 'fstrim.timer'],
  ...['e2scrub_all.timer', 'e2scrub_reap.service', 'getty.target', 'systemd-pstore.service'],
  ...['modprobe@drm.service', 'modprobe@dm_mod.service', 'modprobe@loop.service'],
  ...['modprobe@fuse.service', 'modprobe@efi_pstore.service', 'sys-fs-fuse-connections.mount'],
  ...['dev-hugepages.mount', 'dev-mqueue.mount', 'sys-kernel-debug.mount'],
  ...['sys-kernel-tracing.mount', 'kmod-static-nodes.service', 'systemd-update-utmp.service'],
  ...['systemd-update-utmp-runlevel.service', 'systemd-sysusers.service', 'systemd-binfmt.service'],
  // The lab's units load the drivers that there is something for.
  'systemd-udev-trigger.service',
  ...['systemd-modules-load.service', 'modprobe@configfs.service', 'sys-kernel-config.mount'],
  ...['systemd-sysctl.service', 'systemd-random-seed.service', 'systemd-remount-fs.service'],
  ...[
    'proc-sys-fs-binfmt_misc.automount',
    'systemd-initctl.socket',
    'systemd-journald-audit.socket',
  ],
  ...['systemd-tmpfiles-clean.timer', 'systemd-ask-password-console.path'],
  'systemd-ask-password-wall.path',
];
/** Units that are only needed where users log in. */
const FOR_USERS = [
  ...['systemd-logind.service', 'dbus.socket', 'dbus.service', 'systemd-user-sessions.service'],
];

const kernelOptions = (masked: readonly string[]): string =>
  [
    ...['LAB_KIND=power', 'net.ifnames=0', 'systemd.firstboot=no', 'systemd.show_status=no'],
    // The file system's own journal is enough after a power cut; the rest is of no interest here.
    ...['fsck.mode=skip', 'cryptomgr.notests', 'systemd.gpt_auto=no'],
    ...masked.map((unit) => `systemd.mask=${unit}`),
  ].join(' ');

export interface BootOptions {
  /** True for a computer at which users log in; false if left out. */
  readonly hasUsers?: boolean;
}

export interface ComputerOptions {
  readonly base: BaseImage;
  readonly product: string;
  /** Folder for the disk's file and the like. */
  readonly work: string;
  /** File that gets everything the guest's console shows since the last start. */
  readonly console: string;
  readonly date: VirtualDate;
  /** Ports of the guest's own network that lead to ports of the host. */
  readonly ports: Readonly<Record<number, number>>;
  readonly receiver: EmulatedReceiver;
}

/** A computer with its disk and its receiver. It is off until it is booted. */
export class Computer implements AsyncDisposable {
  readonly #options: ComputerOptions;
  readonly #disk: VolatileDisk;
  readonly #servers: readonly Server[];
  readonly #hands: Server;
  #qemu: Qemu | undefined;

  private constructor(
    options: ComputerOptions,
    disk: VolatileDisk,
    servers: readonly Server[],
    hands: Server,
  ) {
    this.#options = options;
    this.#disk = disk;
    this.#servers = servers;
    this.#hands = hands;
  }

  static async make(options: ComputerOptions): Promise<Computer> {
    const { base, work, receiver } = options;
    const size = statSync(base.disk).size;
    const disk = new VolatileDisk(base.disk, join(work, 'disk.img'), size);
    const hands = createServer().listen(join(work, 'hands'));
    await once(hands, 'listening');
    const servers = [
      await serveDisk(disk, join(work, 'disk')),
      await serveReceiver(receiver, join(work, 'receiver')),
      hands,
    ];
    return new Computer(options, disk, servers, hands);
  }

  /** Switches it on. */
  boot({ hasUsers = false }: BootOptions = {}): Guest {
    const { base, product, console, date, ports, work } = this.#options;
    const forwards = Object.entries(ports).map(
      ([inside, outside]) =>
        `guestfwd=tcp:10.0.2.100:${inside}-cmd:${process.execPath} ${CONNECTION} ${outside}`,
    );
    const hands = once(this.#hands, 'connection').then(([socket]) => socket as Socket);
    const line = (name: string): string[] => [
      ...['-chardev', `socket,id=${name},path=${join(work, name)}`],
      ...['-device', `virtserialport,chardev=${name},name=${name}`],
    ];
    this.#qemu = startQemu({
      ...{ base, console, processor: 'qemu64,+rdrand', memoryMb: MEMORY_MB },
      kernelOptions: kernelOptions(hasUsers ? MASKED : [...MASKED, ...FOR_USERS]),
      disks: [
        // Nothing stays in QEMU's memory: what is flushed and what is not, guest and disk agree on.
        `file=nbd+unix:///?socket=${join(work, 'disk')},cache=none`,
        `file=${product},readonly=on`,
      ],
      network: ['user,model=virtio-net-pci,restrict=on', ...forwards].join(','),
      more: [
        ...['-nodefaults', '-vga', 'none'],
        ...['-rtc', `base=${new Date(date.nowMs()).toISOString().slice(0, 19)}`],
        ...['-device', 'virtio-serial-pci', ...line('receiver'), ...line('hands')],
      ],
    });
    endWithProcess(this.#qemu);
    return new Guest(this.#qemu, hands);
  }

  /** Cuts the power, and says what the disk lost. */
  async cut(random: Random, chance?: number): Promise<Loss> {
    await this.#kill();
    return this.#disk.cut(random, chance);
  }

  async #kill(): Promise<void> {
    const qemu = this.#qemu;
    this.#qemu = undefined;
    if (qemu === undefined || qemu.exitCode !== null || qemu.signalCode !== null) return;
    const ended = once(qemu, 'exit');
    qemu.kill('SIGKILL');
    await ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#kill();
    for (const server of this.#servers) server.close();
    this.#disk[Symbol.dispose]();
  }
}

/** Lets a computer not outlive this process. */
function endWithProcess(qemu: Qemu): void {
  const kill = (): void => void qemu.kill('SIGKILL');
  process.once('exit', kill);
  qemu.once('exit', () => process.off('exit', kill));
}
