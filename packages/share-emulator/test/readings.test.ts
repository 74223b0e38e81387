import { describe, expect, it } from 'vitest';
import type { ShareServiceOptions } from '../src/index.ts';
import {
  APPLICATION,
  ask,
  codeOf,
  logIn,
  make,
  READY,
  RECORDED_UPLOAD,
  RECORDED_UTC_MS,
  read,
  SERIAL,
} from './wire.ts';

const egv = (ms: number, value = 100) =>
  `{"Trend":4,"ST":"/Date(${ms})/","DT":"/Date(${ms})/","Value":${value}}`;
const upload = (...egvs: string[]) => `{"SN":"${SERIAL}","Egvs":[${egvs.join(',')}],"TA":0}`;

describe('readings', () => {
  async function ready(more: ShareServiceOptions = {}) {
    const { service, time } = make({ accounts: [READY], ...more });
    const session = await logIn(service);
    const post = (body: string) =>
      ask(service, `Publisher/PostReceiverEgvRecords?sessionId=${session}`, body);
    const get = async (minutes?: number, maxCount?: number) =>
      JSON.parse((await ask(service, read(session, minutes, maxCount))).text) as {
        Value: number;
      }[];
    return { service, time, session, post, get };
  }

  it('that were recorded come back in the spelling of today', async () => {
    const { post, session, service } = await ready();
    await post(RECORDED_UPLOAD);
    expect((await ask(service, read(session))).text).toBe(
      '[{"DT":"Date(1426754317000+0000)","ST":"Date(1426783106000)","Trend":"Flat","Value":97,"WT":"Date(1426768741000)"}]',
    );
  });

  it('and as in 2015: slashes, numbers, and the zone of the service behind DT', async () => {
    const { post, session, service } = await ready({ options: { generation: '2015' } });
    await post(RECORDED_UPLOAD);
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
    await post(RECORDED_UPLOAD);
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
    const base = RECORDED_UTC_MS;
    await post(upload(egv(base + 1000)));
    const again = await post(upload(egv(base + 1000), egv(base + 2000)));
    expect([again.status, codeOf(again)]).toEqual([500, 'DuplicateEgvPosted']);
    const seconds = service.readings('ann@example.com').map(({ stMs }) => (stMs - base) / 1000);
    expect(seconds).toEqual(stored);
  });

  it('that repeat within one batch are duplicates; ten seconds apart they are not', async () => {
    const { post, service } = await ready();
    expect(codeOf(await post(upload(egv(RECORDED_UTC_MS), egv(RECORDED_UTC_MS))))).toBe(
      'DuplicateEgvPosted',
    );
    expect((await post(upload(egv(RECORDED_UTC_MS), egv(RECORDED_UTC_MS + 10_000)))).status).toBe(
      200,
    );
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
      await post(RECORDED_UPLOAD);
      const answer = await ask(service, ...request(session));
      expect(JSON.parse(answer.text)).toMatchObject([{ Value: 97 }]);
    },
  );

  it('belong to the account they were posted to', async () => {
    const { post, service } = await ready();
    await post(RECORDED_UPLOAD);
    expect(service.readings('bob')).toEqual([]);
    expect(service.account('bob')).toBeUndefined();
  });
});
