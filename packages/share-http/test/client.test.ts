import { describe, expect, it } from 'vitest';
import {
  ACCOUNT,
  ACCOUNT_ID,
  answering,
  NAME,
  NOW_MS,
  PASSWORD,
  READY,
  SERIAL,
  SESSION_ID,
  start,
  upload,
} from './harness.ts';

describe('the clock of the service', () => {
  it('is read without logging in', async () => {
    const { client, calls } = await start();
    expect(await client().systemUtcTime()).toEqual({ utcMs: NOW_MS, offsetMinutes: 0 });
    expect(calls).toEqual(['SystemUtcTime']);
  });
});

describe('getting ready', () => {
  it('assigns the receiver and starts sharing when told to, and tells what it did', async () => {
    const { client, service, calls } = await start({ account: ACCOUNT });
    const share = client();
    expect(await share.sharing.ensureReady(' sm12345678 ', { assign: true })).toEqual({
      assigned: true,
      started: true,
    });
    expect(service.account(ACCOUNT.name)).toMatchObject({ receiver: SERIAL, sharing: true });
    expect(calls).toEqual([
      'AuthenticatePublisherAccount',
      'LoginPublisherAccountById',
      'CheckMonitoredReceiverAssignmentStatus',
      'ReplacePublisherAccountMonitoredReceiver',
      'IsRemoteMonitoringSessionActive',
      'StartRemoteMonitoringSession',
    ]);
    expect(await share.sharing.ensureReady(SERIAL, { assign: true })).toEqual({
      assigned: false,
      started: false,
    });
    expect(calls.slice(6)).toEqual([
      'CheckMonitoredReceiverAssignmentStatus',
      'IsRemoteMonitoringSessionActive',
    ]);
  });

  it('changes nothing when it may not assign', async () => {
    const { client, service, count } = await start({ account: ACCOUNT });
    await expect(client().sharing.ensureReady(SERIAL, { assign: false })).rejects.toMatchObject({
      code: 'receiverNotAssigned',
      data: { status: 'NotAssigned' },
      help: expect.stringContaining('Assign the receiver'),
    });
    expect(service.account(ACCOUNT.name)).toMatchObject({ receiver: undefined, sharing: false });
    expect(count('ReplacePublisherAccountMonitoredReceiver')).toBe(0);
  });

  it('leaves an assigned receiver and a running session as they are', async () => {
    const { client } = await start({ account: READY });
    const share = client();
    expect(await share.sharing.checkReceiver(SERIAL)).toEqual({
      assigned: true,
      status: 'AssignedToYou',
    });
    expect(await share.sharing.assignReceiver(SERIAL)).toBe('alreadyAssigned');
    expect(await share.sharing.isActive()).toBe(true);
    expect(await share.sharing.start(SERIAL)).toBe('alreadyActive');
  });

  it.each([
    ['an HTML page with HTTP 500', () => new Response('<html>', { status: 500 })],
    ['a fault nobody knows', () => Response.json({ Code: 'Odd' }, { status: 500 })],
  ])('takes %s on assigning for success if the receiver is assigned then', async (_, refuse) => {
    const words = ['AssignedToYou', 'NotAssigned'];
    const client = answering((url) =>
      url.includes('Replace') ? refuse() : Response.json(words.shift()),
    );
    expect(await client.sharing.assignReceiver(SERIAL)).toBe('alreadyAssigned');
    await expect(client.sharing.assignReceiver(SERIAL)).rejects.toMatchObject({
      name: 'ShareError',
    });
  });

  it('counts a word nobody has recorded as not assigned', async () => {
    const client = answering(() => new Response('AssignedElsewhere'));
    expect(await client.sharing.checkReceiver(SERIAL)).toEqual({
      assigned: false,
      status: 'AssignedElsewhere',
    });
  });
});

describe('uploading', () => {
  it('posts, and says when something was there already', async () => {
    const { client, service } = await start();
    const share = client();
    expect(await share.postReceiverEgvRecords(upload(600, 300))).toEqual({ outcome: 'posted' });
    expect(await share.postReceiverEgvRecords(upload(300))).toEqual({ outcome: 'duplicate' });
    expect(service.readings(ACCOUNT.name)).toHaveLength(2);
  });

  it.each([
    ['no receiver', ACCOUNT, { code: 'notSharing', retryable: false }],
    [
      'another receiver',
      { ...READY, receiver: 'SM99999999' },
      {
        code: 'receiverNotAssigned',
        data: { status: 'MonitoredReceiverSerialNumberDoesNotMatch' },
      },
    ],
    ['no sharing', { ...READY, sharing: false }, { code: 'notSharing' }],
  ])('with %s is refused with what to do about it', async (_, account, error) => {
    const { client, service } = await start({ account });
    await expect(client().postReceiverEgvRecords(upload(0))).rejects.toMatchObject({
      ...error,
      outcomeUnknown: false,
    });
    expect(service.readings(ACCOUNT.name)).toEqual([]);
  });

  it.each([
    [{ kind: 'drop', when: 'before' }, 'connectionLost', 0],
    [{ kind: 'drop', when: 'after' }, 'connectionLost', 1],
    [{ kind: 'truncate' }, 'connectionLost', 1],
    [{ kind: 'html', status: 502, when: 'after' }, 'unavailable', 1],
    [{ kind: 'html', status: 503 }, 'unavailable', 0],
    [{ kind: 'html', status: 200, when: 'after' }, 'badReply', 1],
  ] as const)(
    'broken by %j leaves the outcome unknown, and says so',
    async (failure, code, stored) => {
      const { client, service, count } = await start();
      service.failNext({ ...failure, endpoint: 'PostReceiverEgvRecords' });
      await expect(client().postReceiverEgvRecords(upload(0))).rejects.toMatchObject({
        code,
        outcomeUnknown: true,
        retryable: true,
      });
      expect(service.readings(ACCOUNT.name)).toHaveLength(stored);
      expect(count('PostReceiverEgvRecords')).toBe(1); // never repeated by the client
    },
  );

  it('broken by an endless wait is a timeout with the outcome unknown', async () => {
    const { client, service } = await start();
    const share = client({ timeoutMs: 2000 });
    await share.sharing.isActive();
    service.failNext({ kind: 'hang', when: 'after' });
    await expect(share.postReceiverEgvRecords(upload(0))).rejects.toMatchObject({
      code: 'timeout',
      outcomeUnknown: true,
      message: expect.stringContaining('within 2000 ms; it may have been carried out'),
    });
    expect(service.readings(ACCOUNT.name)).toHaveLength(1);
  });

  it('refused in so many words leaves nothing unknown', async () => {
    const { client, service } = await start();
    service.failNext({ kind: 'fault', code: 'Unknown', endpoint: 'PostReceiverEgvRecords' });
    await expect(client().postReceiverEgvRecords(upload(0))).rejects.toMatchObject({
      code: 'serviceFault',
      outcomeUnknown: false,
      data: { faultCode: 'Unknown' },
    });
  });

  it('does not send what the service could not take', async () => {
    const { client, count } = await start();
    await expect(
      client().postReceiverEgvRecords({ SN: SERIAL, Egvs: [], TA: 0 }),
    ).rejects.toMatchObject({
      name: 'InputError',
    });
    expect(count('PostReceiverEgvRecords')).toBe(0);
  });
});

describe('reading back', () => {
  it('gives the newest first, with true time, value, status and trend', async () => {
    const { client } = await start();
    const share = client();
    await share.postReceiverEgvRecords({
      SN: SERIAL,
      Egvs: [
        {
          Trend: 4,
          ST: `/Date(${NOW_MS - 600_000})/`,
          DT: `/Date(${NOW_MS - 600_000})/`,
          Value: 39,
        },
        { Trend: 1, ST: `/Date(${NOW_MS})/`, DT: `/Date(${NOW_MS})/`, Value: 401 },
        {
          Trend: 8,
          ST: `/Date(${NOW_MS - 300_000})/`,
          DT: `/Date(${NOW_MS - 300_000})/`,
          Value: 120,
        },
      ],
      TA: 0,
    });
    const readings = await share.readings();
    expect(
      readings.map(({ utcMs, mgDl, status, trend }) => [NOW_MS - utcMs, mgDl, status, trend.name]),
    ).toEqual([
      [0, 401, 'high', 'DoubleUp'],
      [300_000, 120, 'inRange', 'NotComputable'],
      [600_000, 39, 'low', 'Flat'],
    ]);
    expect(await share.readings({ minutes: 6, maxCount: 5 })).toHaveLength(2);
    expect(await share.readings({ maxCount: 1 })).toHaveLength(1);
    expect(await share.readings({ minutes: 0 })).toEqual([]);
    expect((await share.readGlucose({ maxCount: 1 }))[0]).toEqual({
      DT: `Date(${NOW_MS}+0000)`,
      ST: `Date(${NOW_MS})`,
      Trend: 'DoubleUp',
      Value: 401,
      WT: `Date(${NOW_MS})`,
    });
  });

  it('understands the service of 2015 as well', async () => {
    const { client } = await start({ behaviour: { generation: '2015' } });
    const share = client({ login: 'oneStep' });
    expect(await share.sharing.ensureReady(SERIAL, { assign: false })).toEqual({
      assigned: false,
      started: false,
    });
    await share.postReceiverEgvRecords(upload(300));
    expect(await share.readings()).toMatchObject([
      { utcMs: NOW_MS - 300_000, offsetMinutes: -420, trend: { raw: 4, name: 'Flat' } },
    ]);
  });

  it('puts in order what comes out of order', async () => {
    const client = answering(() =>
      Response.json([
        { WT: 'Date(1000)', Value: 101 },
        { WT: 'Date(3000)', Value: 103 },
        { WT: 'Date(2000)', Value: 102 },
      ]),
    );
    expect((await client.readings()).map(({ mgDl }) => mgDl)).toEqual([103, 102, 101]);
  });

  it('fails rather than inventing a time', async () => {
    const client = answering(() => Response.json([{ Value: 100, WT: 'soon' }]));
    await expect(client.readings()).rejects.toMatchObject({ code: 'badReply' });
    expect(await client.readGlucose()).toEqual([{ Value: 100, WT: 'soon' }]);
  });

  it('shows the one record among many that has no date, and no secret in it', async () => {
    const odd = { Value: 100, WhenItWas: 'soon\x1b[2J', sessionId: SESSION_ID, for: NAME };
    const records = [{ WT: 'Date(1000)', Value: 101 }, odd, { WT: 'Date(2000)', Value: 102 }];
    const client = answering(() => Response.json(records));
    await expect(client.readings()).rejects.toMatchObject({
      data: {
        problem: '[1] has no date that can be read',
        excerpt: '{"Value":100,"WhenItWas":"soon\\u001b[2J","sessionId":…,"for":"…"}',
      },
    });
  });

  it('shows what the service says in place of the time', async () => {
    const client = answering(() => Response.json({ DateTime: 'noon', OffsetMinutes: 0 }));
    await expect(client.systemUtcTime()).rejects.toMatchObject({
      code: 'badReply',
      data: {
        problem: 'DateTime cannot be read',
        excerpt: '{"DateTime":"noon","OffsetMinutes":0}',
      },
    });
  });

  it('gives the newest as among all of them, when it is the copy that is newest', async () => {
    const records = [
      { WT: `Date(${NOW_MS - 1000})`, Value: 100 },
      { WT: `Date(${NOW_MS - 4000})`, Value: 101 },
      { WT: `Date(${NOW_MS - 10_000})`, Value: 100 },
      { WT: `Date(${NOW_MS - 13_000})`, Value: 101 },
      { WT: `Date(${NOW_MS - 301_000})`, Value: 100 },
    ];
    const client = answering((url) => {
      const maxCount = Number(new URL(url).searchParams.get('maxCount'));
      return Response.json(records.slice(0, maxCount));
    });
    const [newest] = await client.readings();
    expect(newest).toMatchObject({ utcMs: NOW_MS - 10_000, duplicates: [{ mgDl: 100 }] });
    expect(await client.latest()).toEqual(newest);
    expect(await client.current()).toEqual(newest);
  });
});

describe('a client', () => {
  it('works with the account id in place of the name', async () => {
    const { client, calls } = await start();
    const share = client({ accountName: undefined, accountId: ACCOUNT_ID } as object);
    expect(await share.sharing.isActive()).toBe(true);
    expect(calls).toEqual(['LoginPublisherAccountById', 'IsRemoteMonitoringSessionActive']);
  });

  it('says who it is, asks for JSON, and encodes what it sends', async () => {
    const seen: [string, RequestInit][] = [];
    const client = answering((url, init) => {
      seen.push([url, init]);
      return new Response('NotAssigned');
    });
    await client.sharing.checkReceiver('a+b c');
    expect(seen).toHaveLength(1);
    const [url, init] = seen[0]!;
    expect(url).toMatch(/^https:\/\/share2\.dexcom\.com\/.*&serialNumber=A%2BB%20C$/);
    expect(init).toMatchObject({ method: 'POST', redirect: 'manual' });
    expect(init.headers).toEqual({
      accept: 'application/json',
      'content-type': 'application/json',
      'user-agent': 'egvkit',
    });
    expect(init).not.toHaveProperty('body');
  });

  it('trims the name, but never the password', async () => {
    const { client } = await start();
    expect(await client({ accountName: ' ann@example.com\n' } as object).sharing.isActive()).toBe(
      true,
    );
    await expect(client({ password: `${PASSWORD} ` }).sharing.isActive()).rejects.toMatchObject({
      code: 'credentialsRefused',
    });
  });
});
