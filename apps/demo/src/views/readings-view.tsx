import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { hasReadings, readSoFar, receiverState } from '../app/receiver-session.ts';
import type { LeftOut, LeftOutReason } from '../readings/reading.ts';
import { t } from '../words/language.ts';
import { ChartPanel } from './chart-panel.tsx';
import { Newest } from './newest.tsx';
import { Choice } from './parts.tsx';
import { ReceiverBar } from './receiver-bar.tsx';
import { SaveButtons } from './save-buttons.tsx';
import { LENGTHS, type LengthName, lengthShown, showLength } from './shown.ts';
import { StatisticsPanel } from './statistics-panel.tsx';
import { ReadingsTable } from './tables.tsx';
import { Welcome } from './welcome.tsx';

/** The readings of the receiver: the curve, its numbers, and a table that says the same. */
export function ReadingsView(): JSX.Element {
  const state = receiverState.value;
  // Until it is known which receiver it is, so that nothing moves when that is shown.
  const isIdentified = state.at === 'open' && state.device !== undefined;
  if (!hasReadings.value && !isIdentified) return <Welcome />;
  return (
    <>
      <h1 class="hidden">{t('readings')}</h1>
      <ReceiverBar />
      <Explorer />
    </>
  );
}

function Explorer(): JSX.Element {
  const shown = useSignal<'chart' | 'table'>('chart');
  const { history, isComplete } = readSoFar.value;
  const newest = history.readings.at(-1);
  return (
    <>
      <section class="glucose">
        <div class="glucose-head">
          {newest === undefined ? <div class="newest" /> : <Newest newest={newest} />}
          <div class="glucose-tools">
            <Choice<LengthName>
              label={t('span')}
              value={lengthShown.value}
              options={(Object.keys(LENGTHS) as LengthName[]).map((value) => ({
                value,
                label: t(value),
              }))}
              onChoose={showLength}
            />
            <Choice
              label={t('view')}
              value={shown.value}
              options={[
                { value: 'chart', label: t('chart') },
                { value: 'table', label: t('table') },
              ]}
              onChoose={(value) => {
                shown.value = value;
              }}
            />
          </div>
        </div>
        {history.readings.length === 0 && isComplete && <p class="note">{t('noReadings')}</p>}
        {shown.value === 'chart' ? <ChartPanel /> : <ReadingsTable />}
      </section>
      <StatisticsPanel />
      <section class="after">
        <LeftOutNote leftOut={history.leftOut} />
        <SaveButtons />
      </section>
    </>
  );
}

function LeftOutNote({ leftOut }: { readonly leftOut: LeftOut }): JSX.Element | null {
  const counts = new Map<LeftOutReason, number>();
  for (const reason of Object.values(leftOut)) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  if (counts.size === 0) return null;
  const reasons = [...counts].map(([reason, n]) => `${n} ${t(reason)}`).join(', ');
  const n = [...counts.values()].reduce((sum, one) => sum + one, 0);
  return <p class="muted small">{t('leftOut', { n, reasons })}</p>;
}
