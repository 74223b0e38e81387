/** The virtual computer: QEMU, with as much as every kind of guest needs. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { BaseImage } from './base-image.ts';

/** Software emulation works everywhere; `kvm` is much faster where it works. */
const ACCELERATOR = process.env.EGVKIT_DEVICE_LAB_ACCELERATOR || 'tcg,thread=multi';
const KERNEL_OPTIONS =
  'root=/dev/vda rw console=ttyS0 quiet panic=-1 mitigations=off init=/usr/local/sbin/lab-init';

/** Signals that end the lab, and the computer with it. */
export const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface QemuOptions {
  readonly base: Pick<BaseImage, 'kernel' | 'initrd'>;
  /** As QEMU names it; software emulates a simple one faster. */
  readonly processor: string;
  readonly memoryMb: number;
  /** File that gets everything the guest's console shows. */
  readonly console: string;
  readonly kernelOptions: string;
  /** The first is the guest's own, the second the product's. */
  readonly disks: readonly [own: string, product: string];
  readonly network: string;
  /** More options of QEMU. */
  readonly more?: readonly string[];
}

/** A computer that runs; its second serial port is the process's input and output. */
export type Qemu = ChildProcessByStdio<Writable, Readable, null>;

/** Starts a computer. A guest that restarts itself ends it. */
export function startQemu(options: QemuOptions): Qemu {
  const { base, processor, memoryMb, console, kernelOptions, disks, network, more = [] } = options;
  return spawn(
    'qemu-system-x86_64',
    [
      ...['-accel', ACCELERATOR, '-cpu', processor, '-m', String(memoryMb), '-smp', '2'],
      ...['-display', 'none', '-monitor', 'none', '-nic', network, '-no-reboot'],
      ...['-serial', `file:${console}`, '-serial', 'stdio'],
      ...['-kernel', base.kernel, '-initrd', base.initrd],
      // The kernel hands what it does not know on to the first program, as its environment.
      ...['-append', `${KERNEL_OPTIONS} ${kernelOptions}`],
      ...disks.flatMap((disk) => ['-drive', `${disk},format=raw,if=virtio`]),
      ...more,
    ],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
}
