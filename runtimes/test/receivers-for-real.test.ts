import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from './browser.ts';
import type { Listening } from './listen.ts';
import { PAGE, serveModules } from './modules.ts';
import { HERE } from './programs.ts';

const LIMIT_MS = 60_000;

/** Pages that ask for a receiver without a click; what is evaluated in a page counts as one. */
const UNASKED = Object.fromEntries(
  ['webusb', 'webserial'].map((name) => [
    `/unasked-${name}`,
    `${PAGE}<script type="module">
      import { requestReceiver } from '@egvkit/receiver-${name}';
      requestReceiver().catch(({ code }) => { document.title = code; });
    </script>`,
  ]),
);

let browser: Browser;
let site: Listening;
/** A site that its own Permissions-Policy keeps from both APIs. */
let barred: Listening;

beforeAll(async () => {
  const guide = await readFile(join(HERE, '../docs/browsers.md'), 'utf8');
  const printed = /```html\n([\s\S]*?)```/.exec(guide)?.[1] ?? '';
  // Imports of the stand-ins, behind the page's own.
  const page = printed.replace(
    '"imports": {',
    `"imports": {
      "@egvkit/receiver/transport": "/node_modules/@egvkit/receiver/dist/transport.js",
      "@egvkit/receiver-emulator": "/node_modules/@egvkit/receiver-emulator/dist/index.js",
      "@egvkit/receiver-emulator/webserial": "/node_modules/@egvkit/receiver-emulator/dist/webserial.js",
      "@egvkit/receiver-emulator/webusb": "/node_modules/@egvkit/receiver-emulator/dist/webusb.js",`,
  );
  [browser, site, barred] = await Promise.all([
    launchChromium(),
    serveModules({ '/printed': page, ...UNASKED }),
    serveModules({}, { 'permissions-policy': 'serial=(), usb=()' }),
  ]);
}, LIMIT_MS);
afterAll(async () => {
  await browser?.close();
  await site?.[Symbol.asyncDispose]();
  await barred?.[Symbol.asyncDispose]();
});

/** A page of its own context, in which code is evaluated that can import every package. */
async function openPage(path = '/', { origin } = site): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await page.goto(origin + path);
  return page;
}

/** Ends a call in the page as a value: the error's parts if it fails. */
const outcomeOf = (page: Page, code: string): Promise<{ code?: string; help?: string }> =>
  page.evaluate(
    `(async () => ${code})().catch(({ code, help, cause }) => ({ code, help, cause: String(cause) }))`,
  );

const WAYS = [
  { name: 'webusb', open: 'openUsb', Emulated: 'EmulatedUsb', api: 'usb', thing: 'device' },
  {
    name: 'webserial',
    open: 'openSerial',
    Emulated: 'EmulatedSerial',
    api: 'serial',
    thing: 'port',
  },
] as const;

describe.each(WAYS)('$name and the real API of Chromium', ({ name }) => {
  const from = `(await import('@egvkit/receiver-${name}'))`;

  it('say that a click is needed (browser §9)', { timeout: LIMIT_MS }, async () => {
    const page = await openPage(`/unasked-${name}`);
    await expect.poll(() => page.title()).toBe('clickNeeded');
  });

  it('say that the site may not (browser §10)', { timeout: LIMIT_MS }, async () => {
    const page = await openPage('/', barred);
    expect(await outcomeOf(page, `${from}.grantedReceivers()`)).toMatchObject({ code: 'blocked' });
  });

  it('list no receiver where none was chosen', { timeout: LIMIT_MS }, async () => {
    const page = await openPage();
    expect(await page.evaluate(`(async () => ${from}.grantedReceivers())()`)).toEqual([]);
  });
});

describe.each(WAYS)('$name in two tabs', ({ name, open, Emulated, api, thing }) => {
  /** Opens a receiver of the tab's own; they share the site's locks, as tabs do. */
  const opening = `
    const { ${Emulated} } = await import('@egvkit/receiver-emulator/${name}');
    const { ${open} } = await import('@egvkit/receiver-${name}');
    const api = new ${Emulated}();
    const { ${thing}: it } = api.plug({ attach: () => ({ receive() {}, detach() {} }) });
    globalThis.it = it;
    globalThis.transport = await ${open}(it, { ${api}: api, attempts: 1 });
    return 'open';`;
  const openIn = (page: Page) => outcomeOf(page, `(async () => {${opening}})()`);

  it('lets one of them read at a time (browser §5)', { timeout: LIMIT_MS }, async () => {
    const context = await browser.newContext();
    const [first, second] = [await context.newPage(), await context.newPage()];
    await Promise.all([first.goto(site.origin), second.goto(site.origin)]);
    expect(await openIn(first)).toBe('open');
    expect(await openIn(second)).toMatchObject({ code: 'otherTab' });
    await first.evaluate('transport.close()');
    expect(await openIn(second)).toBe('open');
    expect(await openIn(first)).toMatchObject({ code: 'otherTab' });
    await second.close();
    await expect.poll(() => openIn(first)).toBe('open');
  });

  it('closes the receiver of a tab that is left (browser §8)', { timeout: LIMIT_MS }, async () => {
    const page = await openPage();
    expect(await openIn(page)).toBe('open');
    await page.evaluate(`
      const close = it.close.bind(it);
      it.close = () => {
        localStorage.setItem('closed', 'asked');
        return close();
      };
      0`);
    await page.goto(`${site.origin}/printed`);
    expect(await page.evaluate(`localStorage.getItem('closed')`)).toBe('asked');
  });
});

describe('the page of docs/browsers.md, as printed', () => {
  const plugIn = (page: Page, trouble = {}) =>
    page.evaluate(
      `import('/runtimes/test/page/docs-page.ts').then((m) => m.plugIn(${JSON.stringify(trouble)}))`,
    ) as Promise<{ readings: number; serialNumber: string }>;
  const statusOf = (page: Page) => page.locator('#status');

  it.each(['serial', 'usb'])('shows readings by %s', { timeout: LIMIT_MS }, async (way) => {
    const page = await openPage('/printed');
    const { readings, serialNumber } = await plugIn(page);
    await page.click(`#${way}`);
    await expect
      .poll(() => statusOf(page).textContent(), { timeout: 20_000 })
      .toBe(`${readings} readings of ${serialNumber}`);
    expect(readings).toBeGreaterThan(20);
    expect(await page.locator('#readings li').count()).toBe(readings);
    expect(await page.locator('#readings li').first().textContent()).toMatch(/^\d+ mg\/dL, \w+$/);
  });

  it.each([
    ['serial', { refuses: true }, /^No receiver was chosen\. Not in the list\?/],
    ['usb', { refuses: true }, /^No receiver was chosen\. Not in the list\?/],
    [
      'usb',
      { driver: 'holds' },
      /^USB device 22A3:0047 is held by another program or a driver\. .*Web Serial/,
    ],
  ])('tells by %s of %j', { timeout: LIMIT_MS }, async (way, trouble, words) => {
    const page = await openPage('/printed');
    await plugIn(page, trouble);
    await page.click(`#${way}`);
    await expect.poll(() => statusOf(page).textContent()).toMatch(words);
  });
});
