/** The demo page, driven as a person would, from the receiver to the emulated service and back. */
import type { BrowserContext, Page } from 'playwright-core';
import { assertThat } from '../comparison.ts';
import { DEMO_ORIGIN, serveDemo } from '../demo-server.ts';

/** Stands for the click in the browser's own list, which nobody can make: the one that is granted. */
const CHOICE = `navigator.serial.requestPort = async () => {
  const [port] = await navigator.serial.getPorts();
  if (port) return port;
  throw new DOMException('No port selected by the user.', 'NotFoundError');
};`;

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });

const goTo = (page: Page, name: string) =>
  page.getByRole('navigation').getByRole('link', { name, exact: true }).click();

const textOf = async (page: Page, selector: string): Promise<string> =>
  (await page.locator(selector).last().innerText()).replace(/\s+/g, ' ');

/** Every step has so long; the whole history is read in half a minute. */
const LIMIT_MS = 150_000;

/** Words of the page where this slow computer makes the service's clock too uncertain. */
const SLOW = /network is so slow/;
const MOST_UPLOADS = 4;
/** Readings that may become older than a day between the plan and the upload: some minutes go by. */
const MOST_TOO_OLD = 2;

/** Uploads, and again as the page advises where an answer took too long; gives the page's last words. */
async function upload(page: Page): Promise<string> {
  const note = page.locator('.note.good, .note.problem').last();
  for (let times = 1; ; times++) {
    await button(page, 'Upload now').click();
    await note.waitFor({ state: 'hidden' });
    await note.waitFor();
    const told = await textOf(page, '.note.good, .note.problem');
    if (!SLOW.test(told) || times === MOST_UPLOADS) return told;
  }
}

/** Reads the receiver by Web Serial, uploads through the relay, and follows the account. */
export async function readsAndUploads(browser: BrowserContext): Promise<string> {
  const server = await serveDemo();
  const page = await browser.newPage();
  page.setDefaultTimeout(LIMIT_MS);
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (said) => said.type() === 'error' && complaints.push(said.text()));
  page.on('requestfailed', (asked) =>
    // Without the query, which has the id of a session.
    complaints.push(`${new URL(asked.url()).pathname}: ${asked.failure()?.errorText}`),
  );
  try {
    await page.addInitScript(CHOICE);
    await page.goto(`${DEMO_ORIGIN}/`);
    await button(page, /^Connect receiver/).click();
    await button(page, 'Read what is new').and(page.locator(':enabled')).waitFor();
    await goTo(page, 'Upload');
    await page.getByText(/\d+ readings, /).waitFor();
    const planned = Number(/(\d+) readings,/.exec(await textOf(page, 'main'))?.[1]);
    await button(page, 'Log in').click();
    await page.getByRole('checkbox').check();
    const told = await upload(page);
    const [uploaded, cameBack] = (told.match(/\d+(?= readings uploaded| came back)/g) ?? []).map(
      Number,
    );
    const isWhole = uploaded !== undefined && uploaded === cameBack;
    const isAll = isWhole && uploaded <= planned && planned - uploaded <= MOST_TOO_OLD;
    assertThat(planned > 200 && isAll, `${planned} planned. ${told}`);
    await goTo(page, 'Follow');
    await button(page, 'Start following').click();
    await page.locator('.newest .number').waitFor();
    return `${told} Followed: ${await textOf(page, '.newest')}`;
  } catch (error) {
    console.error((await textOf(page, 'body').catch(() => '')).slice(0, 1500));
    console.error(complaints.join('\n').slice(0, 1500));
    throw error;
  } finally {
    await page.close();
    server.kill();
  }
}
