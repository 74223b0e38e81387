import { describe, expect, it } from 'vitest';
import { memoryShareStore } from '../src/index.ts';
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

describe('logging in', () => {
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
      type: 'application/json',
    });
    const session = await logIn(service);
    expect(session).toMatch(/^[0-9a-f-]{36}$/);
    expect(await logIn(service)).not.toBe(session);
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
      const store = memoryShareStore();
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
      const session = await logIn(service);
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
    const session = await logIn(service);
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
    const session = await logIn(service);
    const both = `sessionId=${session}&serialNumber=${SERIAL.toLowerCase()}`;
    const check = `Publisher/CheckMonitoredReceiverAssignmentStatus?${both}`;
    const start = `Publisher/StartRemoteMonitoringSession?${both}`;
    const post = `Publisher/PostReceiverEgvRecords?sessionId=${session}`;

    expect((await ask(service, check)).text).toBe('"NotAssigned"');
    expect(codeOf(await ask(service, start))).toBe('MonitoredReceiverNotAssigned');
    expect(codeOf(await ask(service, post, RECORDED_UPLOAD))).toBe('MonitoringSessionNotActive');

    const replace = `Publisher/ReplacePublisherAccountMonitoredReceiver?${both}`;
    expect(await ask(service, replace)).toMatchObject({ status: 200, text: '' });
    expect((await ask(service, replace)).status).toBe(500);
    expect((await ask(service, check)).text).toBe('"AssignedToYou"');

    expect(await ask(service, start)).toMatchObject({ status: 200, text: '' });
    expect(JSON.parse((await ask(service, start)).text)).toMatchObject({
      Code: 'MonitoringSessionAlreadyActive',
      Message: 'Publisher account already has an active monitoring session.',
    });
    expect(await ask(service, post, RECORDED_UPLOAD)).toMatchObject({ status: 200, text: '' });
    expect(service.account('ann@example.com')).toMatchObject({
      receiver: SERIAL,
      sharing: true,
    });
  });

  it('does not take readings of another receiver', async () => {
    const { service } = make({ accounts: [READY] });
    const session = await logIn(service);
    const foreign = RECORDED_UPLOAD.replace(SERIAL, 'SM00000000');
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
    const session = await logIn(service);
    const check = `Publisher/CheckMonitoredReceiverAssignmentStatus?sessionId=${session}&serialNumber=${SERIAL}`;
    expect((await ask(service, check)).text).toBe('"AssignedToOther"');
  });
});

describe('a service started again over the same store', () => {
  it('knows accounts, receivers and readings from before', async () => {
    const store = memoryShareStore();
    const seed = { name: 'ann@example.com', password: 'pass word' };
    const { service } = make({ store, accounts: [READY] });
    const session = await logIn(service);
    await ask(service, `Publisher/PostReceiverEgvRecords?sessionId=${session}`, RECORDED_UPLOAD);
    const { service: again } = make({ store, accounts: [seed] });
    expect((await ask(again, read(session))).status).toBe(200);
    expect(again.account('ann@example.com')).toEqual(service.account('ann@example.com'));
    expect(again.readings('ann@example.com')).toMatchObject([{ mgDl: 97 }]);
    const post = `Publisher/PostReceiverEgvRecords?sessionId=${await logIn(again)}`;
    expect(codeOf(await ask(again, post, RECORDED_UPLOAD))).toBe('DuplicateEgvPosted');
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
    const session = await logIn(service);
    await ask(service, read(session));
    await ask(service, `Publisher/PostReceiverEgvRecords?sessionID=${session}`, RECORDED_UPLOAD);
    expect(lines).toEqual([
      'POST /ShareWebServices/Services/General/LoginPublisherAccountById 200',
      'POST /ShareWebServices/Services/Publisher/ReadPublisherLatestGlucoseValues?sessionId=…&minutes=1440&maxCount=288 200',
      'POST /ShareWebServices/Services/Publisher/PostReceiverEgvRecords?sessionID=… 200',
    ]);
  });
});
