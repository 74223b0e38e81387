import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { givesMadeUp, lastDevice, receiverState } from '../app/receiver-session.ts';
import {
  accountState,
  cancelUpload,
  previewReadings,
  takesReadings,
  uploadReadings,
  uploadState,
} from '../app/share-session.ts';
import {
  type HeldBackReason,
  type PlanSummary,
  planOf,
  type UploadOutcome,
  type UploadState,
} from '../machines/upload.ts';
import { momentOf } from '../words/format.ts';
import { t } from '../words/language.ts';
import type { MessageKey } from '../words/messages.ts';
import { AccountForm } from './account-form.tsx';
import { ProblemNote, Progress } from './parts.tsx';

/** From the receiver to the account. */
export function UploadView(): JSX.Element {
  const receiver = receiverState.value;
  const isOpen = receiver.at === 'open';
  const isFree = isOpen && receiver.work.at !== 'reading' && receiver.work.at !== 'stopping';
  return (
    <section class="page">
      <h1>{t('uploadTitle')}</h1>
      <p class="lead">{t('uploadText')}</p>
      {receiver.at === 'none' && receiver.problem !== undefined && (
        <ProblemNote problem={receiver.problem} />
      )}
      {!isOpen && (
        <p class="note">
          {t('connectFirst')} <a href="#readings">{t('readings')}</a>
        </p>
      )}
      {isOpen && !isFree && (
        <p class="note" role="status">
          {t('waitForReading')}
        </p>
      )}
      <div class={isFree ? 'columns steps' : 'page'}>
        <AccountForm emulatedOnly={givesMadeUp.value} />
        {isFree && <PlanCard />}
        {isFree && takesReadings.value && <UploadCard />}
        {isFree && accountState.value.at === 'loggedIn' && !takesReadings.value && (
          <p class="note">{t('emulatedOnly')}</p>
        )}
      </div>
    </section>
  );
}

/** Readings to be sent, and those held back, with the reasons. */
function PlanCard(): JSX.Element {
  const state = uploadState.value;
  const receiver = receiverState.value;
  const isIdle = receiver.at === 'open' && receiver.work.at === 'idle';
  useEffect(() => {
    const { at } = uploadState.peek();
    // Looked at anew on every visit: there may be newer readings.
    if (isIdle && (at === 'idle' || at === 'ready')) previewReadings();
  }, []);
  const plan = planOf(state);
  return (
    <div class="card plan-card">
      <h2>{t(planTitle(state))}</h2>
      <p class="muted small">
        {lastDevice.value?.product} {lastDevice.value?.serialNumber}
      </p>
      {state.at === 'failed' && plan === undefined && (
        <>
          <ProblemNote problem={state.problem} />
          <button type="button" onClick={previewReadings}>
            {t('preview')}
          </button>
        </>
      )}
      {state.at === 'previewing' && plan === undefined && <p role="status">{t('previewing')}</p>}
      {plan !== undefined && <PlanFacts plan={plan} />}
    </div>
  );
}

function planTitle(state: UploadState): MessageKey {
  if (state.at !== 'done') return 'whatIsSent';
  const { posted, plan } = state.outcome;
  return posted === plan.toSend ? 'whatWasSent' : 'whatWasToBeSent';
}

/** The words on one line. */
const unbroken = (words: string): string => words.replaceAll(' ', '\u00a0');

function PlanFacts({ plan }: { readonly plan: PlanSummary }): JSX.Element {
  const { toSend, oldestMs, newestMs, thereBefore, heldBack } = plan;
  const held = Object.entries(heldBack) as [HeldBackReason, number][];
  return (
    <>
      <p class="plan">
        {toSend > 0 && oldestMs !== undefined && newestMs !== undefined
          ? t('toSend', {
              n: toSend,
              from: unbroken(momentOf(oldestMs)),
              to: unbroken(momentOf(newestMs)),
            })
          : t('nothingToSend')}
        {thereBefore > 0 && <span class="muted"> · {t('thereBefore', { n: thereBefore })}</span>}
      </p>
      <h3>{t('heldBack')}</h3>
      {held.length === 0 ? (
        <p class="muted">{t('nothingHeldBack')}</p>
      ) : (
        <ul class="plain">
          {held.map(([reason, n]) => (
            <li key={reason}>
              <span class="numeric">{n}</span> {t(reason)}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function UploadCard(): JSX.Element | null {
  const state = uploadState.value;
  const assign = useSignal(givesMadeUp.value);
  if (state.at === 'uploading') return <Uploading />;
  const problem = state.at === 'failed' && state.plan !== undefined ? state.problem : undefined;
  // What will be sent comes first, and then nothing below it moves.
  if (state.at === 'previewing' && state.plan === undefined) return null;
  if (state.at === 'done') {
    return (
      <div class="card">
        <Outcome outcome={state.outcome} />
        <div class="buttons">
          <button type="button" onClick={() => uploadReadings(assign.value)}>
            {t('uploadAgain')}
          </button>
          <a href="#follow">{t('seeShared')}</a>
        </div>
      </div>
    );
  }
  return (
    <div class="card">
      {state.at === 'cancelled' && (
        <p class="note" role="status">
          {t('uploadCancelled', { n: state.done })}
        </p>
      )}
      {problem !== undefined && <ProblemNote problem={problem} />}
      <label class="check">
        <input
          type="checkbox"
          checked={assign.value}
          onChange={(event) => {
            assign.value = event.currentTarget.checked;
          }}
        />
        <span>
          {t('assign')}
          <small class="muted">{t('assignHelp')}</small>
        </span>
      </label>
      <button
        type="button"
        class="main"
        disabled={state.at === 'previewing'}
        onClick={() => uploadReadings(assign.value)}
      >
        {t('uploadNow')}
      </button>
    </div>
  );
}

const STEPS = {
  logIn: 'stepLogIn',
  clock: 'stepClock',
  reading: 'stepReading',
  posting: 'stepPosting',
  checking: 'stepChecking',
} as const;

function Uploading(): JSX.Element | null {
  const state = uploadState.value;
  if (state.at !== 'uploading') return null;
  const { step, done, total } = state;
  return (
    <div class="card" role="status">
      <Progress
        label={t(STEPS[step], { done, total })}
        done={done}
        total={step === 'posting' ? total : undefined}
      />
      <button type="button" onClick={cancelUpload}>
        {t('cancel')}
      </button>
    </div>
  );
}

function Outcome({ outcome }: { readonly outcome: UploadOutcome }): JSX.Element {
  const { posted, same, byOthers, missing, different, notShown } = outcome;
  const facts = [
    ['checkedSame', same],
    ['checkedOthers', byOthers],
    ['checkedNotShown', notShown],
    ['checkedMissing', missing],
    ['checkedDifferent', different],
  ] as const;
  const isGood = missing === 0 && different === 0;
  return (
    <div class={isGood ? 'note good' : 'note problem'} role="status">
      <strong>{t('uploadDone', { n: posted })}</strong>
      <ul class="plain">
        {facts
          .filter(([, n]) => n > 0)
          .map(([key, n]) => (
            <li key={key}>{t(key, { n })}</li>
          ))}
      </ul>
    </div>
  );
}
