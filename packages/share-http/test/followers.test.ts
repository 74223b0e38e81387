import { describe, expect, it } from 'vitest';
import { answering, fault, NOW_MS, start } from './harness.ts';

const BOB = { name: 'Bob', email: 'bob@example.invalid', displayName: 'Ann' };
const WEEK_MS = 604_800_000;
/** Time passes only by waiting; requests are not timed out. */
const patient = (time: { ms: number }) => ({
  timeoutMs: 777_777,
  sleep: async (ms: number, signal: AbortSignal) => {
    if (ms !== 777_777) time.ms += ms;
    else await new Promise((done) => signal.addEventListener('abort', done));
  },
});

describe('inviting', () => {
  it('waits two seconds for a contact that is not found yet', async () => {
    const { client, time, count } = await start({ behaviour: { contactLagMs: 2000 } });
    const { followers } = client(patient(time));
    const { subscriptionId } = await followers.invite(BOB);
    expect(time.ms).toBe(NOW_MS + 2000);
    expect(count('CreateSubscriptionInvitation')).toBe(2);
    expect(await followers.list()).toMatchObject([{ subscriptionId, state: { name: 'invited' } }]);
  });

  it('waits once only, and takes the contact back', async () => {
    const { client, time, count } = await start({ behaviour: { contactLagMs: 60_000 } });
    const { followers } = client(patient(time));
    await expect(followers.invite(BOB)).rejects.toMatchObject({
      code: 'refused',
      data: { faultCode: 'ContactIdNotFound' },
    });
    expect(count('CreateSubscriptionInvitation')).toBe(2);
    expect(await followers.contactExists('Bob')).toBe(false);
  });

  it.each([
    { kind: 'fault', code: 'Unknown' },
    { kind: 'html', status: 503 },
    { kind: 'drop', when: 'before' },
  ] as const)('leaves nothing behind when the invitation fails: %j', async (trouble) => {
    const { client, service } = await start();
    const { followers } = client();
    service.failNext({ ...trouble, endpoint: 'CreateSubscriptionInvitation' });
    await expect(followers.invite(BOB)).rejects.toMatchObject({ name: 'ShareError' });
    expect(await followers.contactExists('Bob')).toBe(false);
    expect(await followers.invite(BOB)).toMatchObject({ contactCreated: true });
  });

  it('finds the invitation again that was sent although no answer came', async () => {
    const { client, service, count } = await start();
    const { followers } = client();
    service.failNext({ kind: 'drop', when: 'after', endpoint: 'CreateSubscriptionInvitation' });
    const { subscriptionId } = await followers.invite(BOB);
    expect(await followers.list()).toMatchObject([{ subscriptionId }]);
    expect(count('CreateSubscriptionInvitation')).toBe(1);
  });

  it('says so when the contact cannot be taken back', async () => {
    const { client, service } = await start();
    service.failNext({ kind: 'fault', code: 'Unknown', endpoint: 'CreateSubscriptionInvitation' });
    service.failNext({ kind: 'html', status: 500, endpoint: 'DeleteContact' });
    await expect(client().followers.invite(BOB)).rejects.toMatchObject({
      code: 'undoFailed',
      data: { reason: 'unavailable' },
      cause: { code: 'serviceFault' },
    });
  });

  it('refuses a name that is taken by a follower or by an open invitation', async () => {
    const { client, service } = await start();
    const { followers } = client();
    const { subscriptionId } = await followers.invite(BOB);
    const taken = { code: 'refused', data: { faultCode: 'ContactNameAlreadyExists' } };
    await expect(followers.invite(BOB)).rejects.toMatchObject(taken);
    await service.acceptInvitation(subscriptionId);
    await expect(followers.invite(BOB)).rejects.toMatchObject(taken);
    expect(await followers.list()).toHaveLength(1);
  });

  it('uses a contact again whose invitation has expired, if the address is the same', async () => {
    const { client, time } = await start();
    const first = await client().followers.invite(BOB);
    time.ms += WEEK_MS;
    const other = { ...BOB, email: 'bert@example.invalid' };
    await expect(client().followers.invite(other)).rejects.toMatchObject({ code: 'refused' });
    expect(await client().followers.invite({ ...BOB, email: 'BOB@example.invalid' })).toMatchObject(
      {
        contactId: first.contactId,
        contactCreated: false,
      },
    );
  });

  it('sends nothing when the alerts are out of range', async () => {
    const { client, calls } = await start();
    const alerts = { urgentLow: { thresholdMgDl: 56 } };
    await expect(client().followers.invite({ ...BOB, alerts })).rejects.toMatchObject({
      name: 'InputError',
      code: 'outOfRange',
    });
    expect(calls).toEqual([]);
  });
});

describe('the list of followers', () => {
  it('keeps states and permissions that nobody has recorded', async () => {
    const items = [
      { SubscriptionId: 's-1', State: 4, Permissions: 9, Extra: true },
      { SubscriptionId: 's-2', State: 'Active', ContactName: null },
      { SubscriptionId: 's-3', State: '6', Permissions: '1' },
    ];
    const client = answering(() => Response.json(items));
    expect(await client.followers.list()).toMatchObject([
      { state: { raw: 4, name: undefined }, permissions: { raw: 9, name: undefined } },
      { state: { raw: 'Active', name: undefined }, contactName: undefined },
      { state: { raw: '6', name: 'active' }, permissions: { name: 'graph' } },
    ]);
  });

  it('shows a deleted follower as removed where the service still lists them', async () => {
    const { client } = await start({ behaviour: { deletedSubscriptions: 'listed' } });
    const { followers } = client();
    const { contactId } = await followers.invite(BOB);
    await followers.remove(contactId);
    expect(await followers.list()).toMatchObject([{ state: { raw: 10, name: 'removed' } }]);
  });

  it.each(['pause', 'resume', 'alerts'] as const)(
    '%s of somebody unknown is a refusal',
    async (call) => {
      const client = answering(() => fault('InvalidArgument', 'subscriptionId'));
      await expect(client.followers[call]('nobody')).rejects.toMatchObject({ code: 'refused' });
    },
  );

  it.each(['', 'a b', 'x'.repeat(65)])('%j is no id, and is not sent', async (id) => {
    const client = answering(() => expect.unreachable('it was sent'));
    await expect(client.followers.remove(id)).rejects.toMatchObject({ name: 'InputError' });
  });
});
