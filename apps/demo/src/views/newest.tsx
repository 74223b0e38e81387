import type { JSX } from 'preact';
import { nowMs } from '../app/clock.ts';
import { type Followed, isStale } from '../machines/follow.ts';
import { ageOf, glucoseOf, spanOf, unit } from '../words/format.ts';
import { t } from '../words/language.ts';
import { TrendArrow, trendWords } from './parts.tsx';

/** The newest reading with its trend and age; a state of the sensor is told as such. */
export function Newest({
  newest: { utcMs, mgDl, status, trend },
}: {
  readonly newest: Followed;
}): JSX.Element {
  const isOld = isStale(utcMs, nowMs.value);
  const hasValue = status !== 'special';
  return (
    <div class={isOld ? 'newest old' : 'newest'}>
      <h2 class="hidden">{t('newest')}</h2>
      <p class="newest-value">
        <span class="number">{hasValue ? glucoseOf({ mgDl, status }) : '–'}</span>{' '}
        {status === 'inRange' && <span class="unit">{unit.value}</span>}
        {hasValue && <TrendArrow trend={trend} />}
      </p>
      <p class="newest-words">
        {hasValue ? trendWords(trend) : t('noValue')}
        {/* Told again and again, it would be heard over the readings. */}
        <span aria-live="off">
          {' '}
          · {ageOf(utcMs, nowMs.value)}
          {isOld && <strong> · {t('stale', { span: spanOf(nowMs.value - utcMs) })}</strong>}
        </span>
      </p>
    </div>
  );
}
