// `npm run test:device`: see README.md.
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildBaseImage, cachedBaseImage } from './base-image.ts';
import { boot } from './machine.ts';
import { Archives } from './packages.ts';
import { type PowerOptions, runPower } from './power/main.ts';
import { buildProductDisk } from './product.ts';
import { reasonToSkip } from './requirements.ts';
import { type Row, tableOf } from './table.ts';

/** The guest's last line: without it the machine went down before its time. */
const DONE = 'done';
const POWER = 'power';
const RESULTS = join(import.meta.dirname, '..', '.results');

const began = performance.now();
const tell = (text: string): void => {
  console.log(`${String(Math.round((performance.now() - began) / 1000)).padStart(5)} s  ${text}`);
};

/** Outcome of a run: its rows, and a reason if it ended before its time. */
interface Outcome {
  readonly rows: readonly Row[];
  readonly failure?: string;
}

interface Prepared {
  readonly base: Awaited<ReturnType<typeof buildBaseImage>>;
  readonly product: string;
  readonly archives: Archives;
}

async function prepare(work: string): Promise<Prepared> {
  const cached = cachedBaseImage();
  if (!cached) tell('building the image of the guest, which takes some minutes the first time');
  const base = cached ?? (await buildBaseImage());
  tell('packing the product');
  const archives = new Archives(join(work, 'archives'));
  return { base, product: await buildProductDisk(work, archives), archives };
}

/** Runs all cases in the machine. */
async function runCases(
  { base, product }: Prepared,
  log: string,
  only: string | undefined,
): Promise<Outcome> {
  tell('booting');
  const rows: Row[] = [];
  try {
    for await (const line of boot({ base, product, console: log, only })) {
      if (line === DONE) return { rows };
      if (!line.startsWith('{')) continue;
      const row: Row = JSON.parse(line);
      rows.push(row);
      tell(`${row.result.padEnd(8)}${row.name}`);
    }
    return { rows, failure: 'The machine went down before all cases had run.' };
  } catch (error) {
    return { rows, failure: (error as Error).message };
  }
}

/** Runs the cases that have to do with power. */
async function runPowerCases(
  places: Omit<PowerOptions, 'cuts' | 'seed' | 'only' | 'tell' | 'onRow'>,
  { cuts, seed, only }: { readonly [Name in 'cuts' | 'seed' | 'only']?: string | undefined },
): Promise<Outcome> {
  const rows: Row[] = [];
  const number = (text: string | undefined) => (text === undefined ? undefined : Number(text));
  try {
    const chosen = { cuts: number(cuts), seed: number(seed), only };
    await runPower({ ...places, ...chosen, tell, onRow: (row) => rows.push(row) });
    return { rows };
  } catch (error) {
    return { rows, failure: (error as Error).message };
  }
}

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      only: { type: 'string' },
      'must-run': { type: 'boolean' },
      cuts: { type: 'string' },
      seed: { type: 'string' },
    },
  });
  const reason = reasonToSkip();
  if (reason !== undefined) {
    console.log(`skipped: ${reason}`);
    return values['must-run'] ? 1 : 0;
  }
  const work = await mkdtemp(join(tmpdir(), 'egvkit-device-lab-'));
  try {
    const log = join(work, 'console.log');
    const prepared = await prepare(work);
    const { rows, failure }: Outcome = positionals.includes(POWER)
      ? await runPowerCases({ ...prepared, work, console: log }, values)
      : await runCases(prepared, log, values.only);
    if (rows.length > 0) console.log(`\n${tableOf(rows)}`);
    if (failure === undefined && rows.every(({ result }) => result !== 'failed')) return 0;
    await mkdir(RESULTS, { recursive: true });
    const kept = join(RESULTS, 'console.log');
    await copyFile(log, kept);
    console.error(`\n${failure ?? 'Cases have failed.'} The guest's console: ${kept}`);
    return 1;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

process.exitCode = await main(process.argv.slice(2));
