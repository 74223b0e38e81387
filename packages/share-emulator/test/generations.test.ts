import { describe, expect, it } from 'vitest';
import type { ServiceBehaviour } from '../src/index.ts';
import {
  ACCOUNT_ID,
  ANN,
  APPLICATION,
  ask,
  codeOf,
  logIn,
  make,
  READY,
  RECORDED_UPLOAD,
  read,
  SERIAL,
} from './wire.ts';

/** Every switch that changes how the service answers, with its default. */

const ZERO = '"00000000-0000-0000-0000-000000000000"';
const byName = (accountName = ANN.name, password = ANN.password) =>
  JSON.stringify({ accountName, password, applicationId: APPLICATION });
const byId = (accountId = ACCOUNT_ID, password = ANN.password) =>
  JSON.stringify({ accountId, password, applicationId: APPLICATION });

function serve(options: Partial<ServiceBehaviour> = {}) {
  return make({ accounts: [READY], options });
}

/** True if an id is a session that reads. */
async function opens(service: ReturnType<typeof serve>['service'], quoted: string) {
  const answer = await ask(service, read(JSON.parse(quoted) as string));
  return answer.status === 200;
}

describe('logging in', () => {
  it('by name gives the zero id today, and a session as it did in 2015', async () => {
    const { service: today } = serve();
    expect(await ask(today, 'General/LoginPublisherAccountByName', byName())).toMatchObject({
      status: 200,
      text: ZERO,
    });
    const { service: old } = serve({ generation: '2015' });
    for (const method of ['LoginPublisherAccountByName', 'AuthenticatePublisherAccount']) {
      const { text } = await ask(old, `General/${method}`, byName());
      expect(await opens(old, text)).toBe(true);
    }
    const two = await ask(old, 'General/LoginPublisherAccountById', byId());
    expect(await opens(old, two.text)).toBe(true);
  });

  it('by name needs the right password where it works at all', async () => {
    const { service } = serve({ logins: 'oneStep' });
    const answer = await ask(service, 'General/LoginPublisherAccountByName', byName(ANN.name, 'x'));
    expect(codeOf(answer)).toBe('AccountPasswordInvalid');
  });

  it.each([
    ['one', 'AccountPasswordInvalid', 'AccountPasswordInvalid'],
    ['singleSignOn', 'SSO_AuthenticateAccountNotFound', 'SSO_AuthenticatePasswordInvalid'],
  ] as const)('tells refusals apart or not: %s', async (credentialFaults, name, password) => {
    const { service } = serve({ credentialFaults });
    const sign = async (...given: [string, string]) =>
      codeOf(await ask(service, 'General/AuthenticatePublisherAccount', byName(...given)));
    expect(await sign('nobody', 'x')).toBe(name);
    expect(await sign(ANN.name, 'x')).toBe(password);
    expect(codeOf(await ask(service, 'General/LoginPublisherAccountById', byId(APPLICATION)))).toBe(
      name,
    );
  });

  it('may be refused with the zero id, as in December 2021; a lock is still told', async () => {
    const { service } = serve({ refusedLogin: 'zeroId', lockAfterRefusals: 1 });
    const sign = () => ask(service, 'General/LoginPublisherAccountById', byId(ACCOUNT_ID, 'x'));
    expect(await sign()).toMatchObject({ status: 200, text: ZERO });
    expect(codeOf(await sign())).toBe('SSO_AuthenticateMaxAttemptsExceeed');
  });

  it('tells of a lock with two e’s where that is chosen, after as many refusals as chosen', async () => {
    const lockedCode = 'SSO_AuthenticateMaxAttemptsExceeded';
    const { service } = serve({ lockedCode, lockAfterRefusals: 3 });
    const codes: unknown[] = [];
    for (let i = 0; i < 4; i++) {
      const body = byName(ANN.name, 'x');
      codes.push(codeOf(await ask(service, 'General/AuthenticatePublisherAccount', body)));
    }
    expect(codes).toEqual([...Array(3).fill('AccountPasswordInvalid'), lockedCode]);
  });

  it('forgets sessions that ended long ago', async () => {
    const { service, time } = serve({ sessionForgottenAfterMs: 1000 });
    const session = await logIn(service);
    time.ms += 24 * 3_600_000 + 500;
    await logIn(service);
    expect(codeOf(await ask(service, read(session)))).toBe('SessionNotValid');
    time.ms += 501;
    await logIn(service);
    expect(codeOf(await ask(service, read(session)))).toBe('SessionIdNotFound');
  });
});

describe('answers', () => {
  it.each([
    ['current', {}, '"AssignedToYou"', 'Flat', /^Date\(\d+\)$/, /^\{/],
    ['2015', { generation: '2015' }, 'AssignedToYou', 4, /^\/Date\(\d+\)\/$/, /^</],
    [
      'a mixture',
      { generation: '2015', trends: 'name', words: 'quoted', dates: 'bare', subCodes: 'json' },
      '"AssignedToYou"',
      'Flat',
      /^Date\(\d+\)$/,
      /^\{/,
    ],
  ] as [string, Partial<ServiceBehaviour>, string, unknown, RegExp, RegExp][])(
    'are spelt as %s',
    async (_, options, word, trend, date, subCode) => {
      const { service } = serve(options);
      const session = await logIn(service);
      await ask(service, `Publisher/PostReceiverEgvRecords?sessionId=${session}`, RECORDED_UPLOAD);
      const check = `Publisher/CheckMonitoredReceiverAssignmentStatus?sessionId=${session}&serialNumber=${SERIAL}`;
      expect((await ask(service, check)).text).toBe(word);
      const [reading] = JSON.parse((await ask(service, read(session))).text) as {
        Trend: unknown;
        WT: string;
      }[];
      expect(reading?.Trend).toBe(trend);
      expect(reading?.WT).toMatch(date);
      const refused = JSON.parse((await ask(service, read(APPLICATION))).text) as {
        SubCode: string;
      };
      expect(refused.SubCode).toMatch(subCode);
    },
  );

  it.each([
    [
      '',
      '<DateTimeOffset><DateTime>2015-03-19T12:40:01.0000000Z</DateTime><OffsetMinutes>0</OffsetMinutes></DateTimeOffset>',
    ],
    ['*/*', /^<DateTimeOffset>/],
    ['application/json', /^\{"DateTime":/],
    ['text/plain, application/json;q=0.5', /^\{"DateTime":/],
  ])('of the clock to "Accept: %s" in 2015', async (accept, expected) => {
    const { service } = serve({ generation: '2015' });
    const headers = accept === '' ? {} : { accept };
    const url = 'http://x/ShareWebServices/Services/General/SystemUtcTime';
    const response = await service.fetch(new Request(url, { headers }));
    expect(response.headers.get('content-type')).toMatch(/json/.test(accept) ? /json/ : /xml/);
    expect(await response.text()).toMatch(expected);
  });

  it('give the e-mail address in JSON, and in XML where that is not asked for in 2015', async () => {
    const bob = { ...ANN, email: 'a&b@example.com' };
    const { service } = make({ accounts: [bob], options: { generation: '2015' } });
    const session = await logIn(service);
    const path = `Publisher/ReadPublisherAccountEmail?sessionId=${session}`;
    expect((await ask(service, path)).text).toBe('"a&b@example.com"');
    const url = `http://x/ShareWebServices/Services/${path}`;
    const response = await service.fetch(new Request(url, { method: 'POST' }));
    expect(await response.text()).toBe('<string>a&amp;b@example.com</string>');
    const { service: today } = make({ accounts: [bob] });
    const same = url.replace(session, await logIn(today));
    const json = await today.fetch(new Request(same, { method: 'POST' }));
    expect(await json.text()).toBe('"a&b@example.com"');
  });

  it('give the picture as bytes, and remember what the app tells about its phone', async () => {
    const { service } = serve();
    const session = await logIn(service);
    const url = `http://x/ShareWebServices/Services/Publisher/ReadPublisherAccountImage?sessionId=${session}`;
    const response = await service.fetch(new Request(url));
    expect(response.headers.get('content-type')).toBe('image/gif');
    expect(new TextDecoder().decode((await response.bytes()).subarray(0, 6))).toBe('GIF89a');
    const info = {
      DeviceManufacturer: 'Apple',
      DeviceModel: 'iPhone5,2',
      DeviceOsVersion: '7.0.2',
      AppVersion: '3.0.2.11',
      AppName: 'DexcomShare',
      AppNumber: 'SW10569',
      DeviceOsName: 'iPhone OS',
    };
    const body = JSON.stringify({ sessionId: session, runtimeInfo: info });
    const told = await ask(service, 'Publisher/UpdatePublisherAccountRuntimeInfo', body);
    expect(told).toMatchObject({ status: 200, text: '' });
    expect(JSON.parse(service.account(ANN.name)?.runtimeInfo ?? '')).toEqual(info);
  });
});

describe('parameters', () => {
  const path = 'Publisher/ReadPublisherLatestGlucoseValues';
  const forms = (session: string): Record<string, [string, string?]> => ({
    'the query, no body': [read(session)],
    'the query, {}': [read(session), '{}'],
    'the query, ""': [read(session), '""'],
    'the query, sessionID': [read(session).replace('sessionId', 'sessionID')],
    'the query, all in lower case': [
      read(session).replace(/sessionId|maxCount/g, (s) => s.toLowerCase()),
    ],
    'the body': [path, JSON.stringify({ sessionId: session, minutes: 1440, maxCount: 1 })],
    'the body, sessionID': [
      path,
      JSON.stringify({ sessionID: session, minutes: 1440, maxCount: 1 }),
    ],
    'the body, numbers as texts': [
      path,
      JSON.stringify({ sessionId: session, minutes: '1440', maxCount: '1' }),
    ],
    'both halves': [`${path}?sessionId=${session}`, '{"minutes":1440,"maxCount":1}'],
  });

  it.each([
    ['everything by default', {}, 9],
    ['exact names only', { parameterCase: 'exact' }, 6],
    ['the query only', { parametersFrom: 'query' }, 5],
    ['exact names in the query only', { parameterCase: 'exact', parametersFrom: 'query' }, 3],
  ] as [string, Partial<ServiceBehaviour>, number][])('are taken: %s', async (_, options, many) => {
    const { service } = serve(options);
    const session = await logIn(service);
    await ask(service, `Publisher/PostReceiverEgvRecords?sessionId=${session}`, RECORDED_UPLOAD);
    const taken: string[] = [];
    for (const [form, request] of Object.entries(forms(session))) {
      const { status, text } = await ask(service, ...request);
      if (status === 200) {
        expect(JSON.parse(text)).toMatchObject([{ Value: 97 }]);
        taken.push(form);
      } else expect([form, status]).toEqual([form, 400]);
    }
    expect(taken).toHaveLength(many);
  });
});

describe('receivers and sharing', () => {
  const bob = { name: 'bob', password: 'x', receiver: SERIAL, sharing: true };

  it('can be taken over from another account, which then has none', async () => {
    const { service } = make({ accounts: [ANN, bob] });
    const session = await logIn(service);
    const replace = `Publisher/ReplacePublisherAccountMonitoredReceiver?sessionId=${session}&serialNumber=${SERIAL}`;
    expect((await ask(service, replace)).status).toBe(200);
    expect(service.account(ANN.name)?.receiver).toBe(SERIAL);
    expect(service.account('bob')?.receiver).toBeUndefined();
  });

  it('or not, where that is chosen', async () => {
    const { service } = make({ accounts: [ANN, bob], options: { receiverOfAnother: 'refuse' } });
    const session = await logIn(service);
    const replace = `Publisher/ReplacePublisherAccountMonitoredReceiver?sessionId=${session}&serialNumber=${SERIAL}`;
    expect((await ask(service, replace)).status).toBe(500);
    expect(service.account('bob')?.receiver).toBe(SERIAL);
  });

  it('stops, and then takes no readings; stopping twice is fine', async () => {
    const { service } = serve();
    const session = await logIn(service);
    const stop = `Publisher/StopRemoteMonitoringSession?sessionId=${session}`;
    for (let i = 0; i < 2; i++) {
      expect(await ask(service, stop)).toMatchObject({ status: 200, text: '' });
    }
    const active = `Publisher/IsRemoteMonitoringSessionActive?sessionId=${session}`;
    expect((await ask(service, active)).text).toBe('false');
    const post = `Publisher/PostReceiverEgvRecords?sessionId=${session}`;
    expect(codeOf(await ask(service, post, RECORDED_UPLOAD))).toBe('MonitoringSessionNotActive');
  });

  it('reads nothing without a follower, where that is chosen', async () => {
    const { service } = serve({ readsNeedFollower: true });
    const session = await logIn(service);
    await ask(service, `Publisher/PostReceiverEgvRecords?sessionId=${session}`, RECORDED_UPLOAD);
    expect((await ask(service, read(session))).text).toBe('[]');
    expect(service.readings(ANN.name)).toHaveLength(1);
  });
});

describe('reading again and again', () => {
  it('shows what was posted in between, and loses what leaves the window', async () => {
    const { service, time } = serve();
    const session = await logIn(service);
    const post = (ms: number) =>
      ask(
        service,
        `Publisher/PostReceiverEgvRecords?sessionId=${session}`,
        `{"SN":"${SERIAL}","Egvs":[{"Trend":4,"ST":"/Date(${ms})/","DT":"/Date(${ms})/","Value":100}],"TA":0}`,
      );
    const many = async (minutes = 60) =>
      (JSON.parse((await ask(service, read(session, minutes))).text) as unknown[]).length;
    const start = time.ms;
    expect(await many()).toBe(0);
    await post(start);
    await post(start - 30 * 60_000);
    expect([await many(), await many(), await many(10)]).toEqual([2, 2, 1]);
    time.ms = start + 30 * 60_000;
    expect(await many()).toBe(2);
    time.ms += 1;
    expect(await many()).toBe(1);
    time.ms = start - 60_000;
    expect(await many()).toBe(2);
    time.ms = start + 2 * 3_600_000;
    expect(await many()).toBe(0);
  });
});
