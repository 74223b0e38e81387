import { orAborted } from '@egvkit/platform';
import { FAULTS, type FaultCode } from '@egvkit/protocol/share';
import { describe, expect, it } from 'vitest';
import type { ShareClient, ShareError } from '../src/index.ts';
import { answering, fault, loggingIn, NOW_MS, SERIAL, SESSION_ID, upload } from './harness.ts';

/** A client whose calls get these answers in turn, and then the last one for ever. */
function inTurn(...answers: (() => Response)[]) {
  const sent: string[] = [];
  const waits: number[] = [];
  const client = answering(
    (url) => {
      sent.push(url.split('/').at(-1)!.split('?')[0]!);
      return (answers[sent.length - 1] ?? answers.at(-1)!)();
    },
    {
      now: () => NOW_MS,
      timeoutMs: 999_999,
      loginTimeoutMs: 999_999,
      repeats: 2,
      random: () => 0,
      sleep: async (ms: number, signal?: AbortSignal) => {
        if (ms === 999_999) return orAborted(new Promise<void>(() => {}), signal);
        waits.push(ms);
      },
    },
  );
  return { client, sent, waits };
}

const failing = (promise: Promise<unknown>): Promise<ShareError> =>
  promise.then(
    () => expect.unreachable('it was refused'),
    (error: ShareError) => error,
  );

const read = (client: ShareClient) => client.sharing.isActive();
const yes = () => Response.json(true);
const codes = (policy: string) =>
  (Object.keys(FAULTS) as FaultCode[]).filter((code) => FAULTS[code].policy === policy);

describe('every fault is treated as its row says', () => {
  it.each(codes('relogin'))('%s: logs in once more and repeats the call once', async (code) => {
    const once = inTurn(() => fault(code), yes);
    expect(await read(once.client)).toBe(true);
    expect(once.sent).toHaveLength(2);
    expect(once.waits).toEqual([]);

    const always = inTurn(() => fault(code));
    expect(await failing(read(always.client))).toMatchObject({ code: FAULTS[code].error });
    expect(always.sent).toHaveLength(2);
  });

  it.each(codes('stop'))('%s: never repeated by itself', async (code) => {
    const { client, sent, waits } = inTurn(() => fault(code));
    const error = await failing(read(client));
    expect(error).toMatchObject({ code: FAULTS[code].error, retryable: false });
    expect(sent).toHaveLength(1);
    expect(waits).toEqual([]);
  });

  it.each(Object.keys(FAULTS) as FaultCode[])(
    '%s: the user is told what its row says',
    async (code) => {
      const error = await failing(read(inTurn(() => fault(code)).client));
      // Of this password it is said as well that it ends with a quotation mark.
      expect(error.help).toContain(FAULTS[code].tell);
    },
  );

  it.each([...codes('stop'), ...codes('backoff'), 'NeverHeardOf'])(
    '%s at a login: sent once',
    async (code) => {
      const { client, sent } = loggingIn(() => fault(code), { repeats: 2 });
      await failing(client.readings());
      expect(sent).toHaveLength(1);
    },
  );

  it.each(codes('lock'))('%s: no login for ten minutes', async (code) => {
    const time = { ms: NOW_MS };
    const { client, sent } = loggingIn(() => fault(code), { now: () => time.ms });
    expect(await failing(client.readings())).toMatchObject({
      code: FAULTS[code].error,
      data: { untilMs: NOW_MS + 600_000 },
    });
    time.ms += 599_999;
    expect(await failing(client.readings())).toMatchObject({ code: 'accountLocked' });
    expect(sent).toHaveLength(1);
    time.ms += 1;
    await failing(client.readings());
    expect(sent).toHaveLength(2);
  });

  it.each([
    [
      'MonitoringSessionAlreadyActive',
      (c: ShareClient) => c.sharing.start(SERIAL),
      'alreadyActive',
    ],
    [
      'DuplicateEgvPosted',
      (c: ShareClient) => c.postReceiverEgvRecords(upload(300)),
      { outcome: 'duplicate' },
    ],
  ] as const)('%s: counts as success', async (code, call, result) => {
    expect(codes('ok')).toContain(code);
    const { client, sent } = inTurn(() => fault(code));
    expect(await call(client)).toEqual(result);
    expect(sent).toHaveLength(1);
  });

  it('every code that counts as success is in the test above', () => {
    expect(codes('ok')).toHaveLength(2);
  });

  it.each(codes('backoff'))('%s: a read is repeated ever more slowly, twice', async (code) => {
    const { client, sent, waits } = inTurn(() => fault(code));
    const error = await failing(read(client));
    expect(error.code).toBe(FAULTS[code].error);
    expect(sent).toHaveLength(3);
    expect(waits).toEqual([500, 1000]);
    const healed = inTurn(() => fault(code), yes);
    expect(await read(healed.client)).toBe(true);
  });

  it.each(codes('backoff'))('%s: what changes something is not repeated', async (code) => {
    const { client, sent } = inTurn(() => fault(code));
    expect(await failing(client.sharing.stop())).toMatchObject({ code: FAULTS[code].error });
    expect(sent).toEqual(['StopRemoteMonitoringSession']);
  });

  it.each(codes('wait'))('%s: repeated once, after two seconds', async (code) => {
    const healed = inTurn(
      () => fault(code),
      () => new Response(''),
    );
    await healed.client.followers.rename('contact-1', 'Bob');
    expect(healed.waits).toEqual([2000]);
    const gone = inTurn(() => fault(code));
    expect(await failing(gone.client.followers.rename('contact-1', 'Bob'))).toMatchObject({
      code: FAULTS[code].error,
      data: { faultCode: code },
    });
    expect(gone.sent).toHaveLength(2);
  });

  it('MonitoringSessionNotActive: a safe post starts sharing and posts again', async () => {
    const { client, sent } = inTurn(
      () => fault('MonitoringSessionNotActive'),
      () => Response.json('AssignedToYou'),
      () => Response.json(false),
      () => new Response(''),
    );
    expect(await client.postEgvs(upload(300))).toMatchObject({ outcome: 'posted' });
    expect(sent).toEqual([
      'PostReceiverEgvRecords',
      'CheckMonitoredReceiverAssignmentStatus',
      'IsRemoteMonitoringSessionActive',
      'StartRemoteMonitoringSession',
      'PostReceiverEgvRecords',
    ]);
  });

  const receiverCodes = codes('fix').filter((code) => FAULTS[code].error === 'receiverNotAssigned');

  it.each(receiverCodes)('%s: repaired with consent only', async (code) => {
    const refused = inTurn(() => fault(code));
    expect(await failing(refused.client.postEgvs(upload(300)))).toMatchObject({
      code: 'receiverNotAssigned',
    });
    expect(refused.sent).toEqual(['PostReceiverEgvRecords']);

    const { client, sent } = inTurn(
      () => fault(code),
      () => Response.json('NotAssigned'),
      () => new Response(''),
      () => Response.json(true),
      () => new Response(''),
    );
    expect(await client.postEgvs(upload(300), { assign: true })).toMatchObject({
      outcome: 'posted',
      missing: [],
    });
    expect(sent).toContain('ReplacePublisherAccountMonitoredReceiver');
  });

  it('every code that can be repaired is in the tests above', () => {
    expect(codes('fix').toSorted()).toEqual(
      ['MonitoringSessionNotActive', ...receiverCodes].toSorted(),
    );
  });

  it.each(Object.keys(FAULTS))(
    '%s: shows no session id, whatever the message says',
    async (code) => {
      const said = `AccountName=ann@example.com [SessionId = ${SESSION_ID}]`;
      const { client } = inTurn(() => fault(code, said));
      const error = await failing(client.followers.list());
      const shown = JSON.stringify([error.message, error.data, error.help, String(error.stack)]);
      expect(shown).not.toContain(SESSION_ID);
      expect(shown).not.toContain('ann@example.com');
    },
  );
});

describe('a failure without a code ends a read as', () => {
  const reset = (): Response => {
    throw Object.assign(new TypeError('fetch failed'), { code: 'ECONNRESET' });
  };
  const refused = (): Response => {
    throw Object.assign(new TypeError('fetch failed'), { code: 'ECONNREFUSED' });
  };
  const status = (code: number, body = '', headers = {}) =>
    new Response(body, { status: code, headers });

  it.each([
    ['badRequest', 1, () => status(400, 'Bad Request')],
    ['badRequest', 1, () => status(422)],
    ['sessionRejected', 2, () => status(401)],
    ['badRequest', 1, () => status(403, 'Forbidden')],
    ['badRequest', 1, () => status(404)],
    ['blockedByFirewall', 1, () => status(403, '<!DOCTYPE html><title>Access denied</title>')],
    ['blockedByFirewall', 1, () => status(403, 'error code: 1020')],
    ['unavailable', 3, () => status(408)],
    ['tooManyRequests', 3, () => status(429, '', { 'retry-after': '7' })],
    ['badReply', 3, () => status(302, '', { location: 'https://elsewhere.example' })],
    // As browsers give a redirect that is not followed.
    ['badReply', 3, () => Object.defineProperty(status(200, 'true'), 'status', { value: 0 })],
    ['unavailable', 3, () => status(500, '<html>')],
    ['unavailable', 3, () => status(503)],
    ['connectionLost', 3, reset],
    ['unreachable', 3, refused],
    ['badReply', 3, () => new Response('<html>Log in to this network</html>')],
    ['badReply', 3, () => new Response('{"tru')],
    ['badReply', 3, () => new Response('')],
    ['badReply', 3, () => Response.json({ brandNew: 'shape', accountId: 'someone' })],
  ] as const)('%s after %i requests', async (code, requests, answer) => {
    const { client, sent } = inTurn(answer);
    expect(await failing(read(client))).toMatchObject({ code });
    expect(sent).toHaveLength(requests);
  });

  it('a read that is not answered in time is asked again', async () => {
    let asked = 0;
    const never = () => new Promise<Response>(() => {});
    const client = answering(() => (++asked < 3 ? never() : yes()), {
      repeats: 2,
      timeoutMs: 5,
      random: () => 0,
      sleep: (ms: number) => new Promise((done) => setTimeout(done, Math.min(ms, 5))),
    });
    expect(await read(client)).toBe(true);
    expect(asked).toBe(3);
  });

  it('a wait that is asked for is waited, in seconds or until a date', async () => {
    const until = new Date(NOW_MS + 20_000).toUTCString();
    for (const [asked, waited] of [
      ['7', 7000],
      [until, 20_000],
    ] as const) {
      const headers = { 'retry-after': asked };
      const { client, waits } = inTurn(() => new Response('', { status: 503, headers }), yes);
      expect(await read(client)).toBe(true);
      expect(waits).toEqual([waited]);
    }
  });

  it('nobody is made to wait for longer than a minute inside a call', async () => {
    const headers = { 'retry-after': '61' };
    const { client, sent } = inTurn(() => new Response('', { status: 429, headers }));
    expect(await failing(read(client))).toMatchObject({ data: { retryAfterMs: 61_000 } });
    expect(sent).toHaveLength(1);
  });

  it('a change of the service upstream shows the body, without names and ids', async () => {
    const { client } = inTurn(() =>
      Response.json([{ SubscriptionId: 7, ContactName: 'Grandma', NewField: 'visible' }]),
    );
    const error = await failing(client.followers.list());
    expect(error).toMatchObject({
      code: 'badReply',
      data: { endpoint: 'ListPublisherAccountSubscriptions' },
    });
    expect(JSON.stringify(error.data)).toContain('visible');
    expect(JSON.stringify(error.data)).not.toContain('Grandma');
  });
});
