import { signal } from '@preact/signals';

/** The pages of the page. */
export const ROUTES = ['readings', 'upload', 'follow', 'followers', 'settings'] as const;

export type Route = (typeof ROUTES)[number];

/** The page that an address asks for. */
function routeOf(hash: string): Route {
  const name = hash.replace(/^#/, '');
  return ROUTES.find((one) => one === name) ?? 'readings';
}

export const route = signal<Route>('readings');

/** Follows the address of the page. */
export function startRoutes(): void {
  const follow = (): void => {
    route.value = routeOf(location.hash);
  };
  follow();
  addEventListener('hashchange', follow);
}
