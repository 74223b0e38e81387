import { gzipSync } from 'node:zlib';
import { serveWeb } from '@egvkit/web-page/server';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from './browser.ts';
import { medianOf } from './measurement.ts';
import type { Report } from './report.ts';
import { type LongestTask, longestTask } from './tasks.ts';

/** Latest first content of the page after navigation with an empty cache, ms. */
const MOST_PAINT_MS = 1000;
/** Longest task of the page while 30 days are read from the emulated receiver, ms. */
const MOST_TASK_MS = 50;
/** Longest task while 30 days are drawn, ms. */
const MOST_DRAW_MS = 50;
/** Most bytes, each file gzipped, until the page can be used. */
const MOST_FIRST_BYTES = 120_000;
const ROUNDS = 3;

interface Round {
  readonly paintMs: number;
  readonly reading: LongestTask;
  readonly drawing: LongestTask;
}

/**
 * Presses a button in the page and waits for another that can be pressed. Playwright's own clicks
 * and waits compute the accessible names of everything, in tasks that are longer than the page's.
 */
async function press(page: Page, name: string, until?: string): Promise<void> {
  await page.evaluate(
    async ([pressed, awaited]) => {
      const find = (text: string | undefined) =>
        [...document.querySelectorAll('button')].find((one) => one.textContent === text);
      const done = Promise.withResolvers<void>();
      const look = () => {
        if (awaited === undefined || find(awaited)?.disabled === false) done.resolve();
      };
      const observer = new MutationObserver(look);
      observer.observe(document.body, { subtree: true, childList: true, attributes: true });
      find(pressed)?.click();
      look();
      await done.promise;
      observer.disconnect();
    },
    [name, until] as const,
  );
}

async function visit(page: Page, origin: string): Promise<Round> {
  await page.goto(origin);
  await page.getByRole('heading', { level: 1 }).waitFor();
  const paintMs = await page.evaluate(
    () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Infinity,
  );
  const reading = await longestTask(page, () =>
    press(page, 'Try it with an emulated receiver', 'Read what is new'),
  );
  const drawing = await longestTask(page, () => press(page, '30 days'));
  return { paintMs, reading, drawing };
}

/** Bytes of all that the page asks for until nothing more comes, each file gzipped. */
async function weighFirstLoad(browser: Browser, origin: string): Promise<number> {
  // What is kept for offline use is fetched when the page can be used already.
  const context = await browser.newContext({ serviceWorkers: 'block' });
  const page = await context.newPage();
  const bodies: Promise<Buffer>[] = [];
  page.on('response', (response) => bodies.push(response.body()));
  await page.goto(origin, { waitUntil: 'networkidle' });
  const sizes = (await Promise.all(bodies)).map((body) => gzipSync(body, { level: 9 }).length);
  await context.close();
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Times and size of the page: its first content, the longest tasks while it reads and draws 30 days. */
export async function benchPage(report: Report): Promise<void> {
  report.heading('The page in Chromium: medians of the first content and of the longest tasks');
  // No account is used, so nothing is sent there.
  await using web = await serveWeb({ regions: ['ous'] });
  await using browser = await launchChromium();
  const rounds: Round[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const context = await browser.newContext({ locale: 'en-US' });
    rounds.push(await visit(await context.newPage(), web.origin));
    await context.close();
  }
  const median = (pick: (round: Round) => number) => medianOf(rounds.map(pick));
  const first = median(({ paintMs }) => paintMs);
  report.atMost('first content', first, MOST_PAINT_MS, 'ms');
  for (const [what, key, most] of [
    ['longest task while 30 days are read', 'reading', MOST_TASK_MS],
    ['longest task while 30 days are drawn', 'drawing', MOST_DRAW_MS],
  ] as const) {
    report.atMost(
      `${what}, processor time`,
      median((round) => round[key].cpuMs),
      most,
      'ms',
    );
    report.number(
      `${what}, by the clock`,
      median((round) => round[key].wallMs),
      'ms',
    );
  }
  const bytes = await weighFirstLoad(browser, web.origin);
  report.atMost('first load, each file gzipped', bytes, MOST_FIRST_BYTES, 'bytes');
}
