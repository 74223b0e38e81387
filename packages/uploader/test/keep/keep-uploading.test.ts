import { ShareError } from '@egvkit/share-http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type KeepOptions, UploadError } from '../../src/index.ts';
import { KeepWorld, storedOn } from './support.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const DOWN = new ShareError('unavailable', {
  ...{ host: 'share.example', endpoint: 'x', status: 500 },
  ...{ excerpt: '', outcomeUnknown: false },
});
const REFUSED = new ShareError('credentialsRefused', {
  ...{ host: 'share.example', faultCode: 'AccountPasswordInvalid', advice: 'Check the password.' },
});

/** Unattended uploading that has begun. */
function keep(options: Partial<KeepOptions> = {}) {
  const world = new KeepWorld();
  onTestFinished(() => world.stop());
  const ended = world.start(options);
  const { clock, receiver, share, other } = world;
  return { world, clock, receiver, share, other, ended };
}

describe('unattended uploading', () => {
  it('refuses to begin without a destination, and with two of one name', async () => {
    const { share } = new KeepWorld();
    const one = { name: 'share', destination: share };
    for (const destinations of [[], [one, one]]) {
      await expect(new KeepWorld().start({ destinations })).rejects.toMatchObject({
        code: 'outOfRange',
        message: expect.stringMatching(/^destinations is \[.*\]; it must be at least one/),
      });
    }
  });

  it('brings every reading to every destination within 20 seconds, once, for a day', async () => {
    const { clock, receiver, share, other, world } = keep();
    // The first reading of the receiver finds it empty, and the next comes five minutes later.
    await clock.pass(6 * MINUTE_MS + 20_000);
    for (let i = 0; i < 287; i++) {
      expect(storedOn(share)).toEqual(world.due(0));
      expect(storedOn(other)).toEqual(world.due(0));
      await clock.pass(5 * MINUTE_MS);
    }
    expect(share.stored).toHaveLength(289);
    // One reading of the receiver for each of its own, and those before the first one.
    expect(receiver.opened).toBeLessThanOrEqual(289 + 3);
  });

  it('asks for a receiver that is away every few minutes, says so, and misses nothing', async () => {
    const { clock, receiver, share, world } = keep();
    await clock.pass(HOUR_MS);
    receiver.fault = new UploadError('noSerialNumber', {});
    const before = receiver.opened;
    await clock.pass(3 * HOUR_MS);
    expect(receiver.opened - before).toBeLessThanOrEqual(3 * 12 + 4);
    expect(world.status).toMatchObject({
      lastError: { code: 'noSerialNumber' },
      person: expect.stringContaining('Unplug the receiver'),
    });
    receiver.fault = undefined;
    await clock.pass(6 * MINUTE_MS + 20_000);
    expect(storedOn(share)).toEqual(world.due(20_000));
    expect(world.status).toMatchObject({ lastError: undefined, person: undefined, pending: 0 });
  });

  it('says why a receiver was not read, also if it cannot be closed after that', async () => {
    const world = new KeepWorld();
    onTestFinished(() => world.stop());
    const source: KeepOptions['source'] = async () => ({
      ...(await world.receiver.open()),
      read: () => Promise.reject(new UploadError('noSerialNumber', {})),
      [Symbol.asyncDispose]: () => Promise.reject(new Error('it has gone')),
    });
    world.start({ source });
    await world.clock.pass(1000);
    expect(world.status).toMatchObject({ lastError: { code: 'noSerialNumber' } });
  });

  it('counts what a service that is down lacks, and holds no other back', async () => {
    const { clock, share, other, world } = keep();
    await clock.pass(HOUR_MS);
    const had = share.stored.length;
    const works = share.clockOffset;
    share.clockOffset = () => Promise.reject(DOWN);
    await clock.pass(10 * HOUR_MS);
    expect(storedOn(other)).toEqual(world.due(20_000));
    expect(share.stored).toHaveLength(had);
    const status = world.status.destinations[0];
    expect(status?.lastError?.code).toBe('unavailable');
    expect(status?.pending).toBe(other.stored.length - had);
    share.clockOffset = works;
    await clock.pass(20 * MINUTE_MS);
    expect(storedOn(share)).toEqual(storedOn(other));
    expect(world.status.pending).toBe(0);
  });

  it('knows from the journal what a service that was down from the start lacks', async () => {
    const { clock, share, world } = keep();
    await clock.pass(HOUR_MS);
    share.clockOffset = () => Promise.reject(DOWN);
    world.startAgain();
    await clock.pass(13 * MINUTE_MS);
    const { pending } = world.status.destinations[0] ?? {};
    expect(pending).toBe(world.due(20_000).length - share.stored.length);
    expect(pending).toBeGreaterThan(0);
  });

  it('sends nothing while this computer has a wrong clock, and all at right times afterwards', async () => {
    const { clock, share, world } = keep();
    clock.set(-3 * HOUR_MS);
    await clock.pass(2 * HOUR_MS);
    expect(share.stored).toEqual([]);
    expect(world.status).toMatchObject({
      lastError: { code: 'hostClockWrong' },
      person: expect.stringContaining("Set this computer's clock"),
    });
    clock.set(3 * HOUR_MS);
    await clock.pass(MINUTE_MS);
    expect(storedOn(share)).toEqual(world.due(20_000));
  });

  it('takes nothing for too old because this computer’s clock is set forward while it uploads', async () => {
    const { clock, share, world } = keep();
    await clock.pass(HOUR_MS);
    const { clockOffset } = share;
    share.clockOffset = () => {
      share.clockOffset = clockOffset;
      clock.set(28 * HOUR_MS);
      return clockOffset();
    };
    await clock.pass(5 * MINUTE_MS);
    const told = world.statuses.filter(({ lastError }) => lastError?.code === 'hostClockWrong');
    expect(told[0]?.destinations[0]).toMatchObject({ name: 'share', pending: 1 });
  });

  it('never sends a wrong time, wherever in its work this computer’s clock is set', async () => {
    const { clock, share, world } = keep();
    for (let i = 0; i < 120; i++) {
      // Below the two minutes that stop an upload, back and forth, at ever other moments.
      clock.set(i % 2 === 0 ? 110_000 : -110_000);
      await clock.pass(4 * MINUTE_MS + i * 997);
    }
    await clock.pass(11 * MINUTE_MS);
    const right = new Set(world.due(0).map(({ utcMs }) => utcMs));
    expect(storedOn(share).filter(({ utcMs }) => !right.has(utcMs))).toEqual([]);
    expect(share.stored.length).toBeGreaterThanOrEqual(world.due(11 * MINUTE_MS).length);
  });

  it('says what a person must do about a refused login, and asks every 15 minutes at the most', async () => {
    const { clock, share, world } = keep();
    let asked = 0;
    share.clockOffset = async () => {
      asked++;
      throw REFUSED;
    };
    await clock.pass(5 * HOUR_MS);
    expect(asked).toBeLessThanOrEqual(5 * 4 + 1);
    expect(world.status.person).toContain('Check the password.');
  });

  it('begins anew with another receiver', async () => {
    const { clock, receiver, share, world } = keep();
    await clock.pass(HOUR_MS);
    receiver.serialNumber = 'SM00000002';
    await clock.pass(10 * MINUTE_MS);
    expect(share.prepared?.serialNumber).toBe('SM00000002');
    expect(world.status.source.serialNumber).toBe('SM00000002');
  });

  it('goes on telling after a restart what was known before, until the receiver is read', async () => {
    const { clock, receiver, world } = keep();
    await clock.pass(HOUR_MS);
    const { status: before } = world;
    receiver.fault = new UploadError('noSerialNumber', {});
    void world.startAgain({ before });
    await clock.pass(MINUTE_MS);
    const { status } = world;
    expect(status.startedMs).toBeGreaterThan(before.updatedMs);
    expect(status.lastReading).toEqual(before.lastReading);
    expect(status.source.serialNumber).toBe('SM00000001');
    expect(status.lastSuccessMs).toBe(before.lastSuccessMs);
    // It was read a moment ago: nobody need look at it yet.
    expect(status.person).toBeUndefined();
    receiver.fault = undefined;
    await clock.pass(6 * MINUTE_MS + 20_000);
    expect(world.status.lastReading?.utcMs).toBe(world.due(20_000).at(-1)?.utcMs);
    expect(world.status.lastSuccessMs).toBeGreaterThan(before.updatedMs);
  });

  it('knows nothing after a restart by a clock that is behind what was known', async () => {
    const { clock, receiver, world } = keep();
    await clock.pass(HOUR_MS);
    const { status: before } = world;
    receiver.fault = new UploadError('noSerialNumber', {});
    void world.startAgain({ before: { ...before, updatedMs: clock.nowMs() + 1 } });
    await clock.pass(MINUTE_MS);
    expect(world.status.lastReading).toBeUndefined();
    expect(world.status.lastSuccessMs).toBeUndefined();
  });

  it('takes the status of a monitor that fails for no failure of its own', async () => {
    const { clock, share, world } = keep({
      onStatus: () => Promise.reject(new Error('disk full')),
    });
    await clock.pass(HOUR_MS);
    expect(storedOn(share)).toEqual(world.due(20_000));
  });

  it('ends when it is told to, whatever it is doing, with everything settled', async () => {
    const { clock, share, world, ended } = keep();
    let isPosting = false;
    share.post = (_, { signal }) =>
      new Promise((_, reject) => {
        isPosting = true;
        signal?.addEventListener('abort', () => reject(signal.reason));
      });
    await clock.pass(6 * MINUTE_MS);
    expect(isPosting).toBe(true);
    world.stop();
    await expect(ended).resolves.toBeUndefined();
    expect(world.events.filter(({ kind }) => kind.endsWith('Failed'))).toEqual([]);
  });
});
