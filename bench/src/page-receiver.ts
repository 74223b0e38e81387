import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from './browser.ts';
import type { PageReading, PageReadingOptions } from './in-page/egv-reading.ts';
import type { Report } from './report.ts';

const SCRIPT = fileURLToPath(new URL('in-page/egv-reading.ts', import.meta.url));
/** More days than the EGV ring of a G4 holds, so that it is full. */
const DAYS = 32; // receiver §12.9
/** Most time of a whole reading for each second that the receiver owes a reply. */
const MOST_FOR_LATENCIES = 1.1;

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [SCRIPT],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2024',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

/** Opens an empty page with the script, on this computer: locks need a secure context. */
async function openPage(browser: Browser, script: string) {
  const server = createServer((request, response) => {
    const isScript = request.url === '/script.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(
      isScript ? script : '<!doctype html><script type="module" src="/script.js"></script>',
    );
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await page.waitForFunction(() => 'readEgvs' in window);
  return {
    page,
    async [Symbol.asyncDispose]() {
      await page.close();
      server.close();
    },
  };
}

async function read(page: Page, options: PageReadingOptions): Promise<PageReading> {
  const reading = await page.evaluate((given) => window.readEgvs(given), options);
  const { records, stored, seconds, latencySeconds } = reading;
  if (records === stored && seconds >= latencySeconds) return reading;
  throw new Error(`${records} of ${stored} records were read in ${seconds} s.`);
}

/** The driver in Chromium against an emulated G4 behind Web Serial and WebUSB, in real time. */
export async function benchPageReceiver(report: Report): Promise<void> {
  report.heading('In Chromium, an emulated G4 behind emulated Web Serial and WebUSB, in real time');
  await using browser = await launchChromium();
  await using opened = await openPage(browser, await bundle());
  for (const way of ['webserial', 'webusb'] as const) {
    // So that the compiler has nothing left to prepare.
    await read(opened.page, { way, days: DAYS, isTimed: false });
    const { seconds, latencySeconds, records } = await read(opened.page, {
      way,
      days: DAYS,
      isTimed: true,
    });
    report.number(`${way}: ${records} EGVs`, seconds, 's');
    report.number(`${way}: the replies alone`, latencySeconds, 's');
    const ratio = seconds / latencySeconds;
    report.atMost(`${way}: time : latencies of the replies`, ratio, MOST_FOR_LATENCIES, 'x');
  }
}
