import { computed, useComputed, useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { nowMs } from '../app/clock.ts';
import { accountState, followState, startFollowing, stopFollowing } from '../app/share-session.ts';
import { isIn, neighbour, pointsOf } from '../chart/points.ts';
import type { Followed } from '../machines/follow.ts';
import type { TimedReading } from '../readings/reading.ts';
import { glucoseOf, inUnit, momentOf, unit } from '../words/format.ts';
import { t } from '../words/language.ts';
import { AccountForm } from './account-form.tsx';
import { Curve } from './curve.tsx';
import { Newest } from './newest.tsx';
import { Choice, ProblemNote, trendWords } from './parts.tsx';
import { nextMinute } from './shown.ts';
import { EachReading } from './tables.tsx';

const DAY_MS = 86_400_000;

/** View of the readings that an account shares, as a follower sees them. */
export function FollowView(): JSX.Element {
  const state = followState.value;
  return (
    <section class="page">
      <h1>{t('followTitle')}</h1>
      <p class="lead">{t('followText')}</p>
      <AccountForm />
      {accountState.value.at === 'loggedIn' &&
        (state.at === 'off' ? (
          <>
            {state.problem !== undefined && <ProblemNote problem={state.problem} />}
            <button type="button" class="main" onClick={startFollowing}>
              {t('startFollowing')}
            </button>
          </>
        ) : (
          <Following />
        ))}
    </section>
  );
}

function Following(): JSX.Element | null {
  const view = useSignal<'chart' | 'table'>('chart');
  const state = followState.value;
  if (state.at === 'off') return null;
  const newest = state.at === 'following' ? state.readings.at(-1) : undefined;
  // Laid out before the first answer as after it, so that nothing moves when it comes.
  const isLaidOut = newest !== undefined || state.at === 'starting';
  return (
    <section class="glucose">
      <div class="glucose-head">
        <div aria-live="polite">
          {newest !== undefined ? (
            <Newest newest={newest} />
          ) : isLaidOut ? (
            <p class="newest muted">{t('following')}</p>
          ) : (
            <p class="note">{t('nothingShared')}</p>
          )}
        </div>
        <div class="glucose-tools">
          {isLaidOut && (
            <Choice
              label={t('view')}
              value={view.value}
              options={[
                { value: 'chart', label: t('chart') },
                { value: 'table', label: t('table') },
              ]}
              onChoose={(value) => {
                view.value = value;
              }}
            />
          )}
          <button type="button" onClick={stopFollowing}>
            {t('stopFollowing')}
          </button>
        </div>
      </div>
      {state.at === 'following' && state.trouble !== undefined && (
        <ProblemNote problem={state.trouble} />
      )}
      {isLaidOut && (view.value === 'chart' ? <FollowedCurve /> : <FollowedTable />)}
      <p class="muted small">{t('notForTreatment')}</p>
    </section>
  );
}

/** The last 24 hours, by the clock of the page, up to what came since it last ticked. */
const lastDay = computed(() => {
  const state = followState.value;
  const newestMs = state.at === 'following' ? (state.readings.at(-1)?.utcMs ?? 0) : 0;
  const toMs = nextMinute(Math.max(nowMs.value, newestMs));
  return { fromMs: toMs - DAY_MS, toMs };
});

/** True if the chart can draw it: a reading, and no state of the sensor. */
function isReading(one: Followed): one is Followed & TimedReading {
  return one.status !== 'special';
}

/** Readings of the last 24 hours that can be drawn. */
const readings = computed(() => {
  const state = followState.value;
  const all = state.at === 'following' ? state.readings : [];
  return all.filter(isReading).filter((one) => isIn(lastDay.value, one));
});

/** Content of the curve as a table. */
function FollowedTable(): JSX.Element {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no pointer scrolls it by keys
    <section class="table" aria-label={t('table')} tabIndex={0}>
      <EachReading span={lastDay.value} readings={readings.value} />
    </section>
  );
}

function FollowedCurve(): JSX.Element {
  const place = useSignal<number | undefined>(undefined);
  const content = useComputed(() => ({
    points: pointsOf(readings.value, inUnit),
    marks: [],
    span: lastDay.value,
  }));
  const { points, span } = content.value;
  const reading = place.value === undefined ? undefined : points.readings[place.value];
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : undefined;
    if (step === undefined) return;
    event.preventDefault();
    place.value = neighbour(
      points,
      place.value ?? points.xs.length,
      place.value === undefined ? -1 : step,
    );
  };
  return (
    <div class="chart-panel">
      <p class="readout" aria-live="polite">
        {reading === undefined ? (
          <span class="muted">{t('day')}</span>
        ) : (
          <>
            <strong>
              {glucoseOf(reading)} {reading.status === 'inRange' && unit.value}
            </strong>{' '}
            {trendWords(reading.trend)} · {momentOf(reading.utcMs)}
          </>
        )}
      </p>
      <Curve
        content={content}
        place={place}
        label={t('chartLabel', {
          from: momentOf(span.fromMs),
          to: momentOf(span.toMs),
          n: readings.value.length,
        })}
        keys={t('followedKeys')}
        onSpan={() => {}}
        onKeyDown={onKeyDown}
      />
    </div>
  );
}
