/** The part of the platform's `fetch` that a client uses. */
export type PageFetch = (url: string, init: RequestInit) => Promise<Response>;

/**
 * Makes a `fetch` for a client in a web page: each call goes through the relay, with the host in
 * the path. The relay has to be set up for that host.
 *
 * @param relay address of the relay, such as `https://relay.example`, or `location.origin`
 * @param via the platform's own `fetch` if left out
 *
 * @example
 * ```ts
 * import { relayFetch } from '@egvkit/relay/page';
 * import { ShareClient } from '@egvkit/share-http';
 *
 * const share = new ShareClient({
 *   region: 'ous',
 *   accountName: 'ann@example.com',
 *   password: 'correct horse',
 *   fetch: relayFetch('https://relay.example'),
 * });
 * ```
 */
export function relayFetch(
  relay: string | URL,
  via: PageFetch = (url, init) => fetch(url, init),
): PageFetch {
  const { origin } = new URL(relay);
  return (url, init) => {
    const { host, pathname, search } = new URL(url);
    return via(`${origin}/${host}${pathname}${search}`, init);
  };
}
