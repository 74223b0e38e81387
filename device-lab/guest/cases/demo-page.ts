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

/** Reads the receiver by Web Serial, uploads through the relay, and follows the account. */
export async function readsAndUploads(browser: BrowserContext): Promise<string> {
  const server = await serveDemo();
  const page = await browser.newPage();
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
    await button(page, 'Upload now').click();
    await page.locator('.note.good, .note.problem').last().waitFor();
    const told = await textOf(page, '.note.good, .note.problem');
    const isWhole = [`${planned} readings uploaded`, `${planned} came back from the service`];
    assertThat(planned > 200 && isWhole.every((each) => told.includes(each)), told);
    await goTo(page, 'Follow');
    await button(page, 'Start following').click();
    await page.locator('.newest .number').waitFor();
    return `${told} Followed: ${await textOf(page, '.newest')}`;
  } catch (error) {
    console.error((await textOf(page, 'body').catch(() => '')).slice(0, 1500));
    throw error;
  } finally {
    await page.close();
    server.kill();
  }
}
