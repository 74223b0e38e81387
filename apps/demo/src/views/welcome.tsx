import type { JSX } from 'preact';
import { connect, disconnect, receiverState } from '../app/receiver-session.ts';
import { surroundings, type WayOffer, waysIn } from '../receivers/ways.ts';
import { isMessage, t } from '../words/language.ts';
import { ProblemNote, Progress } from './parts.tsx';

/** The first thing to see: how to connect a receiver. */
export function Welcome(): JSX.Element {
  const state = receiverState.value;
  return (
    <section class="welcome">
      <div class="welcome-words">
        <h1>{t('welcome')}</h1>
        <p class="lead">{t('welcomeText')}</p>
        <div class="ways">{state.at === 'none' ? <Ways /> : <Connecting />}</div>
        {state.at === 'none' && state.problem !== undefined && (
          <ProblemNote problem={state.problem} />
        )}
        <NotFound />
      </div>
      <Sketch />
    </section>
  );
}

/** One button for each way, the best one first. */
export function Ways(): JSX.Element {
  const here = surroundings();
  const ways = waysIn(here);
  const isNone = ways.every(({ closed }) => closed !== undefined);
  const best = ways.find(({ closed }) => closed === undefined);
  return (
    <>
      {isNone && <p class="note">{t('noWay')}</p>}
      {here.isFirefox && here.hasSerial && <p class="note">{t('firefoxAsks')}</p>}
      {ways.map((way) => (
        <WayButton key={way.name} way={way} isBest={way === best} />
      ))}
      <button type="button" class="quiet" onClick={() => connect('emulated')}>
        {t('tryEmulated')}
      </button>
    </>
  );
}

function WayButton({
  way,
  isBest,
}: {
  readonly way: WayOffer;
  readonly isBest: boolean;
}): JSX.Element {
  const name = t(way.name);
  const reason = `reason-${way.name}`;
  const isClosed = way.closed !== undefined;
  return (
    <div class="way">
      <button
        type="button"
        class={isBest ? 'main' : ''}
        disabled={isClosed}
        {...(isClosed ? { 'aria-describedby': reason } : {})}
        onClick={() => connect(way.name)}
      >
        {isBest ? (
          <>
            {t('connect')} <small>{t('by', { way: name })}</small>
          </>
        ) : (
          t('connectBy', { way: name })
        )}
      </button>
      {way.closed !== undefined && (
        <small id={reason} class="muted">
          {t(way.closed, { way: name })}
        </small>
      )}
    </div>
  );
}

/** A receiver is on its way; if it takes more than one attempt, the reason is told meanwhile. */
export function Connecting(): JSX.Element {
  const state = receiverState.value;
  const retry = state.at === 'opening' ? state.retry : undefined;
  const label =
    state.at === 'choosing' && state.way !== 'emulated'
      ? t('choosing')
      : retry !== undefined
        ? t('openingAgain', { n: retry.attempt, of: retry.attempts })
        : t('opening');
  const reason = `w_${retry?.code}`;
  return (
    <div class="connecting" role="status">
      <Progress label={label} done={undefined} total={undefined} />
      {isMessage(reason) && <p class="note">{t(reason)}</p>}
      {state.at === 'opening' && (
        <button type="button" onClick={disconnect}>
          {t('cancel')}
        </button>
      )}
    </div>
  );
}

/** Help where the browser does not list the receiver, or does not open it. */
export function NotFound(): JSX.Element {
  const helps = ['helpCable', 'helpOn', 'helpHolder', 'helpPermission', 'helpLinux'] as const;
  return (
    <details>
      <summary>{t('notFound')}</summary>
      <ul>
        {helps.map((key) => (
          <li key={key}>{t(key)}</li>
        ))}
      </ul>
    </details>
  );
}

/** A drawing of what is to come; no readings of anybody. */
function Sketch(): JSX.Element {
  return (
    <svg class="sketch" viewBox="0 0 480 260" aria-hidden="true">
      <rect class="sketch-band" x="0" y="96" width="480" height="92" />
      <path
        class="sketch-curve"
        d="M4 150C40 158 60 178 92 172S140 92 176 70S224 44 250 78S292 148 322 156S372 128 400 118S452 132 476 126"
      />
      <circle class="sketch-dot" cx="476" cy="126" r="6" />
    </svg>
  );
}
