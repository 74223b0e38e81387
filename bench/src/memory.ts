import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Report } from './report.ts';

const FEW = 1000;
const MANY = 100_000;
/** Limit of the rise of the peak between the two. */
const MOST_MB = 20;

interface StreamResult {
  readonly peaksMb: readonly [number, number];
  readonly records: number;
}

/** A stream of pages through decoder and page reader, in a process that does nothing else. */
export async function benchMemory(report: Report): Promise<void> {
  const script = fileURLToPath(new URL('stream.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script, `${FEW}`, `${MANY}`]);
  const { peaksMb, records } = JSON.parse(stdout) as StreamResult;
  if (records !== MANY * 38) throw new Error(`the stream gave ${records} records`);
  const [few, many] = peaksMb;
  report.heading(`A stream of ${MANY} pages, ${records} records`);
  report.number(`peak memory (RSS) at ${FEW} pages`, few, 'MB');
  report.number(`peak memory (RSS) at ${MANY} pages`, many, 'MB');
  report.atMost('apart', many - few, MOST_MB, 'MB');
}
