import { describe, expect, it, onTestFinished } from 'vitest';
import { nightscoutWorld, storedIn } from '../support/nightscout-world.ts';
import { KeepWorld, storedOn } from './support.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Unattended uploading to a Nightscout site, and to a Share-like service as well, on virtual time. */
function keep(version: 1 | 3, hasShare = true) {
  const world = new KeepWorld();
  const { clock, receiver, share } = world;
  const nightscout = nightscoutWorld({
    ...{ version, nowMs: clock.nowMs, sleep: clock.sleep, with: 'token' },
    site: { nowMs: () => receiver.trueMs(), sleep: clock.sleep },
  });
  const { destination } = nightscout;
  onTestFinished(() => world.stop());
  const destinations = [
    ...(hasShare ? [{ name: 'share', destination: share }] : []),
    { name: 'nightscout', destination, windowMs: 7 * 24 * HOUR_MS },
  ];
  // Web Crypto ends at a moment of the system's choice; later the name is known.
  const started = destination.fingerprint().then(() => void world.start({ destinations }));
  return { ...nightscout, world, clock, share, started };
}

describe.each([1, 3] as const)('unattended uploading to Nightscout by version %i', (version) => {
  it('brings every reading within 20 seconds, once, through restarts of the site', async () => {
    const { clock, site, world, started } = keep(version);
    await started;
    await clock.pass(6 * MINUTE_MS + 20_000);
    for (let i = 0; i < 36; i++) {
      expect(storedIn(site)).toEqual(world.due(0));
      if (i % 7 === 3) site.restart();
      await clock.pass(5 * MINUTE_MS);
    }
    expect(world.status).toMatchObject({ lastError: undefined, person: undefined });
  });

  it('fills the gap of an outage of more than a day', async () => {
    const { clock, site, world, started } = keep(version, false);
    await started;
    await clock.pass(HOUR_MS);
    site.failNext({ kind: 'html', status: 503, times: Number.POSITIVE_INFINITY });
    await clock.pass(26 * HOUR_MS);
    expect(world.status).toMatchObject({ lastError: { code: 'unavailable' }, person: undefined });
    expect(world.due(0).length).toBeGreaterThan(storedIn(site).length + 288);
    site.clearFailures();
    await clock.pass(HOUR_MS);
    expect(storedIn(site)).toEqual(world.due(0));
    expect(world.status).toMatchObject({ lastError: undefined, pending: 0 });
  });

  it('asks nothing more once the token was refused, says so, and goes on with Share', async () => {
    const { clock, site, sent, share, world, started } = keep(version);
    await started;
    await clock.pass(HOUR_MS);
    site.removeSubject('uploader');
    await clock.pass(HOUR_MS);
    expect(world.status).toMatchObject({
      lastError: { code: 'refused' },
      person: expect.stringContaining('Correct the token'),
    });
    const { length } = sent.filter(({ url }) => !url.endsWith('/version'));
    const refusals = site.refusals();
    await clock.pass(12 * HOUR_MS);
    expect(sent.filter(({ url }) => !url.endsWith('/version'))).toHaveLength(length);
    expect(site.refusals()).toBe(refusals);
    expect(storedOn(share)).toEqual(world.due(0));
  });
});
