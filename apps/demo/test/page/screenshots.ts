// Takes the pictures of docs/images anew: `node apps/demo/test/page/screenshots.ts`, after a build.
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { button, goTo, launchChromium, readEmulated, visit } from './browser.ts';
import { serveSite } from './site.ts';

const FOLDER = join(import.meta.dirname, '../../../../docs/images');
const SIZES = {
  desktop: { width: 1120, height: 760 },
  phone: { width: 390, height: 780 },
} as const;

async function take(
  page: Page,
  picture: (name: string, whole?: boolean) => Promise<void>,
): Promise<void> {
  await picture('connect');
  await readEmulated(page);
  await picture('day', true);
  await button(page, '30 days').click();
  await picture('month');
  await button(page, 'Table').click();
  await picture('table');
  await goTo(page, 'Upload');
  await page.locator('.plan').waitFor({ state: 'attached' });
  await button(page, 'Log in').click();
  await page.getByRole('checkbox').check();
  await button(page, 'Upload now').click();
  await page.locator('.note.good').waitFor();
  await picture('upload');
  await goTo(page, 'Follow');
  await button(page, 'Start following').click();
  await page.locator('.newest .number').waitFor();
  await picture('follow');
}

/** Puts what stays at the bottom of the window to the end of the page, or back. */
async function setAtEnd(page: Page, isAtEnd: boolean): Promise<void> {
  await page.evaluate((isAtEnd) => {
    document.body.style.position = isAtEnd ? 'relative' : '';
    for (const element of document.querySelectorAll<HTMLElement>('.foot, .head nav')) {
      const { position } = getComputedStyle(element);
      if (!isAtEnd) element.style.position = '';
      else if (position === 'fixed') element.style.position = 'absolute';
      else if (position === 'sticky') element.style.position = 'static';
    }
  }, isAtEnd);
}

const browser = await launchChromium();
for (const [device, size] of Object.entries(SIZES)) {
  for (const scheme of ['light', 'dark'] as const) {
    // One picture of each state is enough in the dark.
    const isTaken = (name: string): boolean => scheme === 'light' || name === 'day';
    // An account of its own: what the one before has uploaded is not new.
    await using site = await serveSite();
    await using visited = await visit(browser, site.origin, { scheme, ...size });
    await take(visited.page, async (name, fullPage = false) => {
      if (!isTaken(name)) return;
      // The pointer marks nothing, and what moves has come to rest.
      await visited.page.mouse.move(0, 0);
      await visited.page.waitForTimeout(500);
      const path = join(FOLDER, `page-${name}-${device}-${scheme}.png`);
      if (fullPage) await setAtEnd(visited.page, true);
      await visited.page.screenshot({ path, fullPage });
      if (fullPage) await setAtEnd(visited.page, false);
    });
  }
}
await browser.close();
