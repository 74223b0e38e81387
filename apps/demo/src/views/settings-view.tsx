import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { forgetEverything } from '../app/forget.ts';
import { isRefused } from '../app/memory.ts';
import { isRemembering, setRemembering } from '../app/settings.ts';
import { LANGUAGES, language, t } from '../words/language.ts';
import { Choice } from './parts.tsx';
import { UnitChoice } from './unit-choice.tsx';

/** View of the settings, with the button that forgets everything. */
export function SettingsView(): JSX.Element {
  const isForgotten = useSignal(false);
  return (
    <section class="page narrow">
      <h1>{t('settingsTitle')}</h1>
      <div class="card">
        <div class="setting">
          <span>{t('unit')}</span>
          <UnitChoice />
        </div>
        <div class="setting">
          <span>{t('language')}</span>
          <Choice
            label={t('language')}
            value={language.value}
            options={LANGUAGES.map(({ code, name }) => ({ value: code, label: name }))}
            onChoose={(value) => {
              language.value = value;
            }}
          />
        </div>
      </div>
      <div class="card">
        <label class="check">
          <input
            type="checkbox"
            checked={isRemembering.value}
            onChange={(event) => {
              setRemembering(event.currentTarget.checked);
            }}
          />
          <span>
            {t('remember')}
            <small class="muted">{t('rememberHelp')}</small>
          </span>
        </label>
        {isRemembering.value && isRefused.value && (
          <p class="note problem" role="alert">
            {t('cannotRemember')}
          </p>
        )}
        <div class="setting">
          <small class="muted">{t('forgetHelp')}</small>
          <button
            type="button"
            class="danger"
            onClick={async () => {
              await forgetEverything();
              isForgotten.value = true;
            }}
          >
            {t('forget')}
          </button>
        </div>
        {isForgotten.value && (
          <p class="note good" role="status">
            {t('forgotten')}
          </p>
        )}
      </div>
      <div class="card">
        <h2>{t('about')}</h2>
        <p>{t('aboutText')}</p>
        <p class="muted small">
          {t('unofficial')} {t('notForTreatment')}
        </p>
      </div>
    </section>
  );
}
