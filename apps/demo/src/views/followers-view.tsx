import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import {
  accountState,
  followersState,
  inviteFollower,
  isEmulatedAccount,
  loadFollowers,
  pauseFollower,
  removeFollower,
  resumeFollower,
} from '../app/share-session.ts';
import type { Follower } from '../machines/followers.ts';
import { t } from '../words/language.ts';
import { AccountForm } from './account-form.tsx';
import { Field } from './field.tsx';
import { ProblemNote } from './parts.tsx';

/** View of the account's followers, with a form to invite more. */
export function FollowersView(): JSX.Element {
  const isLoggedIn = accountState.value.at === 'loggedIn';
  return (
    <section class="page">
      <h1>{t('followersTitle')}</h1>
      <p class="lead">{t('followersText')}</p>
      <AccountForm />
      {isLoggedIn && <Manage />}
    </section>
  );
}

function Manage(): JSX.Element {
  const { list, problem, invited, work } = followersState.value;
  useEffect(() => {
    // Anew on every visit: somebody may have accepted an invitation.
    loadFollowers();
  }, []);
  return (
    <>
      {problem !== undefined && (
        <ProblemNote problem={problem}>
          {list === undefined && (
            <button type="button" onClick={loadFollowers}>
              {t('tryAgain')}
            </button>
          )}
        </ProblemNote>
      )}
      <div class="columns">
        <div class="card">
          {list === undefined ? (
            <p class="people" role="status">
              {work === undefined ? '' : t('loading')}
            </p>
          ) : list.length === 0 ? (
            <p class="people">{t('noFollowers')}</p>
          ) : (
            <List list={list} isBusy={work !== undefined} />
          )}
        </div>
        <Invite isBusy={work !== undefined} invited={invited} />
      </div>
    </>
  );
}

function List({
  list,
  isBusy,
}: {
  readonly list: readonly Follower[];
  readonly isBusy: boolean;
}): JSX.Element {
  return (
    <ul class="people">
      {list.map((one) => (
        <Person key={one.subscriptionId} person={one} isBusy={isBusy} />
      ))}
    </ul>
  );
}

function Person({
  person,
  isBusy,
}: {
  readonly person: Follower;
  readonly isBusy: boolean;
}): JSX.Element {
  const isSure = useSignal(false);
  const { name, status, subscriptionId, contactId } = person;
  return (
    <li>
      <span class="person">
        <strong>{name}</strong> <span class="muted">· {t(status ?? 'unknownStatus')}</span>
      </span>
      {isSure.value && contactId !== undefined ? (
        <span class="buttons">
          <span>{t('removeSure', { name })}</span>
          <button
            key="remove"
            type="button"
            class="danger"
            disabled={isBusy}
            onClick={() => removeFollower(contactId)}
          >
            {t('remove')}
          </button>
          <button
            key="ask"
            type="button"
            onClick={() => {
              isSure.value = false;
            }}
          >
            {t('keep')}
          </button>
        </span>
      ) : (
        <span class="buttons">
          {status === 'active' && (
            <button type="button" disabled={isBusy} onClick={() => pauseFollower(subscriptionId)}>
              {t('pause')}
            </button>
          )}
          {status === 'paused' && (
            <button type="button" disabled={isBusy} onClick={() => resumeFollower(subscriptionId)}>
              {t('resume')}
            </button>
          )}
          {/* The same one as that to keep, so that who presses twice removes nobody. */}
          <button
            key="ask"
            type="button"
            class="quiet"
            disabled={isBusy || contactId === undefined}
            onClick={() => {
              isSure.value = true;
            }}
          >
            {t('remove')}
          </button>
        </span>
      )}
    </li>
  );
}

function Invite({
  isBusy,
  invited,
}: {
  readonly isBusy: boolean;
  readonly invited: string | undefined;
}): JSX.Element {
  const onSubmit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const data = new FormData(form);
    const text = (name: string): string => String(data.get(name) ?? '').trim();
    await inviteFollower({
      name: text('name'),
      email: text('email'),
      displayName: text('displayName'),
    });
    if (followersState.peek().invited !== undefined) form.reset();
  };
  return (
    <form class="card form" onSubmit={onSubmit}>
      <h2>{t('inviteSomeone')}</h2>
      <Field name="name" label={t('followerName')} autocomplete="off" />
      <Field
        name="email"
        type="email"
        label={t('email')}
        help={t(isEmulatedAccount.value ? 'emailNone' : 'emailHelp')}
        autocomplete="off"
      />
      <Field name="displayName" label={t('yourName')} autocomplete="off" />
      <div class="form-end">
        <button type="submit" class="main" disabled={isBusy}>
          {t('invite')}
        </button>
        {invited !== undefined && (
          <p class="note good" role="status">
            {t('invitedNow', { name: invited })}
          </p>
        )}
      </div>
    </form>
  );
}
