import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { button, goTo, launchChromium, visit } from './browser.ts';
import { bundle } from './bundle.ts';
import { type Site, serveSite } from './site.ts';
import './patience.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let browser: Browser;
let site: Site;
let script: string;

beforeAll(async () => {
  [browser, site, script] = await Promise.all([
    launchChromium(),
    serveSite(),
    bundle('fake-devices.ts'),
  ]);
});

afterAll(async () => {
  await browser.close();
  await site[Symbol.asyncDispose]();
});

interface Axe {
  run(): Promise<{
    readonly passes: readonly unknown[];
    readonly violations: readonly {
      readonly id: string;
      readonly nodes: readonly {
        readonly target: readonly unknown[];
        readonly failureSummary: string;
      }[];
    }[];
  }>;
}

/** Faults that axe finds on a page, a line each. */
async function findings(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: Axe };
    // Colours on their way to others are nobody's: those that end are waited for.
    const ending = document
      .getAnimations()
      .filter(({ effect }) => effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY);
    await Promise.allSettled(ending.map(({ finished }) => finished));
    const { violations, passes } = await axe.run();
    if (passes.length < 10) throw new Error(`axe looked at ${passes.length} things only.`);
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
    );
  });
}

/** By how many pixels something is wider than the window. */
async function overflow(page: Page): Promise<number> {
  return await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
}

const SIZES = [
  { width: 1280, height: 900 },
  { width: 320, height: 640 },
] as const;

for (const scheme of ['light', 'dark'] as const) {
  for (const size of SIZES) {
    describe(`the page, ${scheme}, ${size.width} wide`, () => {
      it('has nothing that axe finds, and nothing wider than the window, in any state', {
        timeout: 120_000,
      }, async () => {
        // An account of its own: what others have uploaded would be other readings.
        await using own = await serveSite();
        await using visited = await visit(browser, own.origin, { script, scheme, ...size });
        const { page } = visited;
        const wrong: string[] = [];
        const look = async (state: string): Promise<void> => {
          for (const finding of await findings(page)) wrong.push(`${state}: ${finding}`);
          const pixels = await overflow(page);
          if (pixels > 0) wrong.push(`${state}: ${pixels} px wider than the window`);
        };
        await page.getByText('Receiver not found?').click();
        await look('welcome');
        await page.evaluate(() => {
          window.lab.isDismissed = true;
        });
        await button(page, /^Connect receiver/).click();
        await page.getByRole('alert').waitFor();
        await look('not chosen');
        await page.evaluate(() => {
          window.lab.isDismissed = false;
          window.lab.isHeld = true;
        });
        await button(page, /^Connect receiver/).click();
        await page.getByText('Trying again: 2 of 8').waitFor();
        await look('held');
        await button(page, 'Cancel').click();
        await page.evaluate(() => {
          window.lab.isHeld = false;
          window.lab.replyDelayMs = 150;
        });
        await button(page, /^Connect receiver/).click();
        await page.locator('.newest .number').waitFor();
        await look('reading');
        await page.evaluate(() => {
          window.lab.replyDelayMs = 0;
        });
        await button(page, 'Read what is new').and(page.locator(':enabled')).waitFor();
        await look('day');
        await page.getByRole('application').focus();
        await page.keyboard.press('ArrowLeft');
        await look('readout');
        await button(page, '30 days').click();
        await look('month');
        await button(page, 'Table').click();
        await look('days');
        await button(page, '24 hours').click();
        await look('table');
        await goTo(page, 'Upload');
        // On a phone the plan is shown after the login.
        await page.locator('.plan').waitFor({ state: 'attached' });
        await look('plan');
        await page.getByLabel('Password').fill('wrong');
        await button(page, 'Log in').click();
        await page.getByRole('alert').waitFor();
        await look('refused');
        await page.getByLabel('Password').fill('correct horse');
        await button(page, 'Log in').click();
        await page.getByRole('checkbox').check();
        await button(page, 'Upload now').click();
        await page.locator('.note.good').waitFor();
        await look('uploaded');
        await goTo(page, 'Follow');
        await button(page, 'Start following').click();
        await page.locator('.newest .number').waitFor();
        await look('following');
        await button(page, 'Table').click();
        await look('followed, as a table');
        await goTo(page, 'Followers');
        await page.getByText('Nobody follows this account.').waitFor();
        await look('followers');
        await goTo(page, 'Settings');
        await look('settings');
        await goTo(page, 'Readings');
        await page.evaluate(() => window.lab.unplug());
        await page.getByRole('alert').waitFor();
        await look('unplugged');
        expect(wrong).toEqual([]);
      });
    });
  }
}

describe('the focus', () => {
  /** The name of the control that has it, or the kind of element around it. */
  const focused = (page: Page): Promise<string> =>
    page.evaluate(() => {
      const { activeElement } = document;
      if (activeElement === null || activeElement === document.body) return 'nothing';
      const isControl = activeElement.matches('button, input, a');
      const name = activeElement.id || activeElement.textContent;
      return isControl ? String(name).trim() : activeElement.tagName.toLowerCase();
    });
  const press = async (page: Page, name: string | RegExp): Promise<void> => {
    await button(page, name).last().focus();
    await page.keyboard.press('Enter');
  };

  it('stays where it was when what had it goes away or waits', async () => {
    await using own = await serveSite();
    await using visited = await visit(browser, own.origin, { script });
    const { page } = visited;
    await page.evaluate(() => {
      window.lab.replyDelayMs = 100;
    });
    await press(page, /^Connect receiver/);
    await page.locator('.newest .number').waitFor();
    expect(await focused(page)).toBe('main');
    await press(page, 'Cancel');
    await page.getByText('Cancelled. What was read stays.').waitFor();
    expect(await focused(page)).not.toBe('nothing');
    await page.evaluate(() => {
      window.lab.replyDelayMs = 0;
    });
    await press(page, 'Read on');
    const again = button(page, 'Read what is new').and(page.locator(':enabled'));
    await again.waitFor();
    expect(await focused(page)).not.toBe('nothing');
    await goTo(page, 'Follow');
    await page.getByLabel('Password').fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    expect(await focused(page)).toBe('field-password');
    await page.getByLabel('Password').fill('correct horse');
    await page.keyboard.press('Enter');
    await button(page, 'Log out').waitFor();
    expect(await focused(page)).toBe('section');
    await press(page, 'Start following');
    await button(page, 'Stop following').waitFor();
    expect(await focused(page)).toBe('section');
    await goTo(page, 'Upload');
    await button(page, 'Upload now').and(page.locator(':enabled')).waitFor();
    await page.getByRole('checkbox').check();
    await press(page, 'Upload now');
    await page.locator('.note.good').waitFor();
    expect(await focused(page)).toBe('div');
  });

  it('is never on the button that removes a follower before anybody chose it', async () => {
    await using own = await serveSite();
    await using visited = await visit(browser, own.origin);
    const { page } = visited;
    await goTo(page, 'Followers');
    await button(page, 'Log in').click();
    await page.getByLabel('Name of the follower').fill('Grandma');
    await page.getByLabel('E-mail address').fill('grandma@example.invalid');
    await page.getByLabel('Your name, as the follower sees it').fill('Ann');
    await button(page, 'Invite').click();
    const person = page.locator('.people li');
    await person.waitFor();
    await person.getByRole('button', { name: 'Remove' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Remove Grandma?').waitFor();
    expect(await focused(page)).toBe('Keep');
    await page.keyboard.press('Enter');
    await page.getByText('Remove Grandma?').waitFor({ state: 'detached' });
    expect(await focused(page)).toBe('Remove');
  });
});

describe('long words', () => {
  it.each(['de-DE', 'es-ES'])('of %s fit on a phone of 320 pixels', async (locale) => {
    await using visited = await visit(browser, site.origin, {
      script,
      locale,
      width: 320,
      height: 640,
    });
    const { page } = visited;
    expect(await overflow(page)).toBe(0);
    for (const link of await page.getByRole('navigation').getByRole('link').all()) {
      await link.click();
      expect(await overflow(page)).toBe(0);
      const clipped = await link.evaluate((element) => element.scrollWidth - element.clientWidth);
      expect(clipped).toBeLessThanOrEqual(0);
    }
  });
});
