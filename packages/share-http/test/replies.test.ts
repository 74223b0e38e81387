import { orAborted } from '@egvkit/platform';
import { describe, expect, it } from 'vitest';
import { answering, NOW_MS, SERIAL, SESSION_ID, start, upload } from './harness.ts';

const readAnswer = (body: string, status = 200, headers: Record<string, string> = {}) =>
  answering(() => new Response(body, { status, headers })).readGlucose();

describe('an answer that makes no sense', () => {
  it.each([
    ['an empty body', '', /empty/],
    ['a web page', '<!DOCTYPE html><title>Welcome to the hotel</title>', /HTML or XML/],
    ['XML', '<ArrayOfEgv/>', /HTML or XML/],
    ['JSON that is cut off', '[{"ST":"Date(1)","Val', /cut off/],
    ['an object', '{"Readings":[]}', /a list/],
    ['a value as text', '[{"ST":"Date(1)","Value":"120"}]', /\[0\]\.Value/],
    ['null', 'null', /a list/],
  ])('%s on a read is an error, not "no data"', async (_, body, problem) => {
    await expect(readAnswer(body)).rejects.toMatchObject({
      code: 'badReply',
      data: {
        endpoint: 'ReadPublisherLatestGlucoseValues',
        status: 200,
        problem: expect.stringMatching(problem),
        excerpt: body.slice(0, 200),
        outcomeUnknown: false,
      },
    });
  });

  it('with a number for its only date is an error of the readings, not "no data"', async () => {
    const client = answering(() => Response.json([{ ST: 1, Value: 120 }]));
    await expect(client.readings()).rejects.toMatchObject({
      code: 'badReply',
      data: { problem: expect.stringMatching(/\[0\] has no date/) },
    });
  });

  it('shows its beginning without ids and names', async () => {
    const body = `{"Changed":true,"sessionId":"${SESSION_ID}","for":"ann@example.com"}`;
    await expect(readAnswer(body)).rejects.toMatchObject({
      data: { excerpt: '{"Changed":true,"sessionId":…,"for":"…"}' },
    });
  });

  it('is given up when it is too long, long before it ends', async () => {
    let pulled = 0;
    const endless = () =>
      new Response(
        new ReadableStream({
          pull(controller) {
            pulled++;
            controller.enqueue(new Uint8Array(1000).fill(0x20));
          },
        }),
      );
    const client = answering(endless, { maxReplyBytes: 10_000 });
    await expect(client.readGlucose()).rejects.toMatchObject({
      code: 'badReply',
      data: { problem: 'it is longer than 10000 bytes' },
    });
    expect(pulled).toBeLessThan(20);
  });

  it('is nothing but an empty list when it is one', async () => {
    expect(await readAnswer('[]')).toEqual([]);
  });

  it('is not a redirect to somewhere else', async () => {
    await expect(
      readAnswer('', 307, { location: 'https://elsewhere.example' }),
    ).rejects.toMatchObject({
      code: 'badReply',
      data: { status: 307 },
    });
  });
});

describe('an answer with a status', () => {
  it.each([
    [400, 'badRequest', false],
    [403, 'blockedByFirewall', true],
    [408, 'unavailable', true],
    [404, 'badRequest', false],
    [500, 'unavailable', true],
    [502, 'unavailable', true],
    [503, 'unavailable', true],
  ])('%i without a fault is %s', async (status, code, retryable) => {
    await expect(readAnswer('<html>', status)).rejects.toMatchObject({
      code,
      retryable,
      data: { status, host: 'share2.dexcom.com' },
    });
  });

  it.each([
    ['7', 7000],
    [undefined, 60_000],
    ['Wed, 21 Oct 2015 07:28:00 GMT', 0],
    ['Wed, 21 Oct 2099 07:28:00 GMT', 86_400_000],
    ['soon', 60_000],
    ['wait 60', 60_000],
    ['retry-in-5', 60_000],
    ['999999999', 86_400_000],
    ['0', 0],
    ['000', 0],
    ['0x10', 60_000],
    ['1e1', 60_000],
    ['7.5', 60_000],
    ['-7', 60_000],
    ['', 60_000],
    ['Fri, 31 Apr 2099 07:28:00 GMT', 60_000],
    ['before 2099 07:28 GMT', 60_000],
  ])('429 with Retry-After %s asks for a wait', async (after, retryAfterMs) => {
    const headers: Record<string, string> = after === undefined ? {} : { 'retry-after': after };
    await expect(readAnswer('', 429, headers)).rejects.toMatchObject({
      code: 'tooManyRequests',
      data: { retryAfterMs },
    });
  });

  it.each([
    ['Tue, 14 Nov 2023 22:13:30 GMT', 10_500],
    ['wait 60', undefined],
  ])(
    'of any kind with the Date %s tells the clock of the service by it, if it is one',
    async (date, offsetMs) => {
      const refused = () => new Response('', { status: 404, headers: { date } });
      const client = answering(refused, { now: () => NOW_MS });
      expect((await client.clockOffset())?.offsetMs).toBe(offsetMs);
    },
  );

  it.each([
    [503, '120', 'unavailable', 120_000],
    [429, '120', 'tooManyRequests', 120_000],
    [429, undefined, 'tooManyRequests', 60_000],
  ])(
    '%i with Retry-After %s tells no clock: who asks goes on with nothing',
    async (status, after, code, retryAfterMs) => {
      const date = 'Tue, 14 Nov 2023 22:13:30 GMT';
      const headers = { date, ...(after !== undefined && { 'retry-after': after }) };
      const client = answering(() => new Response('', { status, headers }), { now: () => NOW_MS });
      await expect(client.clockOffset()).rejects.toMatchObject({ code, data: { retryAfterMs } });
    },
  );

  it.each([200, 400, 401, 500])('%i with a fault is that fault', async (status) => {
    const body = '{"Code":"MonitoredReceiverNotAssigned","Message":"m"}';
    await expect(readAnswer(body, status)).rejects.toMatchObject({ code: 'receiverNotAssigned' });
  });
});

describe('a service that is not there', () => {
  it('is one clear sentence when nothing answers at the address', async () => {
    const { server, client } = await start();
    await server.close();
    const host = new URL(server.origin).host;
    await expect(client().readings()).rejects.toMatchObject({
      name: 'ShareError',
      code: 'unreachable',
      retryable: true,
      outcomeUnknown: false,
      message: `The Share service at ${host} cannot be reached: nothing answers at that address (ECONNREFUSED).`,
    });
  });

  it.each([
    [{ code: 'ENOTFOUND' }, 'unreachable', 'its name is unknown (ENOTFOUND)'],
    [{ code: 'EAI_AGAIN' }, 'unreachable', 'its name could not be looked up (EAI_AGAIN)'],
    [
      { code: 'ENETUNREACH', syscall: 'connect' },
      'unreachable',
      'there is no network (ENETUNREACH)',
    ],
    [
      { code: 'CERT_HAS_EXPIRED' },
      'unreachable',
      'its certificate is not valid at the time that this computer shows (CERT_HAS_EXPIRED)',
    ],
    [{ code: 'ECONNRESET' }, 'connectionLost', 'it was closed from the other side (ECONNRESET)'],
    [{ code: 'ETIMEDOUT', syscall: 'read' }, 'connectionLost', 'it does not answer (ETIMEDOUT)'],
    [{}, 'connectionLost', 'no reason was given'],
  ])('because of %j is %s: %s', async (cause, code, reason) => {
    const client = answering(() =>
      Promise.reject(
        new TypeError('fetch failed', { cause: Object.assign(new Error('x'), cause) }),
      ),
    );
    await expect(client.readings()).rejects.toMatchObject({ code, data: { reason } });
  });

  it('on either of two addresses is unreachable', async () => {
    const refused = () =>
      Object.assign(new Error('x'), { code: 'ECONNREFUSED', syscall: 'connect' });
    const cause = new AggregateError([refused(), refused()]);
    const client = answering(() => Promise.reject(new TypeError('fetch failed', { cause })));
    await expect(client.postReceiverEgvRecords(upload(0))).rejects.toMatchObject({
      code: 'unreachable',
      outcomeUnknown: false,
    });
  });

  it('breaks off in the middle of an answer', async () => {
    const { client, service } = await start();
    service.failNext({ kind: 'truncate', endpoint: 'ReadPublisherLatestGlucoseValues' });
    await expect(client().readings()).rejects.toMatchObject({
      code: 'connectionLost',
      outcomeUnknown: false,
    });
  });
});

describe('waiting', () => {
  /** A sleep that is over when the test says so. */
  function alarm() {
    const slept: number[] = [];
    let ring = () => {};
    const sleep = (ms: number) =>
      new Promise<void>((resolve) => {
        slept.push(ms);
        ring = resolve;
      });
    return { sleep, slept, ring: () => ring() };
  }

  it('for headers ends in time, even with a fetch that does not listen', async () => {
    const { sleep, slept, ring } = alarm();
    let asked = () => {};
    const sent = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const client = answering(
      () => {
        asked();
        return new Promise<Response>(() => {});
      },
      { sleep, timeoutMs: 1234 },
    );
    const reading = client.readings();
    await sent;
    ring();
    await expect(reading).rejects.toMatchObject({
      code: 'timeout',
      data: { afterMs: 1234, outcomeUnknown: false },
    });
    // The login as a whole, its two calls and the reading.
    expect(slept).toEqual([1851, 1234, 1234, 1234]);
  });

  it('for the rest of a body ends in time', async () => {
    const { sleep, ring } = alarm();
    const slow = () =>
      new Response(
        new ReadableStream({
          start: (controller) => controller.enqueue(new TextEncoder().encode('[')),
          pull() {
            ring();
            return new Promise(() => {});
          },
        }),
      );
    await expect(answering(slow, { sleep }).readings()).rejects.toMatchObject({ code: 'timeout' });
  });

  it('for a real service ends in real time', async () => {
    const { client, service } = await start();
    service.failNext({ kind: 'hang', when: 'before', endpoint: 'SystemUtcTime' });
    await expect(client({ timeoutMs: 50 }).systemUtcTime()).rejects.toMatchObject({
      code: 'timeout',
      message: expect.stringMatching(/did not answer SystemUtcTime within 50 ms\.$/),
    });
  });

  it('ends with the reason of the signal, before or while it is sent', async () => {
    const { client, service, count } = await start();
    const share = client();
    const reason = new Error('the user left');
    await expect(share.readings({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(count('AuthenticatePublisherAccount')).toBe(0);

    await share.sharing.isActive();
    const stop = new AbortController();
    service.failNext({ kind: 'hang', when: 'before' });
    service.onRequest(() => stop.abort(reason));
    await expect(share.postReceiverEgvRecords(upload(0), { signal: stop.signal })).rejects.toBe(
      reason,
    );
  });

  it.each(['systemUtcTime', 'readGlucose', 'readings'] as const)(
    'can be given up in %s',
    async (method) => {
      const { client } = await start();
      await expect(client()[method]({ signal: AbortSignal.abort('no') })).rejects.toBe('no');
    },
  );

  it('can be given up in the calls about a receiver', async () => {
    const { client } = await start();
    const options = { signal: AbortSignal.abort('no'), assign: true };
    const { sharing } = client();
    for (const method of ['checkReceiver', 'assignReceiver', 'start', 'ensureReady'] as const) {
      await expect(sharing[method](SERIAL, options)).rejects.toBe('no');
    }
    await expect(sharing.isActive(options)).rejects.toBe('no');
  });

  it('takes as long as it takes without a limit', async () => {
    const slow = async () => {
      await new Promise((later) => setTimeout(later, 20));
      return Response.json([]);
    };
    const client = answering(slow, { timeoutMs: Number.POSITIVE_INFINITY });
    expect(await client.readings()).toEqual([]);
  });

  it.each([0, -5, Number.NaN])('is not limited to %d ms', async (timeoutMs) => {
    const { client } = await start();
    await expect(client({ timeoutMs }).systemUtcTime()).rejects.toMatchObject({
      code: 'outOfRange',
      data: { value: timeoutMs },
    });
  });

  it('leaves no timer behind', async () => {
    const stopped: boolean[] = [];
    const sleep = (_: number, signal?: AbortSignal) =>
      orAborted(new Promise<void>(() => {}), signal).finally(() => void stopped.push(true));
    const { client } = await start();
    expect(await client({ sleep }).systemUtcTime()).toEqual({ utcMs: NOW_MS, offsetMinutes: 0 });
    expect(stopped).toEqual([true]);
  });
});
