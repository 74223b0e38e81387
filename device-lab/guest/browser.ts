/** A real Chromium of the ordinary user, to which a policy grants receivers. */
import { chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DEXCOM_VENDOR_ID, RECEIVER_PRODUCT_ID } from '@egvkit/protocol/receiver/wire';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { DEMO_ORIGIN } from './demo-server.ts';
import { LIMIT_MS, readIdentity } from './processes.ts';
import { ORIGIN } from './site.ts';

const POLICIES = '/etc/chromium/policies/managed';

/** Lets the pages use receivers without the list that only a person can click on. */
export async function grantByPolicy(): Promise<void> {
  const devices = [{ vendor_id: DEXCOM_VENDOR_ID, product_id: RECEIVER_PRODUCT_ID }];
  const rows = [{ devices, urls: [ORIGIN, DEMO_ORIGIN] }];
  await mkdir(POLICIES, { recursive: true });
  await writeFile(
    join(POLICIES, 'device-lab.json'),
    JSON.stringify({ SerialAllowUsbDevicesForUrls: rows, WebUsbAllowDevicesForUrls: rows }),
  );
}

/** Starts Chromium with a new profile. */
export async function launch(name: string, features: readonly string[]): Promise<BrowserContext> {
  const profile = `/srv/reader/${name}`;
  const { uid, gid } = await readIdentity();
  await mkdir(profile);
  await chown(profile, uid, gid);
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: join(import.meta.dirname, 'chromium-as-reader'),
    timeout: LIMIT_MS,
    args: [
      ...['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
      ...['--disable-background-networking', '--disable-component-update'],
      ...(features.length > 0 ? [`--enable-features=${features.join(',')}`] : []),
    ],
  });
  context.setDefaultTimeout(LIMIT_MS);
  return context;
}

/** Opens the site in a tab. */
export async function openTab(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.goto(ORIGIN);
  return page;
}

/** Calls a function of `in-page.ts` in a tab. */
export async function inPage<T>(page: Page, name: string, ...args: readonly unknown[]): Promise<T> {
  const call = `import('/lab/in-page.ts').then((m) => m.${name}(...${JSON.stringify(args)}))`;
  return await withinLimit(page.evaluate(call) as Promise<T>, name);
}

async function withinLimit<T>(work: Promise<T>, what: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const fail = () =>
      reject(new Error(`The page took more than ${LIMIT_MS / 1000} s for ${what}.`));
    timer = setTimeout(fail, LIMIT_MS);
  });
  return await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
