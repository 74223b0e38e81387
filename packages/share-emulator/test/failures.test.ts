import { describe, expect, it, onTestFinished } from 'vitest';
import type { InjectedFailure } from '../src/index.ts';
import { serveShare } from '../src/node.ts';
import { ask, codeOf, logIn, make, READY, RECORDED_UPLOAD, read } from './wire.ts';

async function ready() {
  const { service } = make({ accounts: [READY] });
  const session = await logIn(service);
  await ask(service, `Publisher/PostReceiverEgvRecords?sessionId=${session}`, RECORDED_UPLOAD);
  return { service, session };
}

describe('failures of content', () => {
  it('give every value another type', async () => {
    const { service, session } = await ready();
    service.failNext({ kind: 'wrongTypes' });
    const wrong = JSON.parse((await ask(service, read(session))).text) as object[];
    expect(wrong).toEqual([{ DT: 24, ST: 19, Trend: 4, Value: '97', WT: 19 }]);
    service.failNext({ kind: 'wrongTypes' });
    expect((await ask(service, read(session, 0))).text).toBe('{}');
    expect(JSON.parse((await ask(service, read(session))).text)).toMatchObject([{ Value: 97 }]);
  });

  it.each([
    ['ReadPublisherLatestGlucoseValues', (s: string) => [read(s)]],
    [
      'PostReceiverEgvRecords',
      (s: string) => [`Publisher/PostReceiverEgvRecords?sessionId=${s}`, RECORDED_UPLOAD],
    ],
    [
      'UpdatePublisherAccountRuntimeInfo',
      (s: string) => [
        'Publisher/UpdatePublisherAccountRuntimeInfo',
        `{"sessionId":"${s}","runtimeInfo":{"DeviceManufacturer":"","DeviceModel":"","DeviceOsVersion":"","AppVersion":"","AppName":"","AppNumber":"","DeviceOsName":""}}`,
      ],
    ],
  ] as [InjectedFailure['endpoint'], (session: string) => [string, string?]][])(
    'end the session at %s, and that one only',
    async (endpoint, request) => {
      const { service, session } = await ready();
      const other = await logIn(service);
      service.failNext({ kind: 'expireSession', ...(endpoint && { endpoint }) });
      expect(codeOf(await ask(service, ...request(session)))).toBe('SessionNotValid');
      expect(codeOf(await ask(service, read(session)))).toBe('SessionNotValid');
      expect((await ask(service, read(other))).status).toBe(200);
    },
  );
});

describe('failures by chance', () => {
  async function series(seed: number, probability: number, requests = 60) {
    const { service, session } = await ready();
    const among = [
      { kind: 'html', status: 503 },
      { kind: 'html', status: 500 },
    ] as const;
    service.failAtRandom({ seed, probability, among });
    const statuses: number[] = [];
    for (let i = 0; i < requests; i++) statuses.push((await ask(service, read(session))).status);
    return { service, session, statuses };
  }

  it('are the same for the same seed', async () => {
    const { statuses } = await series(7, 0.3);
    expect((await series(7, 0.3)).statuses).toEqual(statuses);
    expect((await series(8, 0.3)).statuses).not.toEqual(statuses);
    expect(new Set(statuses)).toEqual(new Set([200, 500, 503]));
  });

  it('hit all or none at the ends of the scale, and stop when they are cleared', async () => {
    expect((await series(1, 0, 20)).statuses).toEqual(Array(20).fill(200));
    const { service, session, statuses } = await series(1, 1, 20);
    expect(statuses).not.toContain(200);
    service.clearFailures();
    expect((await ask(service, read(session))).status).toBe(200);
  });

  it('leave calls alone that they are not meant for', async () => {
    const { service, session } = await ready();
    const failure = { kind: 'html', status: 503, endpoint: 'SystemUtcTime' } as const;
    service.failAtRandom({ seed: 1, probability: 1, among: [failure] });
    expect((await ask(service, read(session))).status).toBe(200);
    expect((await ask(service, 'General/SystemUtcTime', undefined, 'GET')).status).toBe(503);
  });
});

describe('the switches', () => {
  async function served(admin: boolean) {
    const { service, session } = await ready();
    const server = await serveShare(service, { admin });
    onTestFinished(() => server.close());
    const turn = (name: string, body: unknown, headers: Record<string, string> = {}) =>
      fetch(`${server.origin}/egvkit/admin/${name}`, {
        method: 'POST',
        body: typeof body === 'string' ? body : JSON.stringify(body),
        headers,
      });
    return { service, session, server, turn };
  }

  it('are not there unless they are asked for', async () => {
    const { turn, service, session } = await served(false);
    expect((await turn('fail', { kind: 'truncate' })).status).toBe(404);
    expect((await ask(service, read(session))).status).toBe(200);
  });

  it('make calls fail, by order and by chance, and go right again', async () => {
    const { turn, service, session } = await served(true);
    expect((await turn('fail', { kind: 'html', status: 502 })).status).toBe(200);
    expect((await ask(service, read(session))).status).toBe(502);
    expect((await ask(service, read(session))).status).toBe(200);
    const among = [{ kind: 'fault', code: 'Unknown' }];
    expect((await turn('fail-at-random', { seed: 1, probability: 1, among })).status).toBe(200);
    expect(codeOf(await ask(service, read(session)))).toBe('Unknown');
    expect((await turn('clear', '')).status).toBe(200);
    expect((await ask(service, read(session))).status).toBe(200);
    expect((await turn('expire-sessions', '')).status).toBe(200);
    expect(codeOf(await ask(service, read(session)))).toBe('SessionNotValid');
  });

  it('accept an invitation, and say why they cannot', async () => {
    const { turn } = await served(true);
    const answer = await turn('accept-invitation', { subscriptionId: 'nobody' });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ problem: 'There is no such invitation.' });
    expect((await turn('accept-invitation', {})).status).toBe(400);
  });

  it.each([
    ['fail', 'not json', /not JSON/],
    ['fail', null, /not an object/],
    ['fail', { kind: 'explode' }, /kind is one of fault, /],
    ['fail', { kind: 'html' }, /status is missing/],
    ['fail', { kind: 'html', status: 99 }, /status is missing or wrong/],
    ['fail', { kind: 'html', status: 503, when: 'later' }, /when/],
    ['fail', { kind: 'fault', code: 'Whatever' }, /code/],
    ['fail', { kind: 'truncate', times: 0 }, /times/],
    ['fail', { kind: 'truncate', endpoint: 'Nothing' }, /endpoint/],
    ['fail', { kind: 'truncate', colour: 'red' }, /no colour/],
    ['fail-at-random', { seed: 1, probability: 2, among: [{ kind: 'truncate' }] }, /probability/],
    ['fail-at-random', { seed: 1.5, probability: 1, among: [{ kind: 'truncate' }] }, /seed/],
    ['fail-at-random', { seed: 1, probability: 1, among: [] }, /among/],
    ['fail-at-random', { seed: 1, probability: 1, among: [{ kind: 'x' }] }, /among: kind/],
  ])('refuse %s with %j', async (name, body, problem) => {
    const { turn, service, session } = await served(true);
    const answer = await turn(name, body);
    expect(answer.status).toBe(400);
    expect((await answer.json()) as object).toMatchObject({
      problem: expect.stringMatching(problem),
    });
    expect((await ask(service, read(session))).status).toBe(200);
  });

  it('are not for web pages, nor for other names of this computer', async () => {
    const { turn, server, service, session } = await served(true);
    const failure = { kind: 'html', status: 503, times: 9 };
    expect((await turn('fail', failure, { origin: 'http://evil.example' })).status).toBe(403);
    const { request } = await import('node:http');
    const status = await new Promise((resolve, reject) => {
      const options = { method: 'POST', headers: { host: 'evil.example' } };
      request(`${server.origin}/egvkit/admin/fail`, options, (answer) =>
        resolve(answer.resume().statusCode),
      )
        .on('error', reject)
        .end(JSON.stringify(failure));
    });
    expect(status).toBe(403);
    expect((await fetch(`${server.origin}/egvkit/admin/nothing`)).status).toBe(404);
    expect((await fetch(`${server.origin}/egvkit/admin/fail`)).status).toBe(405);
    expect((await ask(service, read(session))).status).toBe(200);
  });
});
