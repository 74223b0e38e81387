import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { ROUTES, type Route, route } from '../app/route.ts';
import { keepFocus } from '../browser/focus.ts';
import { t } from '../words/language.ts';
import { FollowView } from './follow-view.tsx';
import { FollowersView } from './followers-view.tsx';
import { ReadingsView } from './readings-view.tsx';
import { SettingsView } from './settings-view.tsx';
import { UnitChoice } from './unit-choice.tsx';
import { UploadView } from './upload-view.tsx';

const VIEWS: Readonly<Record<Route, () => JSX.Element>> = {
  readings: ReadingsView,
  upload: UploadView,
  follow: FollowView,
  followers: FollowersView,
  settings: SettingsView,
};

/** Lines of 24 by 24: a curve, an arrow up, an eye, two people, sliders. */
const ICONS: Readonly<Record<Route, string>> = {
  readings: 'M3 15c3 0 3-8 6-8s3 10 6 10 3-5 6-5',
  upload: 'M12 16V5M7 9.5 12 4.5l5 5M5 19.5h14',
  follow:
    'M2.5 12S6 6 12 6s9.5 6 9.5 6-3.5 6-9.5 6-9.5-6-9.5-6ZM12 9.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 1 1 0-5',
  followers:
    'M9 5.5a3 3 0 1 1 0 6 3 3 0 1 1 0-6M3 19c0-3 2.5-5 6-5s6 2 6 5M15.5 6a3 3 0 0 1 0 5.5M17.5 14.5c2.2.6 3.5 2.2 3.5 4.5',
  settings: 'M4 7h9M17 7h3M15 5v4M4 17h3M11 17h9M9 15v4',
};

/** The page around what is shown. */
export function Frame(): JSX.Element {
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  const View = VIEWS[route.value];
  useEffect(() => {
    if (main.current !== null) keepFocus(main.current);
  }, []);
  useLayoutEffect(() => {
    // Who goes to another page hears its title; who has just come is not interrupted.
    if (!isFirst.current) {
      // From its top: the page before may have been scrolled down.
      scrollTo({ top: 0, behavior: 'instant' });
      main.current?.focus({ preventScroll: true });
    }
    isFirst.current = false;
  }, [route.value]);
  useLayoutEffect(() => {
    document.title = route.value === 'readings' ? 'egvkit' : `${t(route.value)} – egvkit`;
  });
  return (
    <>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        {t('skip')}
      </button>
      <header class="head">
        <a class="brand" href="#readings">
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d={ICONS.readings} />
          </svg>
          egvkit
        </a>
        <nav aria-label={t('menu')}>
          {ROUTES.map((name) => (
            <a
              key={name}
              href={`#${name}`}
              aria-current={route.value === name ? 'page' : undefined}
            >
              <svg viewBox="0 0 24 24" aria-hidden="true">
                <path d={ICONS[name]} />
              </svg>
              <span>{t(name)}</span>
            </a>
          ))}
        </nav>
        <UnitChoice />
      </header>
      <main ref={main} id="main" tabIndex={-1}>
        <View />
      </main>
      <footer class="foot">
        <p>
          {t('unofficial')} {t('notForTreatment')}
        </p>
      </footer>
    </>
  );
}
