/** `npm run test:device -- power`: the installed service in a home, and the power cut under it. */
import { join } from 'node:path';
import { seededRandom } from '@egvkit/receiver-emulator';
import type { BaseImage } from '../base-image.ts';
import type { Archives } from '../packages.ts';
import { SIGNALS } from '../qemu.ts';
import type { Row } from '../table.ts';
import { CaseRun } from './case-run.ts';
import { cutPower, cutUnderFiles } from './cut-run.ts';
import { DESKTOP_CASES, useDesktop } from './desktop.ts';
import { HOME_CASES, liveWithIt, removeService } from './stranger.ts';
import { makeWorld, type World } from './world.ts';

const CUTS = 50;
const CUTS_CASE = 'power cuts';

export interface PowerOptions {
  readonly base: BaseImage;
  readonly product: string;
  readonly archives: Archives;
  readonly work: string;
  readonly console: string;
  readonly cuts: number | undefined;
  /** Another one is another run. */
  readonly seed: number | undefined;
  /** Pattern of the names of the cases to run; all if not given. */
  readonly only: string | undefined;
  readonly tell: (text: string) => void;
  /** Called with the outcome of each case. */
  readonly onRow: (row: Row) => void;
}

/** Runs all that has to do with power. */
export async function runPower(options: PowerOptions): Promise<void> {
  const { seed = 1, only, tell, onRow, work } = options;
  tell(`seed ${seed}`);
  for (const signal of SIGNALS) process.once(signal, () => process.exit(1));
  const run = new CaseRun({ tell, onRow, chosen: new RegExp(only ?? '') });
  if (run.wants([...HOME_CASES, CUTS_CASE])) {
    await using world = await makeWorld({ ...options, seed, work: join(work, 'home') });
    await runHome(world, run, options);
  }
  if (run.wants(DESKTOP_CASES)) {
    await using world = await makeWorld({ ...options, seed, work: join(work, 'desktop') });
    await useDesktop(world, run);
  }
}

/** Runs the cases of the service of the whole computer. */
async function runHome(
  world: World,
  run: CaseRun,
  { cuts = CUTS, seed = 1 }: PowerOptions,
): Promise<void> {
  let guest = await liveWithIt(world, run);
  await run.may(CUTS_CASE, async () => {
    await cutUnderFiles(world, guest, seededRandom(seed));
    world.requests.startOver({ cut: true });
    const last = await cutPower(world, { cuts, seed, tell: run.tell });
    guest = last.guest;
    return last.measured;
  });
  await removeService(guest, run);
}
