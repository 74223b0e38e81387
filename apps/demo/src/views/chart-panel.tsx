import { useComputed, useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { readSoFar } from '../app/receiver-session.ts';
import { isIn, moved, nearest, neighbour, type Points, pointsOf, zoomed } from '../chart/points.ts';
import type { Mark, TimedReading } from '../readings/reading.ts';
import {
  dayOf,
  glucose,
  glucoseOf,
  inUnit,
  momentOf,
  number,
  timeOf,
  unit,
} from '../words/format.ts';
import { isMessage, t } from '../words/language.ts';
import type { MessageKey } from '../words/messages.ts';
import { Curve } from './curve.tsx';
import { MarkShape, trendWords } from './parts.tsx';
import { showSpan, span } from './shown.ts';

const NEAR_MS = 4 * 60_000;

/** The curve of the time that is shown, with its tools. */
export function ChartPanel(): JSX.Element {
  const place = useSignal<number | undefined>(undefined);
  const points = useComputed<Points>(() => pointsOf(readSoFar.value.history.readings, inUnit));
  const content = useComputed(() => ({
    points: points.value,
    marks: readSoFar.value.history.marks,
    span: span.value,
  }));
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = KEYS[event.key];
    if (act === undefined) return;
    event.preventDefault();
    place.value = act(points.value, place.value);
  };
  const reading = place.value === undefined ? undefined : points.value.readings[place.value];
  const { fromMs, toMs } = span.value;
  const shown = readSoFar.value.history.readings.filter((one) => isIn(span.value, one));
  return (
    <div class="chart-panel">
      <div class="chart-line">
        <Readout reading={reading} />
        <ChartTools />
      </div>
      <Curve
        content={content}
        place={place}
        label={t('chartLabel', { from: momentOf(fromMs), to: momentOf(toMs), n: shown.length })}
        keys={t('chartKeys')}
        onSpan={showSpan}
        onKeyDown={onKeyDown}
      />
      <MarkLegend />
    </div>
  );
}

type Step = (points: Points, place: number | undefined) => number | undefined;

/** Goes to another reading; the span follows if it has to. */
const step =
  (by: 1 | -1): Step =>
  (points, place) => {
    const next =
      place === undefined ? nearest(points, span.value.toMs) : neighbour(points, place, by);
    const reading = next === undefined ? undefined : points.readings[next];
    if (reading !== undefined && !isIn(span.value, reading)) {
      showSpan(moved(span.value, by / 2));
    }
    return next;
  };

const change =
  (by: () => void): Step =>
  (_, place) => {
    by();
    return place;
  };

const earlier = (): void => showSpan(moved(span.value, -0.5));
const later = (): void => showSpan(moved(span.value, 0.5));
const zoomIn = (): void => showSpan(zoomed(span.value, 0.5));
const zoomOut = (): void => showSpan(zoomed(span.value, 2));

const KEYS: Readonly<Record<string, Step>> = {
  ArrowLeft: step(-1),
  ArrowRight: step(1),
  Home: (points) => nearest(points, span.value.fromMs),
  End: (points) => nearest(points, span.value.toMs),
  PageUp: change(earlier),
  PageDown: change(later),
  '+': change(zoomIn),
  '-': change(zoomOut),
  Escape: () => undefined,
};

function ChartTools(): JSX.Element {
  const tools = [
    ['earlier', earlier, 'M15 5l-7 7 7 7'],
    ['later', later, 'M9 5l7 7-7 7'],
    ['zoomOut', zoomOut, 'M5 12h14'],
    ['zoomIn', zoomIn, 'M12 5v14M5 12h14'],
  ] as const;
  return (
    <div class="chart-tools">
      {tools.map(([key, act, path]) => (
        <button
          key={key}
          type="button"
          class="icon"
          title={t(key)}
          aria-label={t(key)}
          onClick={act}
        >
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d={path} />
          </svg>
        </button>
      ))}
    </div>
  );
}

/** The reading that is pointed at, with what happened then. */
function Readout({ reading }: { readonly reading: TimedReading | undefined }): JSX.Element {
  const marks =
    reading === undefined
      ? []
      : readSoFar.value.history.marks.filter(
          ({ utcMs }) => Math.abs(utcMs - reading.utcMs) <= NEAR_MS,
        );
  const { fromMs, toMs } = span.value;
  return (
    <p class="readout" aria-live="polite">
      {reading === undefined ? (
        <span class="muted">
          {dayOf(fromMs)}, {timeOf(fromMs)} – {dayOf(toMs)}, {timeOf(toMs)}
        </span>
      ) : (
        <>
          <strong>
            {glucoseOf(reading)} {reading.status === 'inRange' && unit.value}
          </strong>{' '}
          {trendWords(reading.trend)} · {momentOf(reading.utcMs)}
          {marks.map((mark) => (
            <span key={mark.key}> · {markWords(mark)}</span>
          ))}
        </>
      )}
    </p>
  );
}

const MARK_KEYS = {
  meter: 'markMeter',
  carbohydrates: 'markCarbohydrates',
  insulin: 'markInsulin',
  exercise: 'markExercise',
  health: 'markHealth',
  sensor: 'markSensor',
  other: 'markOther',
} as const satisfies Record<Mark['kind'], MessageKey>;

const MARK_UNITS: Partial<Record<Mark['kind'], string>> = {
  carbohydrates: 'g',
  insulin: 'U',
  exercise: 'min',
};

/** A mark in words: `Carbohydrates 45 g`. */
export function markWords({ kind, value, detail }: Mark): string {
  const words: string[] = [t(MARK_KEYS[kind])];
  if (value !== undefined && kind === 'meter') words.push(glucose(value), unit.value);
  else if (value !== undefined) {
    words.push(number(value, Number.isInteger(value) ? 0 : 2), MARK_UNITS[kind] ?? '');
  }
  if (detail !== undefined && isMessage(detail)) words.push(`(${t(detail)})`);
  return words.join(' ').trim();
}

function MarkLegend(): JSX.Element {
  const marks = readSoFar.value.history.marks.filter((mark) => isIn(span.value, mark));
  const kinds = new Set(marks.map(({ kind }) => kind));
  return (
    <ul class="legend">
      <li>
        <span class="band-key" />
        {t('target')} {glucose(70)}–{glucose(180)} {unit.value}
      </li>
      {(Object.keys(MARK_KEYS) as Mark['kind'][])
        .filter((kind) => kinds.has(kind))
        .map((kind) => (
          <li key={kind}>
            <MarkShape kind={kind} />
            {t(MARK_KEYS[kind])}
          </li>
        ))}
    </ul>
  );
}
