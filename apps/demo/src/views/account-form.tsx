import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { accountState, logIn, logOut, services } from '../app/share-session.ts';
import { INSIDE_ACCOUNT } from '../share/inside-account.ts';
import { type Service, servicesFor } from '../share/services.ts';
import { t } from '../words/language.ts';
import { Field } from './field.tsx';
import { ProblemNote } from './parts.tsx';

/** A service in words. */
function serviceName({ id, kind }: Service): string {
  if (kind !== 'dexcom') return t('emulatedService');
  return t(id as 'us' | 'ous' | 'jp');
}

function filledIn(service: Service | undefined): {
  readonly name: string;
  readonly password: string;
} {
  if (service?.kind === 'inside') return INSIDE_ACCOUNT;
  return service?.kind === 'beside' ? service.account : { name: '', password: '' };
}

/** Asks for an account; says who is logged in once there is one. */
export function AccountForm({
  emulatedOnly = false,
}: {
  readonly emulatedOnly?: boolean;
}): JSX.Element {
  const state = accountState.value;
  if (state.at === 'loggedIn') return <LoggedIn />;
  return <LogIn key={String(emulatedOnly)} emulatedOnly={emulatedOnly} />;
}

function LoggedIn(): JSX.Element | null {
  const state = accountState.value;
  if (state.at !== 'loggedIn') return null;
  const service = services.value.find(({ id }) => id === state.service);
  return (
    <div class="logged-in">
      <span>
        {t('loggedInAs', { name: state.accountName })}
        {service !== undefined && (
          <span class="muted">
            <span class="dot"> · </span>
            {serviceName(service)}
          </span>
        )}
      </span>
      <button type="button" class="quiet" onClick={logOut}>
        {t('logOut')}
      </button>
    </div>
  );
}

function LogIn({ emulatedOnly }: { readonly emulatedOnly: boolean }): JSX.Element {
  const state = accountState.value;
  const offered = servicesFor(services.value, emulatedOnly);
  const chosen = useSignal<string | undefined>(undefined);
  const service = offered.find(({ id }) => id === chosen.value) ?? offered[0];
  const given = filledIn(service);
  const isBusy = state.at === 'signingIn';
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    const data = new FormData(event.currentTarget as HTMLFormElement);
    const accountName = String(data.get('account') ?? '').trim();
    const password = String(data.get('password') ?? '');
    if (service !== undefined) logIn(service, { accountName, password });
  };
  const hasRelay = services.value.some(({ kind }) => kind !== 'inside');
  return (
    <form class="card form" onSubmit={onSubmit}>
      <h2>{t('account')}</h2>
      {!hasRelay && <p class="note">{t('noRelay')}</p>}
      {emulatedOnly && <p class="muted small">{t('emulatedOnly')}</p>}
      <div class="field">
        <label for="service">{t('service')}</label>
        <select
          id="service"
          value={service?.id}
          disabled={isBusy}
          onChange={(event) => {
            chosen.value = event.currentTarget.value;
          }}
        >
          {offered.map((one) => (
            <option key={one.id} value={one.id}>
              {serviceName(one)}
            </option>
          ))}
        </select>
        {service?.kind === 'inside' && <small class="muted">{t('emulatedAccount')}</small>}
        {service?.kind === 'beside' && <small class="muted">{t('demoAccount')}</small>}
      </div>
      <Field
        key={`name-${service?.id}`}
        name="account"
        label={t('accountName')}
        help={t('accountNameHelp')}
        autocomplete="username"
        initial={given.name}
        isBusy={isBusy}
      />
      <Field
        key={`password-${service?.id}`}
        name="password"
        type="password"
        label={t('password')}
        help={t('passwordHelp')}
        autocomplete="current-password"
        initial={given.password}
        isBusy={isBusy}
      />
      {state.at === 'signedOut' && state.problem !== undefined && (
        <ProblemNote problem={state.problem} />
      )}
      <button type="submit" class="main" disabled={isBusy}>
        {t(isBusy ? 'signingIn' : 'logIn')}
      </button>
    </form>
  );
}
