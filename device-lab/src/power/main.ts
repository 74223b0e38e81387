/** `npm run test:device -- power`: the installed service in a home, and the power cut under it. */
import { seededRandom } from '@egvkit/receiver-emulator';
import type { BaseImage } from '../base-image.ts';
import type { Archives } from '../packages.ts';
import { SIGNALS } from '../qemu.ts';
import type { Row } from '../table.ts';
import { cutPower, cutUnderFiles } from './cut-run.ts';
import { liveWithIt, removeService } from './stranger.ts';
import { makeWorld } from './world.ts';

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
  const { cuts = CUTS, seed = 1, only, tell, onRow } = options;
  tell(`seed ${seed}`);
  for (const signal of SIGNALS) process.once(signal, () => process.exit(1));
  await using world = await makeWorld({ ...options, seed });
  const finish = (row: Row): void => {
    tell(`${row.result.padEnd(8)}${row.name}: ${row.measured}`);
    onRow(row);
  };
  const chosen = new RegExp(only ?? '');
  const guest = await liveWithIt(world, tell, finish, chosen);
  if (!chosen.test(CUTS_CASE)) return;
  await cutUnderFiles(world, guest, seededRandom(seed));
  world.requests.startOver({ cut: true });
  const last = await cutPower(world, { cuts, seed, tell });
  finish(last.row);
  finish(await removeService(last.guest));
}
