/** The machine of the cases: without a network, on copies of the disks that are thrown away. */
import { createInterface } from 'node:readline';
import type { BaseImage } from './base-image.ts';
import { SIGNALS, startQemu } from './qemu.ts';

const WHOLE_LIMIT_MS = 75 * 60_000;
/** A single case may take long on a busy computer. */
const SILENCE_LIMIT_MS = 10 * 60_000;

export interface MachineOptions {
  readonly base: BaseImage;
  readonly product: string;
  /** File that gets everything the guest's console shows. */
  readonly console: string;
  /** Pattern of the names of the cases to run; all if not given. */
  readonly only: string | undefined;
}

/** Boots the machine and gives the lines of its second serial port. Killed when it hangs. */
export async function* boot({
  base,
  product,
  console,
  only,
}: MachineOptions): AsyncGenerator<string> {
  const child = startQemu({
    ...{ base, console, processor: 'max', memoryMb: 3072, network: 'none' },
    kernelOptions: only === undefined ? '' : `"LAB_ONLY=${only}"`,
    disks: [`file=${base.disk},snapshot=on`, `file=${product},readonly=on`],
  });
  let failure: Error | undefined;
  const kill = (reason: string) => {
    failure ??= new Error(reason);
    child.kill('SIGKILL');
  };
  child.on('error', (error) => {
    failure = error;
  });
  const minutes = (ms: number) => `${ms / 60_000} minutes`;
  const whole = setTimeout(
    () => kill(`The machine was stopped after ${minutes(WHOLE_LIMIT_MS)}.`),
    WHOLE_LIMIT_MS,
  );
  const silence = setTimeout(
    () => kill(`The machine has said nothing for ${minutes(SILENCE_LIMIT_MS)} and was stopped.`),
    SILENCE_LIMIT_MS,
  );
  const interrupt = (signal: NodeJS.Signals) => kill(`The machine was stopped by ${signal}.`);
  for (const signal of SIGNALS) process.on(signal, interrupt);
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      silence.refresh();
      yield line.trim();
    }
    if (failure) throw failure;
  } finally {
    clearTimeout(whole);
    clearTimeout(silence);
    for (const signal of SIGNALS) process.off(signal, interrupt);
    child.kill('SIGKILL');
  }
}
