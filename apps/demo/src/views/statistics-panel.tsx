import { mmolPerL } from '@egvkit/protocol';
import { useComputed } from '@preact/signals';
import type { JSX } from 'preact';
import { readSoFar } from '../app/receiver-session.ts';
import { RANGES, type RangeName } from '../statistics/ranges.ts';
import { statisticsOf, wholePercent } from '../statistics/statistics.ts';
import { glucose, meanGlucose, number, partPercent, percent, unit } from '../words/format.ts';
import { t } from '../words/language.ts';
import { span } from './shown.ts';

/** The numbers of the time that is shown, and how much stands behind them. */
export function StatisticsPanel(): JSX.Element {
  const statistics = useComputed(() => statisticsOf(readSoFar.value.history.readings, span.value));
  const { coverage, ranges, meanMgDl, gmiPercent, isSufficient } = statistics.value;
  const active = partPercent(coverage.activePercent);
  const days = Math.round(coverage.days * 10) / 10;
  return (
    <section class="statistics" aria-labelledby="statistics-title">
      <h2 id="statistics-title">{t('statistics')}</h2>
      <div class="statistics-body">
        <Ranges ranges={ranges} />
        <dl class="figures">
          <div>
            <dt>{t('mean')}</dt>
            <dd>
              <span class="figure">{meanMgDl === undefined ? '–' : meanGlucose(meanMgDl)}</span>
              {meanMgDl !== undefined && <small> {unit.value}</small>}
            </dd>
          </div>
          <div>
            <dt>{t('gmi')}</dt>
            <dd>
              <span class="figure">
                {isSufficient && gmiPercent !== undefined ? percent(gmiPercent, 1) : '–'}
              </span>
              <small>{t('gmiLong')}</small>
              {!isSufficient && <small>{t('gmiNeeds', { percent: percent(70) })}</small>}
            </dd>
          </div>
          <div>
            <dt>{t('behind')}</dt>
            <dd>
              <span class="figure">{active}</span>
              <small>
                {t('behindText', {
                  n: coverage.readings,
                  percent: active,
                  days: number(days, Number.isInteger(days) || days >= 10 ? 0 : 1),
                  d: days,
                })}
                {coverage.withoutNumber > 0 && (
                  <>
                    <br />
                    {t('withoutNumber', { n: coverage.withoutNumber })}
                  </>
                )}
              </small>
            </dd>
          </div>
        </dl>
      </div>
      <p class="muted small">{t('notForTreatment')}</p>
    </section>
  );
}

const WORDS = {
  veryLow: 'veryLowRange',
  low: 'lowRange',
  target: 'targetRange',
  high: 'highRange',
  veryHigh: 'veryHighRange',
} as const;

function limitsOf(name: RangeName): string {
  const index = RANGES.findIndex((range) => range.name === name);
  const from = RANGES[index]?.fromMgDl ?? 0;
  const next = RANGES[index + 1]?.fromMgDl;
  if (index === 0) return t('under', { value: glucose(next ?? 0) });
  if (next === undefined) return t('over', { value: glucose(from - 1) });
  // In mmol/L the end of one range and the beginning of the next are a tenth apart, as in mg/dL one.
  const isShared = glucose(from) === glucose(from - 1);
  const first = isShared ? number(mmolPerL(from) + 0.1, 1) : glucose(from);
  return t('between', { from: first, to: glucose(next - 1) });
}

function Ranges({
  ranges,
}: {
  readonly ranges: Readonly<Record<RangeName, number>> | undefined;
}): JSX.Element {
  const parts = RANGES.map(({ name }) => ranges?.[name] ?? 0);
  const whole = wholePercent(parts);
  const shareOf = (i: number): string =>
    ranges === undefined ? '–' : partPercent(parts[i] ?? 0, whole[i]);
  return (
    <div class="ranges">
      <div class="ranges-head">
        <span>{t('timeInRange')}</span>
        <span class="figure">{shareOf(2)}</span>
      </div>
      <div class="bar" aria-hidden="true">
        {RANGES.map(({ name }, i) => (
          <span key={name} class={`part ${name}`} style={{ flexGrow: parts[i] ?? 0 }} />
        ))}
      </div>
      <ul>
        {RANGES.map(({ name }, i) => (
          <li key={name}>
            <span class={`swatch ${name}`} />
            <span>
              {t(WORDS[name])} <small>{limitsOf(name)}</small>
            </span>
            <span class="numeric">{shareOf(i)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
