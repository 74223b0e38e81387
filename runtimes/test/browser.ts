import { chromium } from 'playwright-core';
import { chromiumFlags, findChromium } from '../../scripts/chromium.mjs';
import { type Listening, listen } from './listen.ts';

/** A Chromium of its own, without a window and gone afterwards. */
export function launchChromium() {
  const executablePath = findChromium();
  return chromium.launch({
    args: chromiumFlags,
    ...(executablePath === undefined ? {} : { executablePath }),
  });
}

/** Files of a web site by their paths. */
export type Site = Readonly<Record<string, { readonly type: string; readonly text: string }>>;

/** Serves a site on this computer. */
export const serveSite = (site: Site): Promise<Listening> =>
  listen(({ url = '' }, response) => {
    const file = site[url];
    if (file === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': file.type }).end(file.text);
  });
