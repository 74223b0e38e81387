// The program of the guest: the cases, one after another, on one virtual receiver.
import { existsSync } from 'node:fs';
import type { BrowserContext, Page } from 'playwright-core';
import { grantByPolicy, launch, openTab } from './browser.ts';
import { installRule, isDenied, readsReadings, tellsInfo } from './cases/command-line.ts';
import { readsAndUploads } from './cases/demo-page.ts';
import { readsEverything, readsSpecialBytes, survivesPull, timeOf } from './cases/every-way.ts';
import { refuses, secondTab } from './cases/page.ts';
import { assertThat } from './comparison.ts';
import { FarEnd } from './far-end.ts';
import { makeGadget, PORT, plugIn, replug } from './gadget.ts';
import { plain } from './receivers.ts';
import { report, reportDone } from './report.ts';
import { serveSite } from './site.ts';
import { pageWay, SERIALPORT, type Way } from './ways.ts';

/** Chromium's, by which it takes the system's driver off a device that is claimed. */
const DETACH = 'AutomaticUsbDetach';
const RUNS = 3;
/** A page may take so many times as long as node serialport does. */
const MOST_RATIO = 1.25;

const farEnd = new FarEnd(plain());

async function everyWay(way: Way): Promise<void> {
  await report(`${way.name}: everything`, () => readsEverything(way));
  await report(`${way.name}: pages of 0xFF and FF 00 00`, () => readsSpecialBytes(way, farEnd));
  await report(`${way.name}: cable pulled`, () => survivesPull(way, farEnd));
}

/** The times of a way and of node serialport, in turn, so that what else the computer does meets both. */
async function reportSpeed(way: Way): Promise<void> {
  await report(`${way.name}: speed`, async () => {
    const [own, node]: [number[], number[]] = [[], []];
    for (let round = 0; round < RUNS; round++) {
      // After WebUSB the driver comes back with the next plugging in.
      if (!existsSync(PORT)) await replug();
      node.push(await timeOf(SERIALPORT));
      own.push(await timeOf(way));
    }
    const ratio = medianOf(own) / medianOf(node);
    const listed = (times: readonly number[]) =>
      times.map((ms) => (ms / 1000).toFixed(1)).join(', ');
    const text = `${ratio.toFixed(2)}x of node serialport by the medians (${listed(own)} s; ${listed(node)} s)`;
    assertThat(ratio <= MOST_RATIO, `${text}; at most ${MOST_RATIO}x`);
    return text;
  });
}

const medianOf = (times: readonly number[]): number =>
  times.toSorted((a, b) => a - b)[times.length >> 1] ?? Number.NaN;

async function withoutRule(page: Page): Promise<void> {
  await report('no udev rule: egvkit info', isDenied);
  const words = /udev rule/;
  await report('no udev rule: WebUSB', () => refuses(page, 'webusb', { code: 'denied', words }));
  await report('no udev rule: Web Serial', () =>
    refuses(page, 'webserial', { code: 'held', words: /dialout|udev rule/ }),
  );
}

async function bySerial(browser: BrowserContext, page: Page): Promise<void> {
  await report('udev rule: egvkit info', tellsInfo);
  await report('udev rule: egvkit read egv', readsReadings);
  await everyWay(SERIALPORT);
  const way = pageWay(page, 'webserial');
  await everyWay(way);
  await report('Web Serial: second tab', () => secondTab(browser, page, 'webserial'));
  await report('WebUSB: held by cdc_acm', () =>
    refuses(page, 'webusb', {
      code: 'held',
      words: /serial driver holds the receiver.*Web Serial/,
    }),
  );
  await reportSpeed(way);
  await report('demo page: read and upload', () => readsAndUploads(browser));
}

async function byUsb(browser: BrowserContext, page: Page): Promise<void> {
  const way = pageWay(page, 'webusb');
  await everyWay(way);
  await report('WebUSB: second tab', () => secondTab(browser, page, 'webusb'));
  await reportSpeed(way);
}

await makeGadget();
void farEnd.serve();
await plugIn();
await grantByPolicy();
await serveSite();
console.error('ready');

const plainBrowser = await launch('plain', []);
const plainPage = await openTab(plainBrowser);
await withoutRule(plainPage);
await installRule();
await bySerial(plainBrowser, plainPage);
await plainBrowser.close();

const detaching = await launch('detaching', [DETACH]);
await byUsb(detaching, await openTab(detaching));
await detaching.close();
await replug();

reportDone();
process.exit(0);
