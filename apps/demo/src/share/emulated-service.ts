import { createShareService, type ShareService } from '@egvkit/share-emulator';
import type { Fetch } from '@egvkit/share-http';
import { INSIDE_ACCOUNT } from './inside-account.ts';

/** The address of the service in the page; nothing is ever sent there. */
export const INSIDE_ORIGIN = 'https://share.emulated.invalid';

let service: ShareService | undefined;

/** A `fetch` that is answered by an emulated Share service in this page. */
export function insideFetch(): Fetch {
  service ??= createShareService({ accounts: [INSIDE_ACCOUNT] });
  const { fetch } = service;
  return (url, init) => fetch(new Request(url, init));
}
