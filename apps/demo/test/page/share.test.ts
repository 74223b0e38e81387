import type { Browser, Page } from 'playwright-core';
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
import { ACCOUNT, type Site, serveSite } from './site.ts';
import { serveStatic } from './static-site.ts';
import './patience.ts';

let browser: Browser;
let script: string;

beforeAll(async () => {
  [browser, script] = await Promise.all([launchChromium(), bundle('fake-devices.ts')]);
});

afterAll(() => browser.close());

const MINUTE_MS = 60_000;

/** Logs in on the page that is shown; the account of the emulated service is filled in. */
async function logIn(page: Page, password?: string): Promise<void> {
  if (password !== undefined) await page.getByLabel('Password').fill(password);
  await button(page, 'Log in').click();
}

async function upload(page: Page): Promise<string> {
  const again = button(page, 'Upload again');
  const assign = page.getByRole('checkbox');
  await again.or(assign).waitFor();
  // Once readings were taken, the receiver is the account's: nothing is asked any more.
  if ((await again.count()) === 0) await assign.check();
  await button(page, /^Upload (now|again)$/).click();
  const note = page.locator('.note.good, .note.problem').last();
  await note.waitFor();
  return (await note.innerText()).replace(/\s+/g, ' ');
}

/** A page with a receiver that was read, before the form to log in. */
async function beforeUpload(site: Site, page: Page): Promise<void> {
  await readDevice(page);
  await goTo(page, 'Upload');
  await page.getByText(/\d+ readings, /).waitFor();
  expect(site.service.readings(ACCOUNT.name)).toEqual([]);
}

describe('uploading', () => {
  it('brings every reading of the day to the account, once, and proves it', async () => {
    await using site = await serveSite();
    await using visited = await visit(browser, site.origin, { script });
    const { page } = visited;
    await beforeUpload(site, page);
    const plan = await shown(page, '.plan-card');
    const planned = Number(/(\d+) readings,/.exec(plan)?.[1]);
    expect(planned).toBeGreaterThan(200);
    expect(plan).toMatch(/Not sent .*with a state of the sensor instead of a value/);
    await logIn(page);
    const told = await upload(page);
    expect(told).toContain(`${planned} readings uploaded`);
    expect(told).toContain(
      `${planned} came back from the service with the same value, time and trend`,
    );
    expect(site.service.readings(ACCOUNT.name)).toHaveLength(planned);
    expect(await upload(page)).toContain('0 readings uploaded');
    expect(site.service.readings(ACCOUNT.name)).toHaveLength(planned);
    expectNoComplaints(visited);
  });

  it('goes on after a reload in its middle: nothing is lost, nothing is there twice', async () => {
    await using site = await serveSite();
    await using visited = await visit(browser, site.origin, { script });
    const { page } = visited;
    await beforeUpload(site, page);
    await logIn(page);
    await page.getByRole('checkbox').check();
    // The second post is carried out, and its answer never comes.
    let posts = 0;
    const hanging = Promise.withResolvers<void>();
    site.service.onRequest(({ phase, endpoint }) => {
      if (endpoint !== 'PostReceiverEgvRecords' || phase !== 'committed') return;
      posts++;
      if (posts === 1) {
        site.service.failNext({ kind: 'hang', when: 'after', endpoint: 'PostReceiverEgvRecords' });
      } else if (posts === 2) hanging.resolve();
    });
    await button(page, 'Upload now').click();
    await hanging.promise;
    const before = site.service.readings(ACCOUNT.name).length;
    expect(before).toBeGreaterThan(1);
    expect(before).toBeLessThan(200);
    await page.reload();
    await page.getByRole('heading', { level: 1 }).waitFor();
    await goTo(page, 'Readings');
    await readDevice(page);
    await goTo(page, 'Upload');
    await logIn(page);
    expect(await upload(page)).toContain('readings uploaded');
    const times = site.service.readings(ACCOUNT.name).map(({ wtMs }) => wtMs);
    expect(times.length).toBeGreaterThan(200);
    expect(new Set(times).size).toBe(times.length);
  });

  it('can be cancelled, and goes on from there', async () => {
    await using site = await serveSite();
    await using visited = await visit(browser, site.origin, { script });
    const { page } = visited;
    await beforeUpload(site, page);
    await logIn(page);
    await page.getByRole('checkbox').check();
    site.service.failNext({
      kind: 'latency',
      ms: 1500,
      endpoint: 'PostReceiverEgvRecords',
      times: 2,
    });
    await button(page, 'Upload now').click();
    await page.getByText(/Uploading [1-9]\d* of/).waitFor();
    await button(page, 'Cancel').click();
    await page.getByText(/^Cancelled after \d+ reading/).waitFor();
    expect(await upload(page)).toContain('readings uploaded');
    const times = site.service.readings(ACCOUNT.name).map(({ wtMs }) => wtMs);
    expect(new Set(times).size).toBe(times.length);
  });

  it('sends nothing of an emulated receiver to a real account, whenever that was logged in', async () => {
    await using site = await serveSite();
    // A region that is real to the page; its calls go to the emulated service.
    const script = `
      const real = fetch;
      let emulated;
      window.fetch = async (url, init) => {
        if (url !== 'services.json') {
          return real(String(url).replace('/share2.dexcom.com/', '/' + emulated + '/'), init);
        }
        const { services } = await (await real(url, init)).json();
        emulated = new URL(services[0].origin).host;
        return Response.json({ services: [...services, { kind: 'dexcom', region: 'us' }] });
      };`;
    await using visited = await visit(browser, site.origin, { script });
    const { page } = visited;
    await goTo(page, 'Follow');
    await page.getByLabel('Region').selectOption('us');
    await page.getByLabel('Account name').fill(ACCOUNT.name);
    await logIn(page, ACCOUNT.password);
    await button(page, 'Log out').waitFor();
    await goTo(page, 'Readings');
    await readEmulated(page);
    await goTo(page, 'Upload');
    await page.getByText(/\d+ readings, /).waitFor();
    expect(await button(page, 'Upload now').count()).toBe(0);
    expect(await shown(page)).toContain(
      'Readings of an emulated receiver go to an emulated service only.',
    );
    await button(page, 'Log out').click();
    expect(await page.getByLabel('Region').locator('option').count()).toBe(2);
    await logIn(page);
    expect(await upload(page)).toContain('readings uploaded');
  });

  it('is refused in words while this computer and the service have other times', async () => {
    const now = () => Date.now() + 30 * MINUTE_MS;
    await using site = await serveSite({ share: { accounts: [ACCOUNT], now } });
    await using visited = await visit(browser, site.origin, { script });
    const { page } = visited;
    await beforeUpload(site, page);
    await logIn(page);
    expect(await upload(page)).toContain("This computer's clock is wrong, so nothing was uploaded");
    expect(site.service.readings(ACCOUNT.name)).toEqual([]);
  });

  it('says so when the receiver is pulled out meanwhile', async () => {
    await using site = await serveSite();
    await using visited = await visit(browser, site.origin, { script });
    const { page } = visited;
    await beforeUpload(site, page);
    await logIn(page);
    await page.getByRole('checkbox').check();
    await page.evaluate(() => {
      window.lab.replyDelayMs = 200;
    });
    await button(page, 'Upload now').click();
    await page.getByRole('progressbar').waitFor();
    await page.evaluate(() => window.lab.unplug());
    await page.getByRole('alert').getByText('The receiver was unplugged.').waitFor();
    await page.getByText('Connect a receiver first.').waitFor();
  });

  it('takes no other receiver’s place unless it is told to', async () => {
    const accounts = [{ ...ACCOUNT, receiver: 'SM99999999', monitoring: true }];
    await using site = await serveSite({ share: { accounts } });
    await using visited = await visit(browser, site.origin, { script });
    const { page } = visited;
    await beforeUpload(site, page);
    await logIn(page);
    expect(await page.getByRole('checkbox').isChecked()).toBe(false);
    await button(page, 'Upload now').click();
    await page.getByText('The account does not take readings from this receiver.').waitFor();
    expect(site.service.account(ACCOUNT.name)).toMatchObject({ receiver: 'SM99999999' });
    expect(await upload(page)).toContain('readings uploaded');
  });

  it('says that the service is away, and works when it is back', async () => {
    await using site = await serveSite();
    await using visited = await visit(browser, site.origin, { script });
    const { page } = visited;
    await beforeUpload(site, page);
    await logIn(page);
    await page.getByText(`Logged in as ${ACCOUNT.name}`).waitFor();
    site.service.failNext({ kind: 'html', status: 503, times: 100 });
    expect(await upload(page)).toContain('The service is not working at the moment.');
    site.service.clearFailures();
    expect(await upload(page)).toContain('readings uploaded');
  });

  it('offers readings that are made up to no real account', async () => {
    await using site = await serveSite({ regions: ['us', 'ous'] });
    await using visited = await visit(browser, site.origin);
    const { page } = visited;
    const options = () => page.getByLabel('Region').locator('option').allInnerTexts();
    await goTo(page, 'Upload');
    expect(await options()).toContain('United States');
    await goTo(page, 'Readings');
    await readEmulated(page);
    await goTo(page, 'Upload');
    expect(new Set(await options())).toEqual(new Set(['Emulated service']));
  });
});

const WATCH_SHIFTS = `
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const { value, sources } of list.getEntries()) {
      const moved = sources.map(({ node }) => node?.className || node?.nodeName).join(', ');
      window.shifts.push({ value, moved });
    }
  }).observe({ type: 'layout-shift', buffered: true });`;

describe('the way from the receiver to a follower', () => {
  it.each([
    [1280, 900],
    [360, 740],
    [320, 640],
  ])(
    'moves nothing that is shown, right after a click neither, %i by %i',
    async (width, height) => {
      await using site = await serveSite();
      await using visited = await visit(browser, site.origin, {
        script: WATCH_SHIFTS,
        width,
        height,
      });
      const { page } = visited;
      const shifts: string[] = [];
      const settled = async (state: string): Promise<void> => {
        await page.evaluate(
          () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
        );
        const seen = await page.evaluate(() => {
          const { shifts } = window as unknown as { shifts: { value: number; moved: string }[] };
          return shifts.splice(0);
        });
        const sum = seen.reduce((total, { value }) => total + value, 0);
        if (sum >= 0.005)
          shifts.push(`${state}: ${sum.toFixed(4)}: ${seen.map((one) => one.moved)}`);
      };
      await settled('connect');
      await readEmulated(page);
      await settled('read');
      await goTo(page, 'Upload');
      await page.locator('.plan').waitFor({ state: 'attached' });
      await settled('plan');
      await logIn(page);
      await button(page, 'Upload now').waitFor();
      await settled('logged in');
      await button(page, 'Upload now').click();
      await page.getByText('readings uploaded').waitFor();
      await settled('uploaded');
      await page.getByRole('link', { name: 'See what followers see' }).click();
      await button(page, 'Start following').waitFor();
      // The page begins at its top, wherever the one before was.
      expect(await page.evaluate(() => scrollY)).toBe(0);
      await settled('follow');
      site.service.failNext({
        kind: 'latency',
        ms: 800,
        endpoint: 'ReadPublisherLatestGlucoseValues',
      });
      await button(page, 'Start following').click();
      await page.getByText('Waiting for the first answer…').waitFor();
      await page.locator('.newest .number').waitFor();
      await settled('following');
      await goTo(page, 'Followers');
      await page.getByText('Nobody follows this account.').waitFor();
      await settled('followers');
      await page.getByText('The emulated service sends no e-mail.').waitFor();
      await page.getByLabel('Name of the follower').fill('Grandma');
      await page.getByLabel('E-mail address').fill('grandma@example.invalid');
      await page.getByLabel('Your name, as the follower sees it').fill('Ann');
      await settled('filled in');
      await button(page, 'Invite').click();
      await page.getByText('Grandma has been invited.').waitFor();
      await page.locator('.people li').waitFor();
      await settled('invited');
      expect(shifts).toEqual([]);
    },
  );
});

describe('logging in', () => {
  it('says that a password is wrong, sends it once, and takes the right one', async () => {
    await using site = await serveSite();
    await using visited = await visit(browser, site.origin);
    const { page } = visited;
    let logins = 0;
    site.service.onRequest(({ phase, endpoint }) => {
      if (phase === 'received' && /^(?:Login|Authenticate)/.test(endpoint)) logins++;
    });
    await goTo(page, 'Follow');
    await logIn(page, 'wrong');
    await page.getByText('The service refused this account name and password.').waitFor();
    const sent = logins;
    await logIn(page, 'wrong');
    await page.getByText('This name and password were refused before').waitFor();
    expect(logins).toBe(sent);
    await page.reload();
    await goTo(page, 'Follow');
    await logIn(page, 'wrong');
    await page.getByText('This name and password were refused before').waitFor();
    expect(logins).toBe(sent);
    await logIn(page, ACCOUNT.password);
    await page.getByText(`Logged in as ${ACCOUNT.name}`).waitFor();
  });

  it('says until when a locked account is left alone', async () => {
    await using site = await serveSite({
      share: { accounts: [ACCOUNT], options: { lockAfterRefusals: 1 } },
    });
    await using visited = await visit(browser, site.origin);
    const { page } = visited;
    await goTo(page, 'Follow');
    await logIn(page, 'wrong');
    await page.getByRole('alert').waitFor();
    await logIn(page, 'wrong too');
    await page.getByText('The service has locked this account').waitFor();
  });

  it('says that the service cannot be reached', async () => {
    await using site = await serveSite();
    await using visited = await visit(browser, site.origin);
    const { page } = visited;
    await goTo(page, 'Follow');
    await site.stopService();
    await logIn(page);
    await page.getByRole('alert').waitFor();
    expect(await shown(page)).toMatch(/cannot be reached|is not working at the moment/);
  });

  it('keeps the password in memory only, and forgets it', async () => {
    await using site = await serveSite();
    await using visited = await visit(browser, site.origin);
    const { page } = visited;
    await goTo(page, 'Follow');
    await logIn(page);
    await page.getByText(`Logged in as ${ACCOUNT.name}`).waitFor();
    const state = await visited.context.storageState({ indexedDB: true });
    expect(JSON.stringify(state)).not.toContain(ACCOUNT.password);
    await button(page, 'Log out').click();
    await page.getByLabel('Password').waitFor();
  });

  it('is for the service in the page where there is no relay, which is said', async () => {
    await using site = await serveStatic();
    await using visited = await visit(browser, site.origin);
    const { page } = visited;
    await goTo(page, 'Follow');
    await page.getByText('This copy of the page cannot talk to Dexcom Share').waitFor();
    await page.getByText('run “npx egvkit web”').waitFor();
    await logIn(page);
    await page.getByText('Logged in as wearer').waitFor();
    expectNoComplaints(visited);
  });
});

describe('following', () => {
  const reading = (minutes: number, mgDl: number) => {
    const utcMs = Math.floor(Date.now() / 1000) * 1000 - minutes * MINUTE_MS;
    const times = { stMs: utcMs, dtMs: utcMs, wtMs: utcMs };
    return { serialNumber: 'SM00000001', ...times, trend: 5, mgDl };
  };

  it('shows the newest reading with its trend and age, and the last 24 hours', async () => {
    await using site = await serveSite();
    site.service.addReadings(ACCOUNT.name, [reading(12, 140), reading(7, 130), reading(2, 121)]);
    await using visited = await visit(browser, site.origin);
    const { page } = visited;
    await goTo(page, 'Follow');
    await logIn(page);
    await button(page, 'Start following').click();
    await page.getByText('falling slowly').waitFor();
    expect(await shown(page, '.newest')).toMatch(/121 mg\/dL falling slowly · 2 min/);
    await page.getByRole('application', { name: /: 3 readings$/ }).waitFor();
    await button(page, 'Stop following').click();
    await button(page, 'Start following').waitFor();
    expectNoComplaints(visited);
  });

  it('shows new ones as they come, in the table as well', async () => {
    let aheadMs = 0;
    await using site = await serveSite({ share: { now: () => Date.now() + aheadMs } });
    site.service.addReadings(ACCOUNT.name, [reading(6, 140), reading(1, 130)]);
    await using visited = await visit(browser, site.origin, { hasClock: true });
    const { page } = visited;
    await goTo(page, 'Follow');
    await logIn(page);
    await button(page, 'Start following').click();
    await page.locator('.newest .number').getByText('130').waitFor();
    await button(page, 'Table').click();
    const rows = page.locator('.table tbody tr');
    expect(await rows.allInnerTexts()).toEqual([
      expect.stringMatching(/130.*falling slowly/s),
      expect.stringMatching(/140.*falling slowly/s),
    ]);
    // Nothing is new yet: the page goes on asking.
    const pass = async (minutes: number): Promise<void> => {
      aheadMs += minutes * MINUTE_MS;
      await page.clock.fastForward(minutes * MINUTE_MS);
    };
    await pass(4);
    expect(await shown(page, '.newest')).toContain('130');
    site.service.addReadings(ACCOUNT.name, [reading(-4, 119)]);
    const newest = async (): Promise<string> => {
      await pass(1);
      return await page.locator('.newest .number').innerText();
    };
    await expect.poll(newest, { timeout: 60_000 }).toBe('119');
    expect(await rows.count()).toBe(3);
    expect(await rows.first().innerText()).toMatch(/119.*falling slowly/s);
    await button(page, 'Chart').click();
    await page.getByRole('application', { name: /: 3 readings$/ }).waitFor();
    expectNoComplaints(visited);
  });

  it('shows a state of the sensor as such, and LOW and HIGH without a unit', async () => {
    await using site = await serveSite();
    site.service.addReadings(ACCOUNT.name, [reading(12, 130), reading(7, 401), reading(2, 10)]);
    await using visited = await visit(browser, site.origin);
    const { page } = visited;
    await goTo(page, 'Follow');
    await logIn(page);
    await button(page, 'Start following').click();
    const newest = page.locator('.newest');
    await newest.getByText('The sensor gives no value at the moment.').waitFor();
    expect(await shown(page, '.newest')).toMatch(/^Newest reading – The sensor gives no value/);
    await button(page, 'Table').click();
    expect(await page.locator('.table tbody tr').allInnerTexts()).toEqual([
      expect.stringMatching(/HIGH/),
      expect.stringMatching(/130/),
    ]);
    await button(page, 'Stop following').click();
    site.service.addReadings(ACCOUNT.name, [reading(1, 39)]);
    await button(page, 'Start following').click();
    await newest.getByText('LOW', { exact: true }).waitFor();
    expect(await shown(page, '.newest')).toMatch(/LOW falling slowly/);
    expectNoComplaints(visited);
  });

  it('shows the last 24 hours only, however long nothing new has come', async () => {
    let aheadMs = 0;
    await using site = await serveSite({ share: { now: () => Date.now() + aheadMs } });
    const hours = [23, 20, 1].map((before) => reading(before * 60, 100 + before));
    site.service.addReadings(ACCOUNT.name, hours);
    await using visited = await visit(browser, site.origin, { hasClock: true });
    const { page } = visited;
    await goTo(page, 'Follow');
    await logIn(page);
    await button(page, 'Start following').click();
    await page.getByRole('application', { name: /: 3 readings$/ }).waitFor();
    aheadMs = 12 * 60 * MINUTE_MS;
    await page.clock.fastForward(aheadMs);
    await page.getByRole('application', { name: /: 1 reading$/ }).waitFor();
    expect(await shown(page, '.newest')).toMatch(/101 .* No newer reading for 13 hours/);
    await button(page, 'Table').click();
    expect(await page.locator('.table tbody tr').count()).toBe(1);
  });

  it('says that a reading is old, and that nothing is shared', async () => {
    await using site = await serveSite();
    await using visited = await visit(browser, site.origin);
    const { page } = visited;
    await goTo(page, 'Follow');
    await logIn(page);
    await button(page, 'Start following').click();
    await page.getByText('The account has shared nothing in the last 24 hours.').waitFor();
    await button(page, 'Stop following').click();
    site.service.addReadings(ACCOUNT.name, [reading(45, 300)]);
    await button(page, 'Start following').click();
    await page.getByText('No newer reading for 45 minutes.').waitFor();
  });
});

describe('followers', () => {
  it('are paused and resumed', async () => {
    await using site = await serveSite();
    await using visited = await visit(browser, site.origin);
    const { page } = visited;
    await goTo(page, 'Followers');
    await logIn(page);
    await page.getByLabel('Name of the follower').fill('Grandma');
    await page.getByLabel('E-mail address').fill('grandma@example.invalid');
    await page.getByLabel('Your name, as the follower sees it').fill('Ann');
    // The browser may have dropped the body by the time that a response is looked at.
    const invited = Promise.withResolvers<string>();
    await page.route(/CreateSubscriptionInvitation/, async (route) => {
      const response = await route.fetch();
      invited.resolve(String(await response.json()));
      await route.fulfill({ response });
    });
    await button(page, 'Invite').click();
    await site.service.acceptInvitation(await invited.promise);
    // A visit is enough to see that the invitation was accepted.
    await goTo(page, 'Follow');
    await goTo(page, 'Followers');
    const person = page.locator('.people li');
    await person.getByText('follows').waitFor();
    await person.getByRole('button', { name: 'Pause' }).click();
    await person.getByText('paused').waitFor();
    await person.getByRole('button', { name: 'Resume' }).click();
    await person.getByText('follows').waitFor();
  });

  it('are asked for again when that has failed', async () => {
    await using site = await serveSite();
    await using visited = await visit(browser, site.origin);
    const { page } = visited;
    await goTo(page, 'Follow');
    await logIn(page);
    await button(page, 'Log out').waitFor();
    site.service.failNext({ kind: 'html', status: 503, times: 100 });
    await goTo(page, 'Followers');
    await page.getByRole('alert').getByText('The service is not working').waitFor();
    site.service.clearFailures();
    await button(page, 'Try again').click();
    await page.getByText('Nobody follows this account.').waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('of one account are not shown to the next, however late they come', async () => {
    const other = { name: 'bob', password: 'other horse' };
    await using site = await serveSite({ share: { accounts: [ACCOUNT, other] } });
    await using visited = await visit(browser, site.origin);
    const { page } = visited;
    await goTo(page, 'Followers');
    await logIn(page);
    await page.getByText('Nobody follows this account.').waitFor();
    await page.getByLabel('Name of the follower').fill('Grandma');
    await page.getByLabel('E-mail address').fill('grandma@example.invalid');
    await page.getByLabel('Your name, as the follower sees it').fill('Ann');
    const listed = Promise.withResolvers<void>();
    let lists = 0;
    await page.route(/ListPublisherAccountSubscriptions/, async (route) => {
      lists++;
      if (lists === 1) await listed.promise;
      await route.continue();
    });
    await button(page, 'Invite').click();
    await expect.poll(() => lists).toBe(1);
    await button(page, 'Log out').click();
    await page.getByLabel('Account name').fill(other.name);
    await logIn(page, other.password);
    await page.getByText('Nobody follows this account.').waitFor();
    const late = page.waitForResponse(/ListPublisherAccountSubscriptions/);
    listed.resolve();
    await (await late).finished();
    await page.waitForTimeout(300);
    expect(await page.locator('.people li').count()).toBe(0);
  });

  it('are invited and removed, and their names are text whatever is in them', async () => {
    await using site = await serveSite();
    await using visited = await visit(browser, site.origin);
    const { page } = visited;
    await goTo(page, 'Followers');
    await logIn(page);
    await page.getByText('Nobody follows this account.').waitFor();
    const name = '<b>Grandma</b>';
    await page.getByLabel('Name of the follower').fill(name);
    await page.getByLabel('E-mail address').fill('grandma@example.invalid');
    await page.getByLabel('Your name, as the follower sees it').fill('Ann');
    await button(page, 'Invite').click();
    await page.getByText(`${name} has been invited.`).waitFor();
    const person = page.locator('.people li');
    expect(await person.innerText()).toContain('invited');
    await person.getByRole('button', { name: 'Remove' }).click();
    await page.getByText(`Remove ${name}?`).waitFor();
    await person.getByRole('button', { name: 'Keep' }).click();
    await person.getByRole('button', { name: 'Remove' }).click();
    await person.getByRole('button', { name: 'Remove' }).click();
    await page.getByText('Nobody follows this account.').waitFor();
    expectNoComplaints(visited);
  });
});
