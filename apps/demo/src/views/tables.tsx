import type { JSX } from 'preact';
import { readSoFar } from '../app/receiver-session.ts';
import { GAP_MS, isIn, type Span } from '../chart/points.ts';
import { byDay, type Day } from '../readings/days.ts';
import type { Mark, Reading, TimedReading } from '../readings/reading.ts';
import { statisticsOf } from '../statistics/statistics.ts';
import {
  dayOf,
  glucoseOf,
  meanGlucose,
  momentOf,
  number,
  partPercent,
  spanOf,
  timeOf,
  unit,
} from '../words/format.ts';
import { t } from '../words/language.ts';
import { markWords } from './chart-panel.tsx';
import { NoneShown, trendWords } from './parts.tsx';
import { span } from './shown.ts';

/** Up to so long, every reading has a row; beyond, every day. */
const ROWS_UP_TO_MS = 50 * 3_600_000;

/** Content of the chart as a table. */
export function ReadingsTable(): JSX.Element {
  const { fromMs, toMs } = span.value;
  const { history } = readSoFar.value;
  const readings = history.readings.filter((one) => isIn(span.value, one));
  const marks = history.marks.filter((one) => isIn(span.value, one));
  const newestMs = history.readings.at(-1)?.utcMs;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no pointer scrolls it by keys
    <section class="table" aria-label={t('table')} tabIndex={0}>
      {readings.length === 0 && newestMs !== undefined && <NoneShown newestMs={newestMs} />}
      {toMs - fromMs <= ROWS_UP_TO_MS ? (
        <EachReading span={span.value} readings={readings} marks={marks} />
      ) : (
        <EachDay days={byDay(readings)} />
      )}
    </section>
  );
}

type Row =
  | { readonly utcMs: number; readonly reading: TimedReading; readonly marks: readonly Mark[] }
  | { readonly utcMs: number; readonly gapMs: number };

/** Newest first, with a row for each gap. */
function rowsOf(readings: readonly TimedReading[], marks: readonly Mark[]): readonly Row[] {
  const rows: Row[] = [];
  let next = 0;
  readings.forEach((reading, i) => {
    const before = readings[i - 1];
    if (before !== undefined && reading.utcMs - before.utcMs > GAP_MS) {
      rows.push({ utcMs: before.utcMs + 1, gapMs: reading.utcMs - before.utcMs });
    }
    const own: Mark[] = [];
    const isLast = i === readings.length - 1;
    for (; next < marks.length; next++) {
      const mark = marks[next];
      if (mark === undefined || (mark.utcMs > reading.utcMs && !isLast)) break;
      own.push(mark);
    }
    rows.push({ utcMs: reading.utcMs, reading, marks: own });
  });
  return rows.reverse();
}

/** A row for each reading, newest first, with a column for marks if there are to be any. */
export function EachReading({
  span: { fromMs, toMs },
  readings,
  marks,
}: {
  readonly span: Span;
  readonly readings: readonly TimedReading[];
  readonly marks?: readonly Mark[];
}): JSX.Element {
  return (
    <table>
      <caption>{t('tableCaption', { from: momentOf(fromMs), to: momentOf(toMs) })}</caption>
      <thead>
        <tr>
          <th scope="col">{t('time')}</th>
          <th scope="col" class="numeric">
            {t('glucose')} <small>{unit.value}</small>
          </th>
          <th scope="col">{t('trend')}</th>
          {marks !== undefined && <th scope="col">{t('events')}</th>}
        </tr>
      </thead>
      <tbody>
        {rowsOf(readings, marks ?? []).map((row) =>
          'reading' in row ? (
            <tr key={row.utcMs}>
              <th scope="row">{momentOf(row.utcMs)}</th>
              <td class="numeric">{glucoseOf(row.reading)}</td>
              <td>{trendWords(row.reading.trend)}</td>
              {marks !== undefined && (
                <td>
                  {row.marks.map((mark) => `${timeOf(mark.utcMs)} ${markWords(mark)}`).join(', ')}
                </td>
              )}
            </tr>
          ) : (
            <tr key={row.utcMs} class="gap">
              <td colSpan={marks === undefined ? 3 : 4}>{t('gap', { span: spanOf(row.gapMs) })}</td>
            </tr>
          ),
        )}
      </tbody>
    </table>
  );
}

/** Columns whose numbers are glucose. */
const IN_UNIT: ReadonlySet<string> = new Set(['mean', 'lowest', 'highest']);

function EachDay({ days }: { readonly days: readonly Day<Reading>[] }): JSX.Element {
  const { fromMs, toMs } = span.value;
  return (
    <table>
      <caption>{t('daysCaption', { from: dayOf(fromMs), to: dayOf(toMs) })}</caption>
      <thead>
        <tr>
          <th scope="col">{t('date')}</th>
          {(['timeInRange', 'mean', 'lowest', 'highest', 'readings'] as const).map((key) => (
            <th key={key} scope="col" class="numeric">
              {t(key)} {IN_UNIT.has(key) && <small>{unit.value}</small>}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {days.toReversed().map(({ fromMs: startMs, toMs: endMs, readings }) => {
          const { meanMgDl, ranges } = statisticsOf(readings, { fromMs: startMs, toMs: endMs });
          const sorted = readings.toSorted((a, b) => a.mgDl - b.mgDl);
          const [lowest] = sorted;
          const highest = sorted.at(-1);
          return (
            <tr key={startMs}>
              <th scope="row">{dayOf(startMs)}</th>
              <td class="numeric">{ranges === undefined ? '–' : partPercent(ranges.target)}</td>
              <td class="numeric">{meanMgDl === undefined ? '–' : meanGlucose(meanMgDl)}</td>
              <td class="numeric">{lowest === undefined ? '–' : glucoseOf(lowest)}</td>
              <td class="numeric">{highest === undefined ? '–' : glucoseOf(highest)}</td>
              <td class="numeric">{number(readings.length)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
