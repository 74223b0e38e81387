import { createServer } from 'node:net';
import { serveNightscout } from '@egvkit/nightscout-emulator/node';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { NightscoutError, nightscoutDestination } from '../src/destinations/nightscout/index.ts';
import { memoryJournal, runUpload, verifyUpload } from '../src/index.ts';
import { API_SECRET, nightscoutWorld, storedIn } from './support/nightscout-world.ts';
import { NOW_MS, planned, readings, STILL, sourceOf } from './support/world.ts';

const call = { serialNumber: 'SM00000001' };
const reading = planned(1, NOW_MS - 60_000, 100);
const site = { url: 'https://site.example', apiSecret: API_SECRET };

async function failureOf(work: Promise<unknown>): Promise<NightscoutError> {
  const error = await work.catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(NightscoutError);
  return error as NightscoutError;
}

/** A destination whose every request gets this answer. */
const answering = (make: () => Response | Promise<Response>, options: object = {}) =>
  nightscoutDestination({
    ...site,
    fetch: async () => await make(),
    nowMs: () => NOW_MS,
    ...options,
  });

const page = (status: number) => () =>
  new Response('<!DOCTYPE html><h1>Welcome</h1>', {
    ...{ status, headers: { 'content-type': 'text/html' } },
  });

describe('an answer', () => {
  it.each([
    [200, 'notNightscout', 'badAnswer', true],
    [403, 'rejected', 'rejected', false],
    [404, 'notNightscout', 'notNightscout', true],
    [408, 'unavailable', 'unavailable', true],
    [413, 'rejected', 'rejected', false],
    [429, 'rateLimited', 'rateLimited', true],
    [500, 'unavailable', 'unavailable', true],
    [503, 'unavailable', 'unavailable', true],
    [302, 'redirected', 'redirected', true],
  ])(
    'of a web page with HTTP %i is %s to a read, %s to a post',
    async (status, read, post, retryable) => {
      const destination = answering(page(status));
      const reads = [() => destination.clockOffset({}), () => destination.readBack!.read({})];
      for (const readOnce of reads) {
        expect(await failureOf(readOnce())).toMatchObject({
          code: read,
          retryable,
          outcomeUnknown: false,
        });
      }
      const error = await failureOf(destination.post([reading], call));
      expect(error).toMatchObject({ code: post, retryable });
      const isUnknown = [200, 408, 500, 503].includes(status);
      expect(destination.mayHaveArrived(error)).toBe(isUnknown);
    },
  );

  it('of other JSON is no answer', async () => {
    const destination = answering(() => Response.json({ status: 'fine' }));
    expect(await failureOf(destination.clockOffset({}))).toMatchObject({ code: 'badAnswer' });
    expect(await failureOf(destination.readBack!.read({}))).toMatchObject({ code: 'badAnswer' });
    const error = await failureOf(destination.post([reading], call));
    expect(error).toMatchObject({ code: 'badAnswer', outcomeUnknown: true });
  });

  it.each([
    ['7', 7000],
    ['0', 0],
    [new Date(NOW_MS + 90_000).toUTCString(), 90_000],
    ['999999999', 86_400_000],
    ['soon', 60_000],
  ])('with Retry-After %s asks for a wait of %i ms', async (header, retryAfterMs) => {
    const headers = { 'retry-after': header };
    const limited = answering(() => new Response('', { status: 429, headers }));
    expect(await failureOf(limited.readBack!.read({}))).toMatchObject({ data: { retryAfterMs } });
    const away = answering(() => new Response('', { status: 503, headers }));
    const { data } = await failureOf(away.readBack!.read({}));
    expect(data).toMatchObject(header === 'soon' ? {} : { retryAfterMs });
  });

  it('that is too long is given up as soon as it is', async () => {
    let pulled = 0;
    const endless = () =>
      new Response(
        new ReadableStream({
          pull(controller) {
            pulled++;
            controller.enqueue(new Uint8Array(1024));
          },
        }),
      );
    const destination = answering(endless, { maxAnswerBytes: 4096 });
    expect(await failureOf(destination.readBack!.read({}))).toMatchObject({
      ...{ code: 'badAnswer', message: expect.stringContaining('longer than 4096 bytes') },
    });
    expect(pulled).toBeLessThan(10);
  });
});

describe('a site that cannot be reached', () => {
  it('is unreachable, and nothing has arrived', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((listening) => server.once('listening', listening));
    const { port } = server.address() as { port: number };
    await new Promise((closed) => server.close(closed));
    const destination = nightscoutDestination({ ...site, url: `http://127.0.0.1:${port}` });
    const error = await failureOf(destination.post([reading], call));
    expect(error).toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('nothing answers at that address (ECONNREFUSED).'),
      help: 'Check the network and the address, and try again.',
    });
    expect(destination.mayHaveArrived(error)).toBe(false);
  });

  it.each([
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'unreachable', 'not trusted here', 'NODE_EXTRA_CA_CERTS'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'unreachable', 'for another name', 'Check the address'],
    // An alert comes at any time, also when the post has been carried out.
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'connectionLost', 'not accepted', 'Check'],
    ['UND_ERR_SOCKET', 'connectionLost', 'closed from the other side', 'Check the network'],
    [undefined, 'connectionLost', 'no reason was given', 'ENABLE=cors'],
  ] as const)(
    'says of a post that fails with %s what is known',
    async (systemCode, code, reason, advice) => {
      const destination = nightscoutDestination({
        ...{ ...site, url: 'https://site.example' },
        fetch: async () => {
          throw new TypeError('fetch failed', { cause: { code: systemCode } });
        },
      });
      const error = await failureOf(destination.post([reading], call));
      expect(error).toMatchObject({
        code,
        message: expect.stringContaining(reason),
        help: expect.stringContaining(advice),
      });
      expect(destination.mayHaveArrived(error)).toBe(code === 'connectionLost');
    },
  );

  it('is not even tried at a port that fetch refuses', () => {
    expect(() => nightscoutDestination({ ...site, url: 'http://localhost:6000' })).toThrow(
      'The port of the Nightscout site is 6000; it must be one that fetch connects to',
    );
  });

  it('is waited for no longer than the limit, and a post may have arrived', async () => {
    const server = createServer(() => {}).listen(0, '127.0.0.1');
    await new Promise((listening) => server.once('listening', listening));
    onTestFinished(() => void server.close());
    const { port } = server.address() as { port: number };
    const url = `http://127.0.0.1:${port}`;
    const destination = nightscoutDestination({ ...site, url, timeoutMs: 50 });
    const error = await failureOf(destination.post([reading], call));
    expect(error).toMatchObject({ code: 'timeout', outcomeUnknown: true, data: { afterMs: 50 } });
    expect(await failureOf(destination.readBack!.read({}))).toMatchObject({
      ...{ code: 'timeout', outcomeUnknown: false },
    });
  });

  it('is waited for as long as it takes without a limit', async () => {
    const fetch = async () => {
      await new Promise((later) => setTimeout(later, 20));
      return Response.json([]);
    };
    const options = { ...site, fetch, timeoutMs: Number.POSITIVE_INFINITY };
    expect(await nightscoutDestination(options).readBack!.read({})).toEqual([]);
  });

  it.each([0, -5, Number.NaN])('has no limit of %d ms', async (timeoutMs) => {
    const destination = nightscoutDestination({ ...site, timeoutMs });
    await expect(destination.readBack!.read({})).rejects.toMatchObject({
      ...{ code: 'outOfRange', data: { value: timeoutMs } },
    });
  });

  it('is waited for by the time of whoever asks, in no time at all', async () => {
    const slept: number[] = [];
    const destination = nightscoutDestination({
      ...site,
      fetch: () => new Promise(() => {}),
      sleep: async (ms) => void slept.push(ms),
    });
    expect(await failureOf(destination.readBack!.read({}))).toMatchObject({ code: 'timeout' });
    expect(slept).toEqual([30_000]);
  });

  it.each([1, 3] as const)('is left at once when told to, by version %i', async (version) => {
    const world = nightscoutWorld({ version });
    world.site.failNext({ kind: 'hang', when: 'before', times: Number.POSITIVE_INFINITY });
    const stop = new AbortController();
    const work = world.destination.readBack!.read({ signal: stop.signal });
    stop.abort(new Error('stopped by the user'));
    await expect(work).rejects.toThrow('stopped by the user');
    await expect(
      world.destination.post([reading], { ...call, signal: stop.signal }),
    ).rejects.toThrow('stopped by the user');
  });
});

it.each(['none', 'dated'] as const)('a site is too old for version 3: %s', async (api3) => {
  const { destination } = nightscoutWorld({ version: 3, site: { options: { api3 } } });
  const asking = api3 === 'none' ? destination.clockOffset({}) : destination.readBack!.read({});
  expect(await failureOf(asking)).toMatchObject({ code: 'siteTooOld', retryable: false });
});

it('a site of 2020 with version 3 works', async () => {
  const world = nightscoutWorld({
    version: 3,
    site: {
      ...{ options: { api3: 'bare' }, nowMs: () => NOW_MS },
      subjects: [{ name: 'uploader', roles: ['admin'] }],
    },
  });
  const { destination } = world;
  expect(await destination.clockOffset({})).toEqual({ offsetMs: 0, uncertaintyMs: 0 });
  await destination.prepare({ ...call, assign: false });
  expect(await destination.post([reading], call)).toBe('posted');
  expect(await destination.post([reading], call)).toBe('duplicate');
  expect(await destination.readBack!.read({})).toHaveLength(1);
});

it.each([1, 3] as const)(
  'a site by version %i has every reading once and as it was, whatever happens on the way',
  async (version) => {
    const kinds = [
      { kind: 'drop', when: 'before' },
      { kind: 'drop', when: 'after' },
      { kind: 'truncate' },
      { kind: 'html', status: 502 },
      { kind: 'html', status: 504, when: 'after' },
      { kind: 'html', status: 200, when: 'after' },
    ] as const;
    const calls = [`v${version} create`, `v${version} read`, undefined] as const;
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            failure: fc.constantFrom(...kinds),
            call: fc.constantFrom(...calls),
            jitterMs: fc.integer({ min: -1000, max: 1000 }),
            restart: fc.boolean(),
          }),
          { maxLength: 6 },
        ),
        async (steps) => {
          const world = nightscoutWorld({ version });
          const journal = memoryJournal();
          const upload = (jitterMs: number) =>
            runUpload({
              ...{
                source: sourceOf(readings(5), jitterMs),
                destination: world.destination,
                journal,
              },
              ...{ ...STILL, batchSize: 2 },
            });
          for (const { failure, call: name, jitterMs, restart } of steps) {
            if (restart) world.site.restart();
            world.site.failNext({ ...failure, ...(name && { call: name }), times: 2 });
            await upload(jitterMs).catch((error) => expect(error.retryable).toBe(true));
          }
          world.site.clearFailures();
          const result = await upload(0);
          expect(storedIn(world.site).map(({ value }) => value)).toEqual([80, 81, 82, 83, 84]);
          expect(await verifyUpload(result, world.destination)).toMatchObject({
            ...{ same: 5, missing: [], different: [] },
          });
        },
      ),
      { numRuns: 30 },
    );
  },
);

it('an outage over HTTP leaves nothing doubled and nothing missing', async () => {
  const { site: emulated, token } = nightscoutWorld();
  await using server = await serveNightscout(emulated);
  const journal = memoryJournal();
  for (const version of [1, 3] as const) {
    const destination = nightscoutDestination({
      ...{ url: server.origin, token, version, nowMs: () => NOW_MS },
    });
    const upload = () =>
      runUpload({ source: sourceOf(readings(5)), destination, journal, ...STILL });
    for (const kind of ['drop', 'truncate'] as const) {
      emulated.failNext({ kind, when: 'after', call: `v${version} create` } as never);
      await upload().catch(() => {});
    }
    await upload();
    expect(storedIn(emulated)).toHaveLength(5);
  }
});
