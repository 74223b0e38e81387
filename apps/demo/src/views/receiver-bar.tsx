import type { JSX } from 'preact';
import {
  cancelReading,
  disconnect,
  isEmulated,
  lastDevice,
  read,
  readSoFar,
  receiverState,
} from '../app/receiver-session.ts';
import type { Device } from '../readings/device.ts';
import { percent, spanOf } from '../words/format.ts';
import { t } from '../words/language.ts';
import { ProblemNote, Progress } from './parts.tsx';
import { Connecting, NotFound, Ways } from './welcome.tsx';

/** Facts about the receiver, and the work that it is doing. */
export function ReceiverBar(): JSX.Element {
  const state = receiverState.value;
  const device = lastDevice.value;
  const problem = 'problem' in state ? state.problem : undefined;
  return (
    <section class="receiver" aria-labelledby="receiver-title">
      <div class="receiver-line">
        <div class="receiver-facts">
          <h2 id="receiver-title">
            {device?.product ?? t('receiver')}
            {isEmulated.value && <Tag>{t('emulated')}</Tag>}
            {state.at !== 'open' && <Tag>{t('notConnected')}</Tag>}
          </h2>
          {device !== undefined && <Facts device={device} />}
        </div>
        <Doing />
      </div>
      {problem !== undefined && <ProblemNote problem={problem} />}
      {state.at === 'none' && (
        <div class="ways in-line">
          <Ways />
          {problem !== undefined && <NotFound />}
        </div>
      )}
    </section>
  );
}

/** With a space before it, for who hears it. */
const Tag = ({ children }: { readonly children: string }): JSX.Element => (
  <>
    {' '}
    <span class="tag">{children}</span>
  </>
);

function Facts({ device }: { readonly device: Device }): JSX.Element {
  const facts = [
    ['serialNumber', device.serialNumber],
    ['transmitter', device.transmitterId],
    ['battery', device.batteryPercent === undefined ? undefined : percent(device.batteryPercent)],
    ['clock', clockWords(device.clockErrorSeconds)],
  ] as const;
  return (
    <dl class="facts">
      {facts.map(([key, value]) => (
        <div key={key}>
          <dt>{t(key)}</dt>
          <dd>{value ?? t('unknown')}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A clock is read to a second. */
function clockWords(errorSeconds: number): string {
  if (Math.abs(errorSeconds) <= 1) return t('clockRight');
  const span = spanOf(errorSeconds * 1000);
  return t(errorSeconds > 0 ? 'clockAhead' : 'clockBehind', { span });
}

function Doing(): JSX.Element | null {
  const state = receiverState.value;
  if (state.at === 'choosing' || state.at === 'opening') {
    return (
      <div class="doing">
        <Connecting />
      </div>
    );
  }
  if (state.at !== 'open') return null;
  const { work } = state;
  if (work.at === 'reading' || work.at === 'stopping') {
    const progress = work.at === 'reading' ? work.progress : undefined;
    const label =
      progress === undefined
        ? t(work.at === 'reading' ? 'reading' : 'stopping')
        : t('readProgress', {
            done: progress.pagesDone,
            total: progress.pagesTotal,
            n: progress.records,
          });
    return (
      <div class="doing">
        <button type="button" disabled={work.at === 'stopping'} onClick={cancelReading}>
          {t('cancel')}
        </button>
        <Progress label={label} done={progress?.pagesDone} total={progress?.pagesTotal} />
      </div>
    );
  }
  const isBusy = work.at !== 'idle';
  return (
    <div class="doing">
      <button type="button" disabled={isBusy} onClick={read}>
        {t(readSoFar.value.isComplete ? 'readAgain' : 'readOn')}
      </button>
      <button type="button" class="quiet" disabled={isBusy} onClick={disconnect}>
        {t('disconnect')}
      </button>
      {state.wasCancelled && <span class="muted">{t('cancelledNote')}</span>}
    </div>
  );
}
