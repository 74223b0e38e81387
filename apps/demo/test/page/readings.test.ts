import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  button,
  expectNoComplaints,
  goTo,
  launchChromium,
  readDevice,
  readEmulated,
  shown,
  visit,
} from './browser.ts';
import { bundle } from './bundle.ts';
import { type Site, serveSite } from './site.ts';
import './patience.ts';

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

describe('the first visit', () => {
  it('loads at most 120 kB in all, everything from its own origin, and keeps its policy', async () => {
    const bodies: Promise<Buffer>[] = [];
    const context = await browser.newContext({ serviceWorkers: 'block' });
    context.on('response', (response) => bodies.push(response.body()));
    const page = await context.newPage();
    await page.goto(`${site.origin}/`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForLoadState('networkidle');
    const files = await Promise.all(bodies);
    const bytes = files.reduce((sum, file) => sum + gzipSync(file, { level: 9 }).length, 0);
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes).toBeLessThan(120_000);
    await context.close();
  });

  it('leaves nothing behind', async () => {
    await using visited = await visit(browser, site.origin);
    await readEmulated(visited.page);
    const left = await visited.page.evaluate(async () => ({
      local: { ...localStorage },
      databases: (await indexedDB.databases()).map(({ name }) => name),
    }));
    expect(left).toEqual({ local: {}, databases: [] });
  });
});

describe('the emulated receiver', () => {
  it('is read and seen', async () => {
    await using visited = await visit(browser, site.origin);
    const { page } = visited;
    await readEmulated(page);
    const text = await shown(page);
    for (const fact of ['Dexcom G4 Receiver', 'SM00000001', '84%', 'seconds behind']) {
      expect(text).toContain(fact);
    }
    expect(text).toMatch(/\d+ mg\/dL|LOW|HIGH/);
    expect(text).toMatch(/% of 1 day/);
    expect(text).toContain('Not for treatment decisions.');
    // Made up they are also when it is gone.
    await button(page, 'Disconnect').click();
    await page.getByText('Not connected').waitFor();
    await page.getByRole('region', { name: 'Dexcom G4 Receiver Emulated Not connected' }).waitFor();
    expectNoComplaints(visited);
  });

  it('names LOW and HIGH beside their arrows', async () => {
    const script = `
      window.words = [];
      const { fillText, moveTo } = CanvasRenderingContext2D.prototype;
      let arrow = 0;
      CanvasRenderingContext2D.prototype.moveTo = function (x, y) {
        arrow = x;
        moveTo.call(this, x, y);
      };
      CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
        const { width } = this.measureText(text);
        const before = { right: 1, end: 1, center: 0.5, left: 0, start: 0 }[this.textAlign] * width;
        if (/^(?:LOW|HIGH)$/.test(text)) window.words.push(arrow - (x - before + width));
        fillText.call(this, text, x, y);
      };`;
    await using visited = await visit(browser, site.origin, { script });
    await readEmulated(visited.page);
    const words = () =>
      visited.page.evaluate(() => (window as unknown as { words: number[] }).words);
    // What the emulated receiver measures goes by the clock: the last day need not have any.
    for (let days = 0; days < 28 && (await words()).length < 2; days++) {
      await button(visited.page, 'Earlier').click();
    }
    const gaps = await words();
    expect(gaps.length).toBeGreaterThan(1);
    expect(Math.min(...gaps)).toBeGreaterThan(0);
    expect(Math.max(...gaps)).toBeLessThan(8);
  });

  it('shows the same in the table, in both units', async () => {
    await using visited = await visit(browser, site.origin);
    const { page } = visited;
    await readEmulated(page);
    await button(page, 'Table').click();
    const first = page.locator('tbody tr').first();
    const newest = page.locator('.newest .number');
    expect(await first.locator('td').first().innerText()).toBe(await newest.innerText());
    const mgDl = Number(await newest.innerText());
    await button(page, 'mmol/L').first().click();
    const mmol = Number(await newest.innerText());
    expect(Math.abs(mmol - mgDl * 0.0555)).toBeLessThan(0.06);
    expect(await first.locator('td').first().innerText()).toBe(await newest.innerText());
    // 181 mg/dL is 10.0 mmol/L as well, and not in range.
    expect(await shown(page, '.ranges')).toMatch(/3\.9 to 10\.0 .* High 10\.1 to 13\.9/);
    await button(page, '30 days').click();
    expect(await page.locator('tbody tr').count()).toBeGreaterThanOrEqual(30);
  });

  it('can be cancelled, keeps what was read, and is read on', async () => {
    await using visited = await visit(browser, site.origin);
    const { page } = visited;
    await button(page, 'Try it with an emulated receiver').click();
    await page.locator('.newest .number').waitFor();
    await button(page, 'Cancel').click();
    await page.getByText('Cancelled. What was read stays.').waitFor();
    const before = await page.locator('.newest .number').innerText();
    await button(page, 'Read on').click();
    await button(page, 'Read what is new').and(page.locator(':enabled')).waitFor();
    expect(await page.locator('.newest .number').innerText()).toBe(before);
    await button(page, '30 days').click();
    await expect.poll(() => shown(page, '.statistics')).toMatch(/8,\d\d\d readings/);
  });

  it('is drawn as wide as there is room when the window changes', async () => {
    await using visited = await visit(browser, site.origin);
    const { page } = visited;
    await readEmulated(page);
    for (const width of [500, 1100]) {
      await page.setViewportSize({ width, height: 800 });
      const gap = async (): Promise<number> => {
        const canvas = await page.locator('.chart canvas').boundingBox();
        return Math.abs(width - 2 * (canvas?.x ?? 0) - (canvas?.width ?? 0));
      };
      await expect.poll(gap).toBeLessThanOrEqual(2);
    }
  });

  it('is used by the keyboard alone', async () => {
    await using visited = await visit(browser, site.origin);
    const { page } = visited;
    const press = async (name: string | RegExp, role: 'button' | 'application') => {
      const target = page.getByRole(role, { name }).first();
      for (let i = 0; i < 40; i++) {
        await page.keyboard.press('Tab');
        if (await target.evaluate((element) => element === document.activeElement)) return;
      }
      throw new Error(`${name} is not reached by Tab.`);
    };
    await press('Try it with an emulated receiver', 'button');
    await page.keyboard.press('Enter');
    await button(page, 'Read what is new').and(page.locator(':enabled')).waitFor();
    await press(/^Glucose from/, 'application');
    await page.keyboard.press('ArrowLeft');
    const readout = page.locator('.readout');
    await expect.poll(() => readout.innerText()).toMatch(/mg\/dL|LOW|HIGH/);
    const newest = await readout.innerText();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => readout.innerText()).not.toBe(newest);
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => readout.innerText()).toBe(newest);
    const label = () => page.getByRole('application').getAttribute('aria-label');
    const wide = await label();
    await page.keyboard.press('+');
    await expect.poll(label).not.toBe(wide);
    await page.keyboard.press('PageUp');
    await page.keyboard.press('Escape');
    await expect.poll(() => readout.innerText()).toMatch(/–/);
  });

  it('is printed on white paper, in the dark as well, and without what is for the screen', async () => {
    await using visited = await visit(browser, site.origin, { scheme: 'dark' });
    const { page } = visited;
    await readEmulated(page);
    const inks = () =>
      page.evaluate(() => {
        const canvas = document.querySelector('canvas');
        const { data } = canvas
          ?.getContext('2d')
          ?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
        const colours = new Set<string>();
        for (let i = 0; i < data.length; i += 4) {
          colours.add(`${data[i]}, ${data[i + 1]}, ${data[i + 2]}`);
        }
        return ['111, 186, 240', '11, 90, 143'].filter((one) => colours.has(one));
      });
    const inkBecomes = (ink: string) => expect.poll(inks, { timeout: 60_000 }).toEqual([ink]);
    await inkBecomes('111, 186, 240');
    await page.emulateMedia({ media: 'print' });
    await inkBecomes('11, 90, 143');
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(await ground()).toBe('rgb(251, 251, 250)');
    for (const name of ['Read what is new', '30 days', 'Save as CSV', 'Zoom in']) {
      expect(await button(page, name).isVisible()).toBe(false);
    }
    expect(await page.getByText('Time in range').isVisible()).toBe(true);
    await page.emulateMedia({ media: 'screen' });
    await inkBecomes('111, 186, 240');
  });

  it.each([1280, 390])(
    'is printed whole on one sheet from a window of %i pixels, and goes back to its size',
    async (width) => {
      await using visited = await visit(browser, site.origin, { width });
      const { page } = visited;
      await readEmulated(page);
      await button(page, 'Disconnect').click();
      await page.getByText('Not connected').waitFor();
      const canvas = page.locator('.chart canvas');
      const before = await canvas.boundingBox();
      await page.evaluate(() => {
        const media = matchMedia('print');
        media.addEventListener('change', () => {
          if (!media.matches) return;
          const width = (selector: string): number =>
            document.querySelector(selector)?.getBoundingClientRect().width ?? 0;
          const buttons = [...document.querySelectorAll('main button')];
          Object.assign(document.body.dataset, {
            widths: `${width('.chart')} ${width('.chart canvas')}`,
            buttons: buttons.filter((one) => one.checkVisibility()).length,
          });
        });
      });
      const margin = '1cm';
      const margins = { top: margin, bottom: margin, left: margin, right: margin };
      const pdf = await page.pdf({ format: 'A4', margin: margins });
      expect(pdf.toString('latin1').match(/\/Type \/Page\b/g)).toHaveLength(1);
      const { widths, buttons } = await page.evaluate(() => ({ ...document.body.dataset }));
      const [chart = 0, drawn = 0] = String(widths).split(' ').map(Number);
      expect(chart).toBeGreaterThan(500);
      expect(Math.abs(drawn - chart)).toBeLessThan(2);
      expect(buttons).toBe('0');
      await expect.poll(() => canvas.boundingBox()).toEqual(before);
    },
  );

  it('is printed as a table that begins on the first sheet', async () => {
    await using visited = await visit(browser, site.origin);
    const { page } = visited;
    await readEmulated(page);
    await button(page, '30 days').click();
    await button(page, 'Table').click();
    await page.locator('tbody tr').nth(29).waitFor();
    const pdf = await page.pdf({ format: 'A4' });
    expect(pdf.toString('latin1').match(/\/Type \/Page\b/g)).toHaveLength(2);
  });

  it('saves CSV and JSON that say that it is made up', async () => {
    await using visited = await visit(browser, site.origin);
    const { page } = visited;
    await readEmulated(page);
    const saved = async (name: string) => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        button(page, name).click(),
      ]);
      const text = await readFile(await download.path(), 'utf8');
      return { name: download.suggestedFilename(), text };
    };
    const csv = await saved('Save as CSV');
    expect(csv.name).toMatch(/^emulated-glucose-\d{4}-\d\d-\d\d\.csv$/);
    expect(csv.text.split('\r\n').length).toBeGreaterThan(8000);
    const json = await saved('Save as JSON');
    expect(JSON.parse(json.text)).toMatchObject({
      receiver: { serialNumber: 'SM00000001', isEmulated: true },
    });
  });
});

describe('a receiver on the cable', () => {
  it.each([
    ['Web Serial', /^Connect receiver by Web Serial/],
    ['WebUSB', 'Connect by WebUSB'],
  ])('is read by %s', async (_, name) => {
    await using visited = await visit(browser, site.origin, { script });
    const { page } = visited;
    await button(page, name).click();
    await button(page, 'Read what is new').and(page.locator(':enabled')).waitFor();
    expect(await shown(page)).toMatch(/9[789] seconds behind/);
    await button(page, 'Disconnect').click();
    await page.getByText('Not connected').waitFor();
    expect(await page.locator('.newest .number').innerText()).toMatch(/\d+|LOW|HIGH/);
    expect(await shown(page, '.receiver h2')).not.toContain('Emulated');
    expectNoComplaints(visited);
  });

  it('may be unplugged in the middle: what was read stays, and it is connected again', async () => {
    await using visited = await visit(browser, site.origin, { script });
    const { page } = visited;
    await page.evaluate(() => {
      window.lab.replyDelayMs = 60;
    });
    await button(page, /^Connect receiver/).click();
    await page.locator('.newest .number').waitFor();
    await page.evaluate(() => window.lab.unplug());
    await page.getByRole('alert').getByText('The receiver was unplugged.').waitFor();
    expect(await page.locator('.newest .number').innerText()).toMatch(/\d+|LOW|HIGH/);
    await page.evaluate(() => {
      window.lab.replyDelayMs = 0;
      window.lab.plug();
    });
    await readDevice(page);
    expect(await page.getByRole('alert').count()).toBe(0);
    await button(page, '30 days').click();
    await expect.poll(() => shown(page, '.statistics')).toMatch(/8\d\d readings/);
  });

  it('is noticed when it is unplugged while nothing is read', async () => {
    await using visited = await visit(browser, site.origin, { script });
    const { page } = visited;
    await readDevice(page);
    await page.evaluate(() => window.lab.unplug());
    await page.getByRole('alert').getByText('The receiver was unplugged.').waitFor();
  });

  it('says that the time shown has no readings, and of when the newest one is', async () => {
    const days = 5 * 86_400_000;
    const earlier = `sessionStorage.setItem('lab', String(Date.now() - ${days}));`;
    await using visited = await visit(browser, site.origin, { script: earlier + script });
    const { page } = visited;
    await readDevice(page);
    const words = page.getByText(/^No readings in this time\. The newest is of \w+ \d+, /);
    await words.waitFor();
    expect(await shown(page, '.statistics')).toContain('0 readings · 0% of 1 day');
    await button(page, 'Table').click();
    await words.waitFor();
    await button(page, '30 days').click();
    await words.waitFor({ state: 'detached' });
    await button(page, 'Chart').click();
    await page.getByRole('application', { name: /: 8\d\d readings$/ }).waitFor();
    expect(await words.count()).toBe(0);
  });

  it('is not chosen by who closes the list', async () => {
    await using visited = await visit(browser, site.origin, { script });
    const { page } = visited;
    await page.evaluate(() => {
      window.lab.isDismissed = true;
    });
    await button(page, /^Connect receiver/).click();
    await page.getByText('No receiver was chosen.').waitFor();
    await page.getByText('Receiver not found?').click();
    await page.getByText('Use a cable that carries data.').waitFor();
  });

  it('is tried again while something else uses it, which is told meanwhile', async () => {
    await using visited = await visit(browser, site.origin, { script, hasClock: true });
    const { page } = visited;
    await page.evaluate(() => {
      window.lab.isHeld = true;
    });
    await button(page, /^Connect receiver/).click();
    const next = async (text: string | RegExp): Promise<void> => {
      const passing = async (): Promise<string> => {
        await page.clock.runFor(500);
        return await shown(page);
      };
      await expect.poll(passing, { timeout: 60_000 }).toMatch(text);
    };
    await next(/Trying again: 2 of 8.*Right after plugging in that may be the computer itself/);
    await next(/Trying again: 3 of 8/);
    await button(page, 'Cancel').click();
    await button(page, /^Connect receiver/).click();
    await next(/The receiver is there but does not open: something else is using it/);
    await page.evaluate(() => {
      window.lab.isHeld = false;
    });
    await page.clock.resume();
    await readDevice(page);
    expectNoComplaints(visited);
  });

  it('is open in one tab at a time, and the other one says so', async () => {
    await using visited = await visit(browser, site.origin, { script });
    await readDevice(visited.page);
    const other = await visited.context.newPage();
    await other.goto(`${site.origin}/`);
    await button(other, /^Connect receiver/).click();
    await other.getByText('Another tab of this page has the receiver open.').waitFor();
    await button(visited.page, 'Disconnect').click();
    await readDevice(other);
  });

  it('is not asked for where the browser has no way to it', async () => {
    const script = `
      delete Navigator.prototype.serial;
      delete Navigator.prototype.usb;
    `;
    await using visited = await visit(browser, site.origin, { script });
    const { page } = visited;
    await page.getByText('This browser cannot reach a receiver.').waitFor();
    expect(await button(page, 'Connect by Web Serial').isDisabled()).toBe(true);
    expect(await shown(page)).toContain('This browser has no WebUSB.');
    await readEmulated(page);
  });
});

describe('what is kept in the browser', () => {
  it('is there after a reload if the user wants that, and gone when everything is forgotten', async () => {
    await using visited = await visit(browser, site.origin, { script });
    const { page } = visited;
    await goTo(page, 'Settings');
    await page.getByLabel('Remember readings in this browser').check();
    await goTo(page, 'Readings');
    await readDevice(page);
    const newest = await page.locator('.newest .number').innerText();
    await page.reload();
    await page.getByText('Not connected').waitFor();
    expect(await page.locator('.newest .number').innerText()).toBe(newest);
    await readDevice(page);
    await goTo(page, 'Settings');
    await button(page, 'Forget everything').click();
    await page.getByText('Everything is forgotten.').waitFor();
    await page.reload();
    await goTo(page, 'Readings');
    await page.getByRole('heading', { name: 'See the readings of your receiver' }).waitFor();
    const left = await page.evaluate(async () => (await indexedDB.databases()).length);
    expect(left).toBe(0);
  });

  it('is also what was read before the user wanted that', async () => {
    await using visited = await visit(browser, site.origin, { script });
    const { page } = visited;
    await readDevice(page);
    const newest = await page.locator('.newest .number').innerText();
    await page.evaluate(() => localStorage.setItem('of another page', 'stays'));
    await goTo(page, 'Settings');
    await page.getByLabel('Remember readings in this browser').check();
    const kept = () =>
      page.evaluate(async () => {
        const opening = indexedDB.open('egvkit-readings');
        await new Promise((done) => opening.addEventListener('success', done));
        const counting = opening.result.transaction('receivers').objectStore('receivers').count();
        await new Promise((done) => counting.addEventListener('success', done));
        opening.result.close();
        return counting.result;
      });
    await expect.poll(kept).toBe(1);
    await page.reload();
    await goTo(page, 'Readings');
    await page.getByText('Not connected').waitFor();
    expect(await page.locator('.newest .number').innerText()).toBe(newest);
    await goTo(page, 'Settings');
    await button(page, 'Forget everything').click();
    await page.getByText('Everything is forgotten.').waitFor();
    expect(await page.evaluate(() => ({ ...localStorage }))).toEqual({
      'of another page': 'stays',
    });
  });

  it.each([
    ['Web Serial', /^Connect receiver by Web Serial/],
    ['WebUSB', 'Connect by WebUSB'],
  ])('has the permission of %s taken back, though no receiver is connected', async (_, name) => {
    await using visited = await visit(browser, site.origin, { script });
    const { page } = visited;
    const permissions = () =>
      page.evaluate(async () => [
        (await navigator.serial.getPorts()).length,
        (await navigator.usb.getDevices()).length,
      ]);
    await button(page, name).click();
    await button(page, 'Read what is new').and(page.locator(':enabled')).waitFor();
    await button(page, 'Disconnect').click();
    await page.getByText('Not connected').waitFor();
    expect((await permissions()).sort()).toEqual([0, 1]);
    await goTo(page, 'Settings');
    await button(page, 'Forget everything').click();
    await page.getByText('Everything is forgotten.').waitFor();
    expect(await permissions()).toEqual([0, 0]);
  });

  it('is forgotten also while more is read', async () => {
    await using visited = await visit(browser, site.origin, { script });
    const { page } = visited;
    await page.evaluate(() => {
      window.lab.replyDelayMs = 80;
    });
    await button(page, /^Connect receiver/).click();
    await page.locator('.newest .number').waitFor();
    await goTo(page, 'Settings');
    await button(page, 'Forget everything').click();
    await page.getByText('Everything is forgotten.').waitFor();
    await goTo(page, 'Readings');
    await page.getByRole('heading', { name: 'See the readings of your receiver' }).waitFor();
    await page.waitForTimeout(300);
    expect(await page.locator('.newest').count()).toBe(0);
  });

  it('opens and reads without a network from the second visit on', async () => {
    await using visited = await visit(browser, site.origin);
    const { page, context } = visited;
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
    });
    await expect
      .poll(() => page.evaluate(async () => (await caches.keys()).length))
      .toBeGreaterThan(0);
    await context.setOffline(true);
    await page.reload();
    await readEmulated(page);
    expect(await page.locator('.newest .number').innerText()).toMatch(/\d+|LOW|HIGH/);
    const cached = await page.evaluate(async () => {
      const [name = ''] = await caches.keys();
      const requests = await (await caches.open(name)).keys();
      return requests.map(({ url }) => new URL(url).pathname);
    });
    expect(cached.some((path) => /services|ShareWebServices/.test(path))).toBe(false);
  });
});

describe('a browser that keeps nothing for a page', () => {
  const refuse = `
    const refuse = () => {
      throw new DOMException('The operation is insecure.', 'SecurityError');
    };
    for (const name of ['localStorage', 'indexedDB']) {
      Object.defineProperty(window, name, { get: refuse });
    }`;
  const full = `
    const full = () => {
      throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
    };
    Storage.prototype.setItem = full;
    IDBObjectStore.prototype.put = full;`;

  it('reads a receiver and changes its settings all the same, and says what it cannot do', async () => {
    await using visited = await visit(browser, site.origin, { script: script + refuse });
    const { page } = visited;
    await goTo(page, 'Settings');
    await button(page, 'Deutsch').click();
    await button(page, 'English').click();
    await page.getByLabel('Remember readings in this browser').check();
    await page.getByText('This browser does not let the page keep them').waitFor();
    await goTo(page, 'Readings');
    await readDevice(page);
    expect(await page.locator('.newest .number').innerText()).toMatch(/\d+|LOW|HIGH/);
    await goTo(page, 'Settings');
    await button(page, 'Forget everything').click();
    await page.getByText('Everything is forgotten.').waitFor();
    expectNoComplaints(visited);
  });

  it('says so when there is no more room', async () => {
    await using visited = await visit(browser, site.origin, { script: script + full });
    const { page } = visited;
    await goTo(page, 'Settings');
    await page.getByLabel('Remember readings in this browser').check();
    await goTo(page, 'Readings');
    await readDevice(page);
    await goTo(page, 'Settings');
    await page.getByText('This browser does not let the page keep them').waitFor();
    expectNoComplaints(visited);
  });
});

describe('the language', () => {
  it.each([
    ['de-DE', 'Sieh die Werte deines Empfängers'],
    ['es-ES', 'Mira las lecturas de tu receptor'],
  ])('of the browser %s is the language of the page', async (locale, title) => {
    await using visited = await visit(browser, site.origin, { locale });
    await visited.page.getByRole('heading', { name: title }).waitFor();
    expect(await visited.page.locator('html').getAttribute('lang')).toBe(locale.slice(0, 2));
  });

  it('that is chosen is that of the title as well', async () => {
    await using visited = await visit(browser, site.origin);
    const { page } = visited;
    await goTo(page, 'Settings');
    expect(await page.title()).toBe('Settings – egvkit');
    await button(page, 'Deutsch').click();
    await expect.poll(() => page.title()).toBe('Optionen – egvkit');
  });

  it('is followed by a page of which a part cannot be loaded', async () => {
    await using visited = await visit(browser, site.origin, { locale: 'de-DE' });
    const { page, context } = visited;
    await context.route(/emulated-\w/, (route) => route.abort());
    await button(page, 'Mit einem emulierten Empfänger ausprobieren').click();
    await page.getByText('Ein Teil dieser Seite ließ sich nicht laden.').waitFor();
  });
});
