import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { chromiumFlags, findChromium } from '../../../../scripts/chromium.mjs';

/** A Chromium of its own, without a window and gone afterwards. */
export function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  return chromium.launch({
    args: chromiumFlags,
    ...(executablePath === undefined ? {} : { executablePath }),
  });
}

export interface Visit extends AsyncDisposable {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Errors of the page and violations of its policy, and requests that left its origin. */
  readonly complaints: string[];
}

export interface VisitOptions {
  readonly scheme?: 'light' | 'dark';
  readonly locale?: string;
  /** Run before the page's own scripts. */
  readonly script?: string;
  readonly width?: number;
  readonly height?: number;
  /** The timers of the page wait for the test, which moves its clock. */
  readonly hasClock?: boolean;
}

/** Opens a page as a person would, in a browser that knows nothing of it. */
export async function visit(
  browser: Browser,
  origin: string,
  {
    scheme = 'light',
    locale = 'en-US',
    script,
    width = 1280,
    height = 900,
    hasClock = false,
  }: VisitOptions = {},
): Promise<Visit> {
  const context = await browser.newContext({
    colorScheme: scheme,
    locale,
    timezoneId: 'Europe/Berlin',
    viewport: { width, height },
  });
  // Only against hanging, as for tests.
  context.setDefaultTimeout(90_000);
  if (script !== undefined) await context.addInitScript(script);
  const complaints: string[] = [];
  context.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(origin) && !url.startsWith('blob:')) complaints.push(`asked ${url}`);
  });
  context.on('weberror', (error) => complaints.push(String(error.error())));
  context.on('console', (message) => {
    const text = message.text();
    // A static site has no list of services: the browser reports every 404.
    const isExpected = text.startsWith('Failed to load resource');
    if (message.type() === 'error' && !isExpected) complaints.push(text);
  });
  if (hasClock) await context.clock.install();
  const page = await context.newPage();
  await page.goto(`${origin}/`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  return { context, page, complaints, [Symbol.asyncDispose]: () => context.close() };
}

export const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });

/** Goes to a page by the menu. */
export async function goTo(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name, exact: true }).click();
}

/** Connects the emulated receiver of the page, and waits until it is read. */
export async function readEmulated(page: Page): Promise<void> {
  await button(page, 'Try it with an emulated receiver').click();
  await button(page, 'Read what is new').and(page.locator(':enabled')).waitFor();
}

/** Connects a device of the lab, and waits until it is read. */
export async function readDevice(page: Page, name: RegExp = /^Connect receiver/): Promise<void> {
  await button(page, name).click();
  await button(page, 'Read what is new').and(page.locator(':enabled')).waitFor();
}

/** The text of what is shown, on one line. */
export async function shown(page: Page, selector = 'main'): Promise<string> {
  return (await page.locator(selector).innerText()).replace(/\s+/g, ' ');
}

export function expectNoComplaints({ complaints }: Visit): void {
  expect(complaints).toEqual([]);
}
