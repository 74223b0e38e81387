import { describe, expect, it } from 'vitest';
import {
  createShareService,
  MemoryShareStore,
  type ShareServiceOptions,
} from '../../src/share/index.ts';
import { ACCOUNT_ID, APPLICATION, ask, codeOf, SEED_UTC_MS, SERIAL, signIn } from './wire.ts';

const ANN = { name: 'ann@example.com', password: 'pass word', accountId: ACCOUNT_ID };
const READY = { ...ANN, receiver: SERIAL, monitoring: true };
const SEED_UPLOAD = String.raw`{"SN":"${SERIAL}","Egvs":[{"Trend":4,"ST":"\/Date(1426783106000)\/","DT":"\/Date(1426754317000)\/","Value":97}],"TA":-14365}`;

function make(more: ShareServiceOptions = {}) {
  const time = { ms: SEED_UTC_MS + 60_000 };
  const service = createShareService({ now: () => time.ms, accounts: [ANN], ...more });
  return { service, time };
}

const egv = (ms: number, value = 100) =>
  `{"Trend":4,"ST":"/Date(${ms})/","DT":"/Date(${ms})/","Value":${value}}`;
const upload = (...egvs: string[]) => `{"SN":"${SERIAL}","Egvs":[${egvs.join(',')}],"TA":0}`;
const read = (session: string, minutes = 1440, maxCount = 288) =>
  `Publisher/ReadPublisherLatestGlucoseValues?sessionId=${session}&minutes=${minutes}&maxCount=${maxCount}`;

describe('signing in', () => {
  it('takes two steps: the account id, then a session', async () => {
    const { service } = make();
    const first = await ask(
      service,
      'General/AuthenticatePublisherAccount',
      `{"accountName":"Ann@Example.com","password":"pass word","applicationId":"${APPLICATION}"}`,
    );
    expect(first).toEqual({
      status: 200,
      text: `"${ACCOUNT_ID}"`,
      type: 'application/json; charset=utf-8',
    });
    const session = await signIn(service);
    expect(session).toMatch(/^[0-9a-f-]{36}$/);
    expect(await signIn(service)).not.toBe(session);
  });

  it('is refused alike for a wrong password, an unknown name and an unknown id', async () => {
    const { service } = make();
    const refusals = await Promise.all([
      ask(
        service,
        'General/AuthenticatePublisherAccount',
        `{"accountName":"ann@example.com","password":"wrong","applicationId":"${APPLICATION}"}`,
      ),
      ask(
        service,
        'General/AuthenticatePublisherAccount',
        `{"accountName":"bob","password":"pass word","applicationId":"${APPLICATION}"}`,
      ),
      ask(
        service,
        'General/LoginPublisherAccountById',
        `{"accountId":"${APPLICATION}","password":"pass word","applicationId":"${APPLICATION}"}`,
      ),
    ]);
    for (const refusal of refusals) {
      expect(refusal.status).toBe(500);
      expect(JSON.parse(refusal.text)).toEqual({
        Code: 'AccountPasswordInvalid',
        Message: 'Publisher account password failed',
        SubCode: expect.stringMatching(/^\{"OnlineException":\{/),
        TypeName: 'FaultException',
      });
    }
  });

  it('locks after the chosen number of refusals, for the right password too, and for a while', async () => {
    const { service, time } = make({ options: { lockAfterRefusals: 2, lockedForMs: 60_000 } });
    const attempt = async (password: string) => {
      const body = `{"accountName":"ann@example.com","password":"${password}","applicationId":"${APPLICATION}"}`;
      const answer = await ask(service, 'General/AuthenticatePublisherAccount', body);
      return answer.status === 200 ? 'in' : codeOf(answer);
    };
    expect(await attempt('wrong')).toBe('AccountPasswordInvalid');
    expect(await attempt('pass word')).toBe('in');
    expect(await attempt('wrong')).toBe('AccountPasswordInvalid');
    expect(await attempt('wrong')).toBe('AccountPasswordInvalid');
    expect(await attempt('pass word')).toBe('SSO_AuthenticateMaxAttemptsExceeed');
    time.ms += 60_000;
    expect(await attempt('pass word')).toBe('in');
  });

  it('is refused with InvalidArgument when a field is missing', async () => {
    const { service } = make();
    for (const body of [undefined, '', '{}', '{"accountName":""}', 'not json']) {
      const answer = await ask(service, 'General/AuthenticatePublisherAccount', body);
      expect([answer.status, codeOf(answer)]).toEqual([500, 'InvalidArgument']);
    }
  });

  it('keeps the password only as a hash, each time another', async () => {
    const hashes = [];
    for (let i = 0; i < 2; i++) {
      const store = new MemoryShareStore();
      const { service } = make({ store });
      await ask(service, 'General/SystemUtcTime', undefined, 'GET');
      hashes.push(store.accountByName('ann@example.com')?.passwordHash);
      expect(service.account('ann@example.com')).not.toHaveProperty('passwordHash');
    }
    expect(hashes[0]).toMatch(/^pbkdf2-sha256\$\d+\$[0-9a-f]{32}\$[0-9a-f]{64}$/);
    expect(hashes[0]).not.toBe(hashes[1]);
  });
});

describe('sessions', () => {
  const active = (session: string) =>
    `Publisher/IsRemoteMonitoringSessionActive?sessionId=${session}`;

  it.each(['SessionNotValid', 'SessionIdNotFound'] as const)(
    'end after a day with %s',
    async (code) => {
      const { service, time } = make({ options: { expiredSessionCode: code } });
      const session = await signIn(service);
      time.ms += 24 * 3_600_000 - 1;
      expect((await ask(service, active(session))).text).toBe('false');
      time.ms += 1;
      const answer = await ask(service, active(session));
      expect([answer.status, codeOf(answer)]).toEqual([500, code]);
    },
  );

  it('that nobody has made are not found, and named in the message as the service does', async () => {
    const { service } = make();
    const answer = await ask(service, active(APPLICATION));
    expect(JSON.parse(answer.text)).toMatchObject({
      Code: 'SessionIdNotFound',
      Message: `Failed to find session object. [SessionId = ${APPLICATION}]`,
    });
  });

  it('can all be ended at once', async () => {
    const { service } = make();
    const session = await signIn(service);
    service.expireSessions();
    expect(codeOf(await ask(service, active(session)))).toBe('SessionNotValid');
  });

  it('that are no ids are malformed, and the zero id reads an empty body', async () => {
    const { service } = make();
    expect(await ask(service, active('bro'))).toMatchObject({ status: 400, type: 'text/plain' });
    const zero = await ask(service, read('00000000-0000-0000-0000-000000000000'));
    expect(zero).toMatchObject({ status: 200, text: '' });
  });
});

describe('getting ready to upload', () => {
  it('goes from no receiver to sharing, each step with the answer on record', async () => {
    const { service } = make();
    const session = await signIn(service);
    const both = `sessionId=${session}&serialNumber=${SERIAL.toLowerCase()}`;
    const check = `Publisher/CheckMonitoredReceiverAssignmentStatus?${both}`;
    const start = `Publisher/StartRemoteMonitoringSession?${both}`;
    const post = `Publisher/PostReceiverEgvRecords?sessionId=${session}`;

    expect((await ask(service, check)).text).toBe('"NotAssigned"');
    expect(codeOf(await ask(service, start))).toBe('MonitoredReceiverNotAssigned');
    expect(codeOf(await ask(service, post, SEED_UPLOAD))).toBe('MonitoringSessionNotActive');

    const replace = `Publisher/ReplacePublisherAccountMonitoredReceiver?${both}`;
    expect(await ask(service, replace)).toMatchObject({ status: 200, text: '' });
    expect((await ask(service, replace)).status).toBe(500);
    expect((await ask(service, check)).text).toBe('"AssignedToYou"');

    expect(await ask(service, start)).toMatchObject({ status: 200, text: '' });
    expect(JSON.parse((await ask(service, start)).text)).toMatchObject({
      Code: 'MonitoringSessionAlreadyActive',
      Message: 'Publisher account already has an active monitoring session.',
    });
    expect(await ask(service, post, SEED_UPLOAD)).toMatchObject({ status: 200, text: '' });
    expect(service.account('ann@example.com')).toMatchObject({
      receiver: SERIAL,
      monitoring: true,
    });
  });

  it('does not take readings of another receiver', async () => {
    const { service } = make({ accounts: [READY] });
    const session = await signIn(service);
    const foreign = SEED_UPLOAD.replace(SERIAL, 'SM00000000');
    const post = `Publisher/PostReceiverEgvRecords?sessionId=${session}`;
    expect(codeOf(await ask(service, post, foreign))).toBe(
      'MonitoredReceiverSerialNumberDoesNotMatch',
    );
    const start = `Publisher/StartRemoteMonitoringSession?sessionId=${session}&serialNumber=SM00000000`;
    expect(codeOf(await ask(service, start))).toBe('MonitoredReceiverSerialNumberDoesNotMatch');
    expect(service.readings('ann@example.com')).toEqual([]);
  });

  it("tells of another account's receiver in the chosen word", async () => {
    const bob = { name: 'bob', password: 'x', receiver: SERIAL };
    const { service } = make({
      accounts: [ANN, bob],
      options: { otherAccountWord: 'AssignedToOther' },
    });
    const session = await signIn(service);
    const check = `Publisher/CheckMonitoredReceiverAssignmentStatus?sessionId=${session}&serialNumber=${SERIAL}`;
    expect((await ask(service, check)).text).toBe('"AssignedToOther"');
  });
});

describe('readings', () => {
  async function ready(more: ShareServiceOptions = {}) {
    const { service, time } = make({ accounts: [READY], ...more });
    const session = await signIn(service);
    const post = (body: string) =>
      ask(service, `Publisher/PostReceiverEgvRecords?sessionId=${session}`, body);
    const get = async (minutes?: number, maxCount?: number) =>
      JSON.parse((await ask(service, read(session, minutes, maxCount))).text) as {
        Value: number;
      }[];
    return { service, time, session, post, get };
  }

  it('of the seed come back in the spelling of today', async () => {
    const { post, session, service } = await ready();
    await post(SEED_UPLOAD);
    expect((await ask(service, read(session))).text).toBe(
      '[{"DT":"Date(1426754317000+0000)","ST":"Date(1426783106000)","Trend":"Flat","Value":97,"WT":"Date(1426768741000)"}]',
    );
  });

  it('and as in 2015: slashes, numbers, and the zone of the service behind DT', async () => {
    const { post, session, service } = await ready({ options: { generation: '2015' } });
    await post(SEED_UPLOAD);
    expect(JSON.parse((await ask(service, read(session))).text)).toEqual([
      {
        DT: '/Date(1426779517000-0700)/',
        ST: '/Date(1426783106000)/',
        Trend: 4,
        Value: 97,
        WT: '/Date(1426768741000)/',
      },
    ]);
    const check = `Publisher/CheckMonitoredReceiverAssignmentStatus?sessionId=${session}&serialNumber=${SERIAL}`;
    expect((await ask(service, check)).text).toBe('AssignedToYou');
    const refused = await ask(service, read(APPLICATION));
    expect(JSON.parse(refused.text)).toMatchObject({
      SubCode: expect.stringMatching(/^<OnlineException /),
    });
  });

  it('have the time of the receiver where TA is not honoured', async () => {
    const { post, service } = await ready({ options: { honoursTimeAdjustment: false } });
    await post(SEED_UPLOAD);
    expect(service.readings('ann@example.com')).toMatchObject([
      { stMs: 1426783106000, wtMs: 1426783106000 },
    ]);
  });

  it('come newest first, whatever the order they were posted in, cut to count and window', async () => {
    const { post, get, time } = await ready();
    const at = (minutesAgo: number) => time.ms - minutesAgo * 60_000;
    await post(upload(egv(at(5), 105), egv(at(15), 115), egv(at(0), 100)));
    await post(upload(egv(at(10), 110), egv(at(1441), 999)));
    expect((await get()).map(({ Value }) => Value)).toEqual([100, 105, 110, 115]);
    expect((await get(1440, 2)).map(({ Value }) => Value)).toEqual([100, 105]);
    expect((await get(10)).map(({ Value }) => Value)).toEqual([100, 105, 110]);
    expect((await get(9999)).map(({ Value }) => Value)).toEqual([100, 105, 110, 115]);
    expect(await get(0)).toEqual([]);
    expect(await get(1440, 0)).toEqual([]);
  });

  it('are at most 288', async () => {
    const { post, get, time } = await ready();
    await post(upload(...Array.from({ length: 300 }, (_, i) => egv(time.ms - i * 60_000))));
    expect(await get(1440, 1000)).toHaveLength(288);
  });

  it.each([
    ['storeNothing', [1]],
    ['storeTheRest', [1, 2]],
  ] as const)('in a batch with one duplicate: %s', async (duplicateBatch, stored) => {
    const { post, service } = await ready({ options: { duplicateBatch } });
    const base = SEED_UTC_MS;
    await post(upload(egv(base + 1000)));
    const again = await post(upload(egv(base + 1000), egv(base + 2000)));
    expect([again.status, codeOf(again)]).toEqual([500, 'DuplicateEgvPosted']);
    const seconds = service.readings('ann@example.com').map(({ stMs }) => (stMs - base) / 1000);
    expect(seconds).toEqual(stored);
  });

  it('that repeat within one batch are duplicates; ten seconds apart they are not', async () => {
    const { post, service } = await ready();
    expect(codeOf(await post(upload(egv(SEED_UTC_MS), egv(SEED_UTC_MS))))).toBe(
      'DuplicateEgvPosted',
    );
    expect((await post(upload(egv(SEED_UTC_MS), egv(SEED_UTC_MS + 10_000)))).status).toBe(200);
    expect(service.readings('ann@example.com')).toHaveLength(2);
  });

  it.each([
    ['no readings', '{"SN":"SM12345678","Egvs":[],"TA":0}', 400],
    [
      'no serial number',
      '{"Egvs":[{"Trend":4,"ST":"/Date(1)/","DT":"/Date(1)/","Value":97}]}',
      400,
    ],
    [
      'a trend in words',
      '{"SN":"SM12345678","Egvs":[{"Trend":"Flat","ST":"/Date(1)/","DT":"/Date(1)/","Value":97}]}',
      400,
    ],
    ['a cut-off text', '{"SN":"SM12345678","Egvs":[{"Tre', 400],
    [
      'a date that is none',
      '{"SN":"SM12345678","Egvs":[{"Trend":4,"ST":"now","DT":"/Date(1)/","Value":97}]}',
      500,
    ],
  ])('with %s are not stored', async (_, body, status) => {
    const { post, service } = await ready();
    expect((await post(body)).status).toBe(status);
    expect(service.readings('ann@example.com')).toEqual([]);
  });

  it('may come with more than is needed, and without TA', async () => {
    const { post, service } = await ready();
    const body = `{"SN":"${SERIAL}","Egvs":[{"Trend":4,"ST":"/Date(1426768741000)/","DT":"/Date(1426768741000)/","Value":97,"direction":"Flat","WT":"x"}]}`;
    expect((await post(body)).status).toBe(200);
    expect(service.readings('ann@example.com')).toEqual([
      {
        serialNumber: SERIAL,
        stMs: 1426768741000,
        dtMs: 1426768741000,
        wtMs: 1426768741000,
        trend: 4,
        mgDl: 97,
      },
    ]);
  });

  it.each([
    ['query and no body', (s: string) => [read(s), undefined]],
    ['query and {}', (s: string) => [read(s), '{}']],
    ['query and ""', (s: string) => [read(s), '""']],
    [
      'everything in the body',
      (s: string) => [
        'Publisher/ReadPublisherLatestGlucoseValues',
        `{"sessionId":"${s}","minutes":1440,"maxCount":1}`,
      ],
    ],
    ['sessionID', (s: string) => [read(s).replace('sessionId', 'sessionID'), undefined]],
  ] as [string, (session: string) => [string, string | undefined]][])(
    'are given to readers that send %s',
    async (_, request) => {
      const { post, session, service } = await ready();
      await post(SEED_UPLOAD);
      const answer = await ask(service, ...request(session));
      expect(JSON.parse(answer.text)).toMatchObject([{ Value: 97 }]);
    },
  );

  it('belong to the account they were posted to', async () => {
    const { post, service } = await ready();
    await post(SEED_UPLOAD);
    expect(service.readings('bob')).toEqual([]);
    expect(service.account('bob')).toBeUndefined();
  });
});

describe('a service started again over the same store', () => {
  it('knows accounts, receivers and readings from before', async () => {
    const store = new MemoryShareStore();
    const seed = { name: 'ann@example.com', password: 'pass word' };
    const { service } = make({ store, accounts: [READY] });
    const session = await signIn(service);
    await ask(service, `Publisher/PostReceiverEgvRecords?sessionId=${session}`, SEED_UPLOAD);
    const { service: again } = make({ store, accounts: [seed] });
    expect((await ask(again, read(session))).status).toBe(200);
    expect(again.account('ann@example.com')).toEqual(service.account('ann@example.com'));
    expect(again.readings('ann@example.com')).toMatchObject([{ mgDl: 97 }]);
    const post = `Publisher/PostReceiverEgvRecords?sessionId=${await signIn(again)}`;
    expect(codeOf(await ask(again, post, SEED_UPLOAD))).toBe('DuplicateEgvPosted');
  });
});

describe('the rest', () => {
  it('tells the time to anybody', async () => {
    const { service, time } = make();
    const answer = await ask(service, 'General/SystemUtcTime', undefined, 'GET');
    expect(answer).toMatchObject({
      status: 200,
      text: `{"DateTime":"/Date(${time.ms})/","OffsetMinutes":0}`,
    });
  });

  it('knows no other path, no other verb, and no endless request', async () => {
    const { service } = make({ options: { maxBodyBytes: 1000 } });
    expect(await ask(service, 'General/Nothing')).toMatchObject({ status: 404, type: 'text/html' });
    expect(await ask(service, 'General/SystemUtcTime')).toMatchObject({ status: 405 });
    const long = `{"accountName":"${'x'.repeat(1000)}"}`;
    expect(await ask(service, 'General/AuthenticatePublisherAccount', long)).toMatchObject({
      status: 413,
    });
  });

  it('writes no secret to its log', async () => {
    const lines: string[] = [];
    const { service } = make({ accounts: [READY], log: (line) => lines.push(line) });
    const session = await signIn(service);
    await ask(service, read(session));
    await ask(service, `Publisher/PostReceiverEgvRecords?sessionID=${session}`, SEED_UPLOAD);
    expect(lines).toEqual([
      'POST /ShareWebServices/Services/General/LoginPublisherAccountById 200',
      'POST /ShareWebServices/Services/Publisher/ReadPublisherLatestGlucoseValues?sessionId=…&minutes=1440&maxCount=288 200',
      'POST /ShareWebServices/Services/Publisher/PostReceiverEgvRecords?sessionID=… 200',
    ]);
  });
});
