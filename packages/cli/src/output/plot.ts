import type { Unit } from '../options/units.ts';
import { formatNumber } from './glucose.ts';

export interface PlotPoint {
  readonly utcMs: number;
  /** LOW is 39, HIGH is 401. */
  readonly mgDl: number;
}

export interface PlotOptions {
  /** Columns to use in all. */
  readonly width: number;
  /** Rows of the plot itself. */
  readonly height: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly unit: Unit;
  /** Of an instant, as `14:05 +02:00`. */
  readonly formatTime: (utcMs: number) => string;
  /** Colours a mark by what it means; leaves it as it is by default. */
  readonly paint?: (mark: string, meaning: Meaning) => string;
}

/** `target` is the range of 70 to 180 mg/dL that people aim for. */
export type Meaning = 'below' | 'target' | 'above' | 'scale';

const TARGET_LOW = 70;
const TARGET_HIGH = 180;
const SCALE_WIDTH = 6;

/**
 * Readings over time as lines of text: a mark for each reading, dotted lines at 70 and 180 mg/dL.
 */
export function plotGlucose(points: readonly PlotPoint[], options: PlotOptions): readonly string[] {
  const { height, fromMs, toMs, unit, paint = (mark: string) => mark } = options;
  const columns = Math.max(10, options.width - SCALE_WIDTH);
  const highest = points.reduce((most, { mgDl }) => Math.max(most, mgDl), 200);
  const top = Math.ceil(highest / 50) * 50;
  const bottom = 0;
  const rowOf = (mgDl: number): number =>
    Math.round(((top - mgDl) / (top - bottom)) * (height - 1));

  const cells: string[][] = Array.from({ length: height }, () => new Array(columns).fill(' '));
  for (const line of [TARGET_LOW, TARGET_HIGH]) {
    for (let column = 0; column < columns; column += 2) {
      cells[rowOf(line)]![column] = paint('·', 'scale');
    }
  }
  for (const { utcMs, mgDl } of points) {
    if (utcMs < fromMs || utcMs > toMs) continue;
    const column = Math.round(((utcMs - fromMs) / (toMs - fromMs)) * (columns - 1));
    cells[rowOf(mgDl)]![column] = paint('●', meaningOf(mgDl));
  }

  const labelled = new Map([top, TARGET_HIGH, TARGET_LOW].map((mgDl) => [rowOf(mgDl), mgDl]));
  const rows = cells.map((row, i) => {
    const mgDl = labelled.get(i);
    const label = mgDl === undefined ? '' : formatNumber(mgDl, unit);
    return `${paint(label.padStart(SCALE_WIDTH - 1), 'scale')} ${row.join('').trimEnd()}`;
  });
  return [...rows, timeScale(columns, options)];
}

function meaningOf(mgDl: number): Meaning {
  if (mgDl < TARGET_LOW) return 'below';
  return mgDl > TARGET_HIGH ? 'above' : 'target';
}

/** The times below the first, the middle and the last column. */
function timeScale(columns: number, { fromMs, toMs, formatTime }: PlotOptions): string {
  const first = formatTime(fromMs);
  const middle = formatTime((fromMs + toMs) / 2);
  const last = formatTime(toMs);
  const gap = columns - first.length - middle.length - last.length;
  const left = Math.max(1, Math.floor(gap / 2));
  const right = Math.max(1, gap - left);
  const line = first + ' '.repeat(left) + middle + ' '.repeat(right) + last;
  return ' '.repeat(SCALE_WIDTH) + line;
}
