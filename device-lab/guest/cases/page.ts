/** Cases of the page alone. */
import type { BrowserContext, Page } from 'playwright-core';
import { inPage, openTab } from '../browser.ts';
import { assertThat } from '../comparison.ts';
import type { Failed } from '../ways.ts';

type Api = 'webserial' | 'webusb';

const open = (page: Page, api: Api): Promise<Failed | { opened: boolean }> =>
  inPage(page, 'keepOpen', api);

/** Makes sure of the error that opening ends with; gives what it says. */
export async function refuses(
  page: Page,
  api: Api,
  { code, words }: { readonly code: string; readonly words: RegExp },
): Promise<string> {
  const ended = await open(page, api);
  if (!('failure' in ended)) {
    await inPage(page, 'close');
    throw new Error(`It opened, and should have been refused with ${code}.`);
  }
  const { failure } = ended;
  const text = `${failure.code}: ${failure.message} ${failure.help}`;
  console.error(`${text} (${failure.cause})`);
  assertThat(failure.code === code && words.test(text), `${text} (${failure.cause})`);
  return text;
}

/** A second tab while the first has the receiver open, and after it has closed it. */
export async function secondTab(context: BrowserContext, page: Page, api: Api): Promise<string> {
  const second = await openTab(context);
  try {
    const first = await open(page, api);
    assertThat('opened' in first, `The first tab did not open it: ${JSON.stringify(first)}`);
    const text = await refuses(second, api, { code: 'otherTab', words: /Another tab/ });
    await inPage(page, 'close');
    const again = await open(second, api);
    assertThat('opened' in again, `The second tab did not open it then: ${JSON.stringify(again)}`);
    return `${text} Opens once the first has closed.`;
  } finally {
    await inPage(page, 'close');
    await inPage(second, 'close');
    await second.close();
  }
}
