import { orAborted } from '@egvkit/platform';
import { subscriptionStatus } from '@egvkit/protocol/share';
import { describe, expect, it } from 'vitest';
import type { FollowerError, FollowerErrorCode } from '../src/index.ts';
import { answering, fault, NOW_MS, start } from './harness.ts';

const BOB = { name: 'Bob', email: 'bob@example.invalid', displayName: 'Ann' };
const WEEK_MS = 604_800_000;
/** Time passes only by waiting; requests are not timed out. */
const patient = (time: { ms: number }) => ({
  timeoutMs: 777_777,
  loginTimeoutMs: 777_777,
  sleep: async (ms: number, signal?: AbortSignal) => {
    if (ms !== 777_777) time.ms += ms;
    else await orAborted(new Promise(() => {}), signal);
  },
});

/** Gives the error of a call. */
const failed = <Code extends FollowerErrorCode>(call: Promise<unknown>) =>
  call.then(
    () => expect.unreachable('it went well'),
    (error: unknown) => error as FollowerError<Code>,
  );

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
  ] as const)('leaves nothing behind when the invitation fails: %j', async (failure) => {
    const { client, service } = await start();
    const { followers } = client();
    service.failNext({ ...failure, endpoint: 'CreateSubscriptionInvitation' });
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

  it.each([
    [{ kind: 'html', status: 500 }, 'unavailable', true, 'may not have been removed'],
    [{ kind: 'html', status: 400 }, 'badRequest', false, 'could not be removed'],
  ] as const)(
    'says how to take the contact back when that fails: %j',
    async (failure, reason, outcomeUnknown, words) => {
      const { client, service } = await start();
      const { followers } = client();
      service.failNext({
        kind: 'fault',
        code: 'Unknown',
        endpoint: 'CreateSubscriptionInvitation',
      });
      service.failNext({ ...failure, endpoint: 'DeleteContact' });
      const error = await failed<'undoFailed'>(followers.invite(BOB));
      const { contactId } = error.data;
      expect(error).toMatchObject({
        code: 'undoFailed',
        message: expect.stringContaining(words),
        help: expect.stringContaining(`followers.remove('${contactId}')`),
        data: { reason, outcomeUnknown },
        outcomeUnknown,
        cause: { code: 'serviceFault' },
      });
      expect(await followers.list()).toEqual([]);
      await followers.remove(contactId);
      expect(await followers.invite(BOB)).toMatchObject({ contactCreated: true });
    },
  );

  it.each([
    ['before', []],
    ['after', [{ state: { name: 'invited' } }]],
  ] as const)(
    'tells which contact it is about when nobody can say whether it was invited: %s',
    async (when, listed) => {
      const { client, service } = await start();
      const { followers } = client();
      service.failNext({ kind: 'drop', when, endpoint: 'CreateSubscriptionInvitation' });
      service.failNext({
        kind: 'html',
        status: 503,
        endpoint: 'ListPublisherAccountSubscriptions',
      });
      const error = await failed<'invitationUncertain'>(followers.invite(BOB));
      const { contactId } = error.data;
      expect(error).toMatchObject({
        code: 'invitationUncertain',
        help: expect.stringContaining(`followers.remove('${contactId}')`),
        data: { endpoint: 'CreateSubscriptionInvitation', reason: 'unavailable' },
        outcomeUnknown: true,
        retryable: false,
        cause: { code: 'connectionLost', outcomeUnknown: true },
      });
      expect(await followers.list()).toMatchObject(listed);
      await followers.remove(contactId);
      expect(await followers.invite(BOB)).toMatchObject({ contactCreated: true });
    },
  );

  it.each([
    ['before', false],
    ['after', true],
  ] as const)(
    'says that the name may be taken when nobody can say whether the contact was made: %s',
    async (when, isTaken) => {
      const { client, service, count } = await start();
      const { followers } = client();
      service.failNext({ kind: 'drop', when, endpoint: 'CreateContact' });
      expect(await failed(followers.invite(BOB))).toMatchObject({
        code: 'contactUncertain',
        help: expect.stringContaining('followers.contactExists(name)'),
        data: { endpoint: 'CreateContact', reason: 'connectionLost' },
        outcomeUnknown: true,
        cause: { code: 'connectionLost' },
      });
      expect(count('CreateSubscriptionInvitation')).toBe(0);
      expect(await followers.contactExists('Bob')).toBe(isTaken);
    },
  );

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

  it('refuses a name whose newest invitation counts, whatever came before it', async () => {
    const { client, service, time, count } = await start();
    const taken = { code: 'refused', data: { faultCode: 'ContactNameAlreadyExists' } };
    await client().followers.invite(BOB);
    time.ms += WEEK_MS;
    const { subscriptionId } = await client().followers.invite(BOB);
    await expect(client().followers.invite(BOB)).rejects.toMatchObject(taken);
    await service.acceptInvitation(subscriptionId);
    await expect(client().followers.invite(BOB)).rejects.toMatchObject(taken);
    await client().followers.pause(subscriptionId);
    await expect(client().followers.invite(BOB)).rejects.toMatchObject(taken);
    expect(count('CreateSubscriptionInvitation')).toBe(2);
  });

  it.each([
    ['a state that nobody has recorded', { State: 4 }],
    ['an invitation that does not say when it ends', {}],
  ])('sends no second e-mail to %s', async (_, more) => {
    const { client, service, count } = await start();
    const { followers } = client();
    const { contactId, subscriptionId } = await followers.invite(BOB);
    const ContactName = BOB.name;
    const item = { ContactId: contactId, SubscriptionId: subscriptionId, ContactName, State: 2 };
    service.failNext({
      kind: 'body',
      status: 200,
      body: JSON.stringify([{ ...item, ...more }]),
      endpoint: 'ListPublisherAccountSubscriptions',
    });
    await expect(followers.invite(BOB)).rejects.toMatchObject({ code: 'refused' });
    expect(count('CreateSubscriptionInvitation')).toBe(1);
  });

  it('passes over a contact that is gone and lingers in the list under the name', async () => {
    const { client, service, time } = await start();
    const { contactId } = await client().followers.invite(BOB);
    time.ms += WEEK_MS;
    const item = { ContactName: BOB.name, SubscriptionId: 's-1' };
    const expired = { DateTime: `/Date(${NOW_MS})/`, OffsetMinutes: 0 };
    service.failNext({
      kind: 'body',
      status: 200,
      body: JSON.stringify([
        { ...item, ContactId: 'gone', State: 10 },
        { ...item, ContactId: contactId, State: 2, InviteExpires: expired },
      ]),
      endpoint: 'ListPublisherAccountSubscriptions',
    });
    const { followers } = client(patient(time));
    expect(await followers.invite(BOB)).toMatchObject({ contactId, contactCreated: false });
  });

  it('does not take an earlier invitation for the one that was not sent', async () => {
    const { client, service, time } = await start();
    await client().followers.invite(BOB);
    time.ms += WEEK_MS;
    service.failNext({ kind: 'drop', when: 'before', endpoint: 'CreateSubscriptionInvitation' });
    await expect(client().followers.invite(BOB)).rejects.toMatchObject({
      code: 'connectionLost',
      outcomeUnknown: true,
    });
    expect(await client().followers.list()).toHaveLength(1);
  });

  it('finds the invitation that was sent, not the one before it', async () => {
    const { client, service, time } = await start();
    const first = await client().followers.invite(BOB);
    time.ms += WEEK_MS;
    service.failNext({ kind: 'drop', when: 'after', endpoint: 'CreateSubscriptionInvitation' });
    const second = await client().followers.invite(BOB);
    expect(second.subscriptionId).not.toBe(first.subscriptionId);
    const listed = await client().followers.list();
    const stands = listed.map((one) => [one.subscriptionId, subscriptionStatus(one, time.ms)]);
    expect(stands).toEqual([
      [first.subscriptionId, 'expired'],
      [second.subscriptionId, 'invited'],
    ]);
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

describe('the alerts of a follower', () => {
  it('have no number for a duration that cannot be read, and keep it as it came', async () => {
    const alert = {
      MinValue: 39,
      MaxValue: 70,
      AlertType: 2,
      IsEnabled: true,
      AlarmDelay: 'soon',
      RealarmDelay: 'PT',
    };
    const names = ['HighAlert', 'LowAlert', 'FixedLowAlert', 'NoDataAlert'];
    const all = Object.fromEntries(names.map((name) => [name, alert]));
    const client = answering(() => Response.json(all));
    const { low } = await client.followers.alerts('s-1');
    expect(low).toMatchObject({ delaySeconds: undefined, repeatSeconds: undefined });
    expect(low.raw).toMatchObject({ AlarmDelay: 'soon', RealarmDelay: 'PT' });
  });
});
