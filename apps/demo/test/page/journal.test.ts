import { JOURNAL_CASES } from '@egvkit/contracts/journal';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium, visit } from './browser.ts';
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
    bundle('journal-page.ts'),
  ]);
});

afterAll(async () => {
  await browser.close();
  await site[Symbol.asyncDispose]();
});

const PROMISES = { isExclusive: true, isForAllOwners: true };
const OWNER = { serialNumber: 'SM00000001', target: 'a-service' };
const READING = {
  key: '4:1@1',
  utcMs: 1_764_417_600_000,
  mgDl: 100,
  status: 'inRange',
  value: 100,
  trend: { raw: 4, name: 'Flat' },
  source: 'receiver',
} as const;

describe('indexedDbJournal, in Chromium', () => {
  it('passes every case of the contract', { timeout: 60_000 }, async () => {
    await using visited = await visit(browser, site.origin, { script });
    const outcomes = await visited.page.evaluate(async () => {
      const { cases, run } = window.journals;
      const told: string[] = [];
      for (const [number, says] of cases.entries()) {
        told.push(`${says}: ${(await run(number)) ?? 'passed'}`);
      }
      return told;
    });
    const wanted = JOURNAL_CASES.filter(({ isFor }) => isFor(PROMISES));
    expect(wanted.length).toBeGreaterThan(0);
    expect(outcomes).toEqual(wanted.map(({ says }) => `${says}: passed`));
  });

  it('is held by one tab at a time', async () => {
    await using visited = await visit(browser, site.origin, { script });
    const { page, context } = visited;
    await page.evaluate(async (owner) => {
      await window.journals.indexedDbJournal()(owner);
    }, OWNER);
    const other = await context.newPage();
    await other.goto(`${site.origin}/`);
    const code = () =>
      other.evaluate(
        (owner) =>
          window.journals
            .indexedDbJournal()(owner)
            .then(
              () => 'opened',
              (error: { readonly code?: string }) => error.code ?? String(error),
            ),
        OWNER,
      );
    expect(await code()).toBe('journalLocked');
    await page.close();
    await expect.poll(code).toBe('opened');
  });

  it('has what was planned before its tab was closed without a word', async () => {
    await using visited = await visit(browser, site.origin, { script });
    const { page, context } = visited;
    await page.evaluate(
      async ({ owner, reading }) => {
        const journal = await window.journals.indexedDbJournal()(owner);
        await journal.plan([reading]);
      },
      { owner: OWNER, reading: READING },
    );
    const other = await context.newPage();
    await page.close({ runBeforeUnload: false });
    await other.goto(`${site.origin}/`);
    const pending = await other.evaluate(async (owner) => {
      const journal = await window.journals.indexedDbJournal()(owner);
      return journal.pending();
    }, OWNER);
    expect(pending).toEqual([READING]);
  });

  it.each([
    [
      'its database is removed',
      () =>
        new Promise<void>((resolve, reject) => {
          const request = indexedDB.deleteDatabase('egvkit-uploads');
          request.onsuccess = () => resolve();
          request.onerror = () => reject(request.error);
        }),
    ],
    [
      'its lock is taken over',
      async () => {
        const { held = [] } = await navigator.locks.query();
        const name = held[0]?.name ?? '';
        void navigator.locks.request(name, { steal: true }, () => new Promise(() => {}));
        await new Promise((done) => setTimeout(done, 50));
      },
    ],
    [
      'something else writes to it',
      () =>
        new Promise<void>((resolve, reject) => {
          const request = indexedDB.open('egvkit-uploads');
          request.onerror = () => reject(request.error);
          request.onsuccess = () => {
            const owner = JSON.stringify(['SM00000001', 'a-service']);
            const transaction = request.result.transaction('entries', 'readwrite');
            transaction.objectStore('entries').put({ owner, number: 99, entry: {} });
            transaction.oncomplete = () => resolve();
          };
        }),
    ],
  ])('lets nothing more be posted once %s', async (_, happen) => {
    await using visited = await visit(browser, site.origin, { script });
    const { page } = visited;
    await page.evaluate(
      async ({ owner, reading }) => {
        const journal = await window.journals.indexedDbJournal()(owner);
        await journal.plan([reading]);
        await journal.assertHeld();
        Object.assign(window, { journal });
      },
      { owner: OWNER, reading: READING },
    );
    await page.evaluate(happen);
    const code = await page.evaluate(async () => {
      const { journal } = window as unknown as { journal: { assertHeld(): Promise<void> } };
      return journal.assertHeld().then(
        () => 'held',
        (error: { readonly code?: string }) => error.code,
      );
    });
    expect(code).toBe('journalLost');
  });
});
