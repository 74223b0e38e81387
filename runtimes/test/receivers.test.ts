import { SURVIVABLE_FAULTS } from '@egvkit/receiver-emulator';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from './browser.ts';
import type { Listening } from './listen.ts';
import { serveModules } from './modules.ts';
import type { Differences } from './page/differential.ts';
import type { Outcome } from './page/vitest.ts';

const LIMIT_MS = 60_000;

let browser: Browser;
let site: Listening;

beforeAll(async () => {
  [browser, site] = await Promise.all([launchChromium(), serveModules()]);
}, LIMIT_MS);
afterAll(async () => {
  await browser?.close();
  await site?.[Symbol.asyncDispose]();
});

/** A page of its own context, in which code is evaluated that can import every package. */
async function openPage(): Promise<Page> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(site.origin);
  return page;
}

const WAYS = ['webusb', 'webserial'] as const;
const SEEDS = 20;

/** Failures of transfers, by API, that the driver must recover from. */
const FAILURES = {
  webusb: ['stall', 'babble'],
  webserial: ['break', 'framing', 'parity', 'overrun', 'system'],
};

describe.each(WAYS)('%s in Chromium, from what is built, without a bundler', (way) => {
  it('passes the suite of every Transport', { timeout: LIMIT_MS }, async () => {
    const page = await openPage();
    const outcomes: Outcome[] = await page.evaluate(
      `import('/runtimes/test/page/contract.ts').then((m) => m.runContract('${way}'))`,
    );
    expect(outcomes.filter(({ failure }) => failure !== undefined)).toEqual([]);
    expect(outcomes.length).toBeGreaterThanOrEqual(27);
  });

  it('gives the driver every record once, with every fault that it can recover from', {
    timeout: LIMIT_MS,
  }, async () => {
    const page = await openPage();
    const { records, happened, wrong, plugs }: Differences = await page.evaluate(
      `import('/runtimes/test/page/differential.ts').then((m) => m.runDifferential('${way}', ${SEEDS}, ${JSON.stringify(FAILURES[way])}))`,
    );
    expect(wrong).toEqual([]);
    expect(records).toBeGreaterThan(3000);
    expect(happened).toEqual([...SURVIVABLE_FAULTS, ...FAILURES[way]].sort());
    expect(plugs).toBeGreaterThan(2 * SEEDS);
  });
});

it('fails the suite in Chromium for a transport that reverses bytes', {
  timeout: LIMIT_MS,
}, async () => {
  const page = await openPage();
  const outcomes: Outcome[] = await page.evaluate(
    `import('/runtimes/test/page/contract.ts').then((m) => m.runContractOfTurner())`,
  );
  const failed = outcomes.filter(({ failure }) => failure !== undefined);
  expect(failed.length).toBeGreaterThan(5);
  expect(failed.length).toBeLessThan(outcomes.length);
});
