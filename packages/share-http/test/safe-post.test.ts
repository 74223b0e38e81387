import type { EgvUpload } from '@egvkit/protocol/share';
import { describe, expect, it } from 'vitest';
import { answering, fault, NOW_MS, start, upload } from './harness.ts';

const AGES = [900, 600, 300];
const times = (egvs: readonly { readonly ST: string }[]) => egvs.map(({ ST }) => ST);

describe('a post with a second look', () => {
  it('is one request when all goes well', async () => {
    const { client, calls } = await start();
    const body = upload(...AGES);
    expect(await client().postEgvs(body)).toEqual({
      outcome: 'posted',
      stored: body.Egvs,
      missing: [],
    });
    expect(calls.slice(2)).toEqual(['PostReceiverEgvRecords']);
  });

  it.each([
    ['after', 1],
    ['before', 2],
  ] as const)('finds out what a connection that broke %s the commit did', async (when, posts) => {
    const { client, count, service } = await start();
    service.failNext({ kind: 'drop', when, endpoint: 'PostReceiverEgvRecords' });
    const body = upload(...AGES);
    const { outcome, stored, missing } = await client().postEgvs(body);
    expect({ outcome, missing }).toEqual({ outcome: 'reconciled', missing: [] });
    expect(times(stored)).toEqual(times(body.Egvs));
    expect(count('PostReceiverEgvRecords')).toBe(posts);
    expect(service.readings('ann@example.com')).toHaveLength(3);
  });

  it.each(['storeNothing', 'storeTheRest'] as const)(
    'posts what is missing of a batch with a duplicate, when the service does %s',
    async (duplicateBatch) => {
      const { client, service } = await start({ behaviour: { duplicateBatch } });
      const share = client();
      await share.postReceiverEgvRecords(upload(600));
      expect(await share.postEgvs(upload(...AGES))).toMatchObject({
        outcome: 'reconciled',
        missing: [],
      });
      expect(service.readings('ann@example.com')).toHaveLength(3);
    },
  );

  it('takes a single duplicate for done without looking', async () => {
    const { client, count } = await start();
    const share = client();
    await share.postReceiverEgvRecords(upload(300));
    expect(await share.postEgvs(upload(300))).toMatchObject({ outcome: 'reconciled' });
    expect(count('ReadPublisherLatestGlucoseValues')).toBe(0);
  });

  it('knows its readings again when the service corrects the clock', async () => {
    const { client, service } = await start({ behaviour: { honoursTimeAdjustment: true } });
    service.failNext({ kind: 'drop', when: 'after', endpoint: 'PostReceiverEgvRecords' });
    const fast = { ...upload(300), TA: -3600 };
    const ahead = `/Date(${NOW_MS - 300_000 + 3_600_000})/`;
    const body = { ...fast, Egvs: [{ Trend: 4, Value: 99, ST: ahead, DT: ahead }] };
    expect(await client().postEgvs(body)).toMatchObject({ missing: [] });
    expect(service.readings('ann@example.com')).toHaveLength(1);
  });

  it('posts what is missing once, and reports what is missing still', async () => {
    let posts = 0;
    const client = answering(
      (url) => {
        if (!url.includes('PostReceiverEgvRecords')) return Response.json([]);
        posts++;
        return fault('DuplicateEgvPosted');
      },
      { now: () => NOW_MS },
    );
    const body = upload(...AGES);
    const { missing, stored } = await client.postEgvs(body);
    expect(times(missing)).toEqual(times(body.Egvs));
    expect(stored).toEqual([]);
    expect(posts).toBe(2);
  });

  it('knows its readings again where only the true time is told', async () => {
    const told = [{ WT: `Date(${NOW_MS - 300_000})`, Value: 100 }];
    const posted: string[][] = [];
    const client = answering(
      (url, { body }) => {
        if (!url.includes('PostReceiverEgvRecords')) return Response.json(told);
        posted.push(times((JSON.parse(String(body)) as EgvUpload).Egvs));
        return fault('DuplicateEgvPosted');
      },
      { now: () => NOW_MS },
    );
    const ahead = upload(300, 600);
    const Egvs = ahead.Egvs.map((egv, index) => {
      const date = `/Date(${NOW_MS - 300_000 * (index + 1) + 60_000})/`;
      return { ...egv, ST: date, DT: date };
    });
    const { stored, missing } = await client.postEgvs({ ...ahead, Egvs, TA: -60 });
    expect(posted).toEqual([times(Egvs), [Egvs[1]?.ST]]);
    // Of a single one the service has said that it is there.
    expect(times(stored)).toEqual(times(Egvs));
    expect(missing).toEqual([]);
  });

  it('takes an answer that is full for one that may end too soon', async () => {
    const full = Array.from({ length: 288 }, (_, n) => ({ WT: `Date(${NOW_MS - n})`, Value: 40 }));
    let posts = 0;
    const client = answering(
      (url) => {
        if (!url.includes('PostReceiverEgvRecords')) return Response.json(full);
        posts++;
        return fault('DuplicateEgvPosted');
      },
      { now: () => NOW_MS },
    );
    await expect(client.postEgvs(upload(...AGES))).rejects.toMatchObject({
      code: 'duplicateBatch',
      outcomeUnknown: true,
    });
    expect(posts).toBe(1);
  });

  it('says that it cannot tell when the readings are too old to be read back', async () => {
    const { client, service, count } = await start();
    service.failNext({ kind: 'drop', when: 'after', endpoint: 'PostReceiverEgvRecords' });
    await expect(client().postEgvs(upload(86_400))).rejects.toMatchObject({
      outcomeUnknown: true,
    });
    expect(count('PostReceiverEgvRecords')).toBe(1);
  });

  const POST = 'PostReceiverEgvRecords';
  const READ = 'ReadPublisherLatestGlucoseValues';
  it.each([
    [{ kind: 'html', status: 503 }, 'unavailable'],
    [{ kind: 'drop', when: 'before' }, 'connectionLost'],
    [{ kind: 'fault', code: 'Unknown' }, 'serviceFault'],
    [{ kind: 'html', status: 429 }, 'tooManyRequests'],
  ] as const)('leaves the outcome unknown when reading back fails too: %j', async (fails, code) => {
    const { client, service, count } = await start();
    service.failNext({ kind: 'drop', when: 'after', endpoint: POST });
    service.failNext({ ...fails, endpoint: READ });
    await expect(client().postEgvs(upload(...AGES))).rejects.toMatchObject({
      name: 'ShareError',
      code: 'connectionLost',
      data: { endpoint: POST },
      outcomeUnknown: true,
      retryable: true,
      cause: { code, outcomeUnknown: false },
    });
    expect(service.readings('ann@example.com')).toHaveLength(3);
    expect(count(POST)).toBe(1);
  });

  it.each(['storeNothing', 'storeTheRest'] as const)(
    'leaves open what is there of a batch with a duplicate if it cannot look (%s)',
    async (duplicateBatch) => {
      const { client, service } = await start({ behaviour: { duplicateBatch } });
      const share = client();
      await share.postReceiverEgvRecords(upload(600));
      service.failNext({ kind: 'html', status: 503, endpoint: READ });
      await expect(share.postEgvs(upload(...AGES))).rejects.toMatchObject({
        code: 'duplicateBatch',
        data: { endpoint: POST, count: AGES.length },
        help: expect.stringContaining('Read back'),
        outcomeUnknown: true,
        retryable: true,
        cause: { code: 'unavailable', data: { endpoint: READ } },
      });
    },
  );

  it('keeps the doubt about the first post when the second is refused', async () => {
    const { client, service, count } = await start();
    const share = client();
    await share.postReceiverEgvRecords(upload(600));
    service.failNext({ kind: 'drop', when: 'before', endpoint: POST });
    service.failNext({ kind: 'fault', code: 'Unknown', endpoint: POST });
    await expect(share.postEgvs(upload(...AGES))).rejects.toMatchObject({
      code: 'connectionLost',
      outcomeUnknown: true,
      cause: { code: 'serviceFault', outcomeUnknown: false },
    });
    expect(count(POST)).toBe(3);
  });

  it('ends with the reason of the signal while it reads back', async () => {
    const { client, service } = await start();
    const reason = new Error('the user left');
    const stop = new AbortController();
    service.failNext({ kind: 'drop', when: 'after', endpoint: POST });
    service.failNext({ kind: 'hang', when: 'before', endpoint: READ });
    service.onRequest(({ endpoint }) => {
      if (endpoint === READ) stop.abort(reason);
    });
    await expect(client().postEgvs(upload(...AGES), { signal: stop.signal })).rejects.toBe(reason);
  });
});
