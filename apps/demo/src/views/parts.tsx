import type { ComponentChildren, JSX } from 'preact';
import { SHAPES } from '../chart/shapes.ts';
import type { Problem } from '../machines/problem.ts';
import type { Mark } from '../readings/reading.ts';
import { momentOf } from '../words/format.ts';
import { isMessage, t } from '../words/language.ts';

/** Trends as angles from the horizontal; those without an arrow have none. */
const ANGLES: Readonly<Record<string, number>> = {
  DoubleUp: -90,
  SingleUp: -90,
  FortyFiveUp: -45,
  Flat: 0,
  FortyFiveDown: 45,
  SingleDown: 90,
  DoubleDown: 90,
};

/** An arrow for a trend; whoever shows it says the trend in words as well. */
export function TrendArrow({ trend }: { readonly trend: string | undefined }): JSX.Element | null {
  const angle = trend === undefined ? undefined : ANGLES[trend];
  if (angle === undefined) return null;
  const isDouble = trend === 'DoubleUp' || trend === 'DoubleDown';
  return (
    <svg class="arrow" viewBox="0 0 24 24" aria-hidden="true">
      <g transform={`rotate(${angle} 12 12)`}>
        {isDouble ? (
          <path d="M3 6.5h17M16 3l4 3.5L16 10M3 17.5h17M16 14l4 3.5-4 3.5" />
        ) : (
          <path d="M3 12h17M13 5l7 7-7 7" />
        )}
      </g>
    </svg>
  );
}

/** The words of a trend. */
export function trendWords(trend: string | undefined): string {
  return trend !== undefined && isMessage(trend) ? t(trend) : t('NotComputable');
}

/** The shape of a kind of mark, as the chart draws it. */
export function MarkShape({ kind }: { readonly kind: Mark['kind'] }): JSX.Element {
  return (
    <svg class="shape" viewBox="0 0 16 16" aria-hidden="true">
      <path d={SHAPES[kind]} fill-rule="evenodd" />
    </svg>
  );
}

/** A problem in the page's own words; where it has none, in the English ones of the error. */
export function ProblemNote({
  problem,
  children,
}: {
  readonly problem: Problem;
  readonly children?: ComponentChildren;
}): JSX.Element {
  const { untilMs, faultCode, api } = problem.data;
  // Either way it is the relay that the page had no answer from.
  const code = problem.code === 'connectionLost' ? 'unreachable' : problem.code;
  const keys = [`p_${faultCode}`, `p_${code}_${api}`, `p_${code}`];
  const key = keys.find(isMessage);
  const until = typeof untilMs === 'number' ? momentOf(untilMs) : '';
  return (
    <div class="note problem" role="alert">
      <strong>{t('problem')}</strong>
      {key !== undefined ? (
        <p>{t(key, { until })}</p>
      ) : (
        <p lang="en">
          {problem.message} {problem.help}
        </p>
      )}
      {children}
    </div>
  );
}

/** Said in the place of a curve or of rows where the time that is shown has no readings. */
export function NoneShown({ newestMs }: { readonly newestMs: number }): JSX.Element {
  return (
    <p class="none-shown muted">
      {t('noneShown')} {t('newestOf', { moment: momentOf(newestMs) })}
    </p>
  );
}

/** Progress in words and as a bar. */
export function Progress({
  label,
  done,
  total,
}: {
  readonly label: string;
  readonly done: number | undefined;
  readonly total: number | undefined;
}): JSX.Element {
  return (
    <div class="progress">
      <span>{label}</span>
      <progress aria-label={label} {...(total ? { value: done ?? 0, max: total } : {})} />
    </div>
  );
}

/** A choice of a few that exclude each other. */
export function Choice<Value extends string>({
  label,
  value,
  options,
  onChoose,
}: {
  readonly label: string;
  readonly value: Value | undefined;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly onChoose: (value: Value) => void;
}): JSX.Element {
  return (
    <fieldset class="choice">
      <legend class="hidden">{label}</legend>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          onClick={() => onChoose(option.value)}
        >
          {option.label}
        </button>
      ))}
    </fieldset>
  );
}
