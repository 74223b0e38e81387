import {
  effect,
  type ReadonlySignal,
  type Signal,
  useSignal,
  useSignalEffect,
} from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { GlucoseChart } from '../chart/chart.ts';
import type { ChartContent } from '../chart/drawing.ts';
import { isIn, nearest, type Span, samePlace } from '../chart/points.ts';
import { type Problem, problemOf } from '../machines/problem.ts';
import { inUnit, number, shortDayOf, timeOf, unit } from '../words/format.ts';
import { language, t } from '../words/language.ts';
import { NoneShown, ProblemNote } from './parts.tsx';

const DAY_MS = 86_400_000;
/** Media queries that change the colours of the page. */
const MODES = [
  '(prefers-color-scheme: dark)',
  '(prefers-contrast: more)',
  '(forced-colors: active)',
  'print',
];

/** A glucose curve that takes the focus; the chart behind it is loaded when it is first shown. */
export function Curve({
  content,
  place,
  label,
  keys,
  onSpan,
  onKeyDown,
}: {
  readonly content: ReadonlySignal<ChartContent>;
  /** The place in the points that is marked. */
  readonly place: Signal<number | undefined>;
  /** Name of the chart for people who do not see it. */
  readonly label: string;
  /** Words on the keys, for the same people. */
  readonly keys: string;
  readonly onSpan: (span: Span) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  const problem = useSignal<Problem | undefined>(undefined);
  useEffect(() => {
    let isGone = false;
    let stop = (): void => {};
    const begin = ({ GlucoseChart }: typeof import('../chart/chart.ts')): void => {
      if (isGone || host.current === null) return;
      const chart = new GlucoseChart(host.current, content.peek(), {
        inUnit,
        lowWord: () => t('low'),
        highWord: () => t('high'),
        valueLabel: (value) => number(value, unit.value === 'mg/dL' ? 0 : 1),
        timeLabel: (utcMs, isDay) => timeLabel(content.peek().span, utcMs, isDay),
        onSpan,
        onPlace: (at) => {
          const { points } = content.peek();
          place.value = at === undefined ? undefined : nearest(points, points.xs[at] ?? 0);
        },
      });
      stop = keptUpToDate(chart, content, place);
    };
    import('../chart/chart.ts').then(begin).catch((error: unknown) => {
      problem.value = problemOf(error);
    });
    return () => {
      isGone = true;
      stop();
    };
  }, []);
  const before = useRef(content.peek().points);
  // Points that are others now have the same reading at another place, or no longer.
  useSignalEffect(() => {
    const { points } = content.value;
    place.value = samePlace(before.current, place.peek(), points);
    before.current = points;
  });
  const { points, span } = content.value;
  const isEmpty = !points.readings.some((one) => one !== undefined && isIn(span, one));
  return (
    <div class="curve">
      {problem.value !== undefined && <ProblemNote problem={problem.value} />}
      {isEmpty && points.xs.length > 0 && <NoneShown newestMs={points.xs.at(-1) ?? 0} />}
      <p id="chart-keys" class="hidden">
        {keys}
      </p>
      <div
        ref={host}
        class="chart"
        role="application"
        aria-label={label}
        aria-describedby="chart-keys"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: keys move a cursor over the readings
        tabIndex={0}
        onKeyDown={onKeyDown}
      />
    </div>
  );
}

function timeLabel({ fromMs, toMs }: Span, utcMs: number, isDay: boolean): string {
  if (toMs - fromMs > 5 * DAY_MS) return shortDayOf(utcMs);
  const at = new Date(utcMs);
  const isMidnight = at.getHours() === 0 && at.getMinutes() === 0;
  return isDay || isMidnight ? `${timeOf(utcMs)}\n${shortDayOf(utcMs)}` : timeOf(utcMs);
}

/** Draws anew what changes; gives what ends that. */
function keptUpToDate(
  chart: GlucoseChart,
  content: ReadonlySignal<ChartContent>,
  place: Signal<number | undefined>,
): () => void {
  // In a task of its own: what else changes with the content takes its time as well.
  const changes = new Set<() => void>();
  let frame = 0;
  const draw = (): void => {
    for (const change of changes) change();
    changes.clear();
    frame = 0;
  };
  const drawNext = (change: () => void): void => {
    changes.add(change);
    if (frame === 0) frame = requestAnimationFrame(draw);
  };
  const show = (): void => chart.show(content.peek());
  const point = (): void => chart.point(place.peek());
  const refresh = (): void => chart.refresh();
  const media = MODES.map((query) => matchMedia(query));
  // At once: paper does not wait for the next frame.
  for (const one of media) one.addEventListener('change', refresh);
  const stops = [
    effect(() => {
      void content.value;
      drawNext(show);
    }),
    effect(() => {
      void place.value;
      drawNext(point);
    }),
    effect(() => {
      void [language.value, unit.value];
      drawNext(refresh);
    }),
  ];
  return () => {
    for (const stop of stops) stop();
    cancelAnimationFrame(frame);
    for (const one of media) one.removeEventListener('change', refresh);
    chart.destroy();
  };
}
