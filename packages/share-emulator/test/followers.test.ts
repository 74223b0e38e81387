import { describe, expect, it } from 'vitest';
import { InvitationError, type ShareServiceOptions } from '../src/index.ts';
import { APPLICATION, ask, codeOf, logIn, make, READY, RECORDED_UPLOAD } from './wire.ts';

const WEEK_MS = 604_800_000;
const NOBODY = 'ffffffff-0000-4000-8000-000000000000';

/** The recorded invitation. */
const INVITATION = `{"AlertSettings":{
  "HighAlert":{"MinValue":200,"AlarmDelay":"PT1H","AlertType":1,"IsEnabled":false,"RealarmDelay":"PT2H","Sound":"High.wav","MaxValue":401},
  "LowAlert":{"MinValue":39,"AlarmDelay":"PT30M","AlertType":2,"IsEnabled":false,"RealarmDelay":"PT2H","Sound":"Low.wav","MaxValue":70},
  "FixedLowAlert":{"MinValue":39,"AlarmDelay":"PT0M","AlertType":3,"IsEnabled":true,"RealarmDelay":"PT30M","Sound":"UrgentLow.wav","MaxValue":55},
  "NoDataAlert":{"MinValue":39,"AlarmDelay":"PT1H","AlertType":4,"IsEnabled":false,"RealarmDelay":"PT0M","Sound":"NoData.wav","MaxValue":401}},
  "Permissions":1,"DisplayName":"Ann"}`;

type Listed = Record<string, unknown> & {
  readonly SubscriptionId: string;
  readonly InviteExpires: { readonly DateTime: string };
};

/** Ann's account, logged in, and short words for what she does with followers. */
async function wearer(more: ShareServiceOptions = {}) {
  const { service, time } = make({ accounts: [READY], ...more });
  const session = await logIn(service);
  const call = async (method: string, query: Record<string, string> = {}, body?: string) => {
    const search = new URLSearchParams({ sessionId: session, ...query });
    return await ask(service, `${method}?${search}`, body);
  };
  const given = async <Given>(...asked: Parameters<typeof call>): Promise<Given> =>
    JSON.parse((await call(...asked)).text) as Given;
  const create = (contactName: string) =>
    given<string>('Publisher/CreateContact', {
      contactName,
      emailAddress: `${contactName.replaceAll(' ', '.')}+x@example.com`,
    });
  const invite = (contactId: string) =>
    call('Publisher/CreateSubscriptionInvitation', { contactId }, INVITATION);
  const list = () => given<Listed[]>('Publisher/ListPublisherAccountSubscriptions');
  /** A contact, invited; and accepted, if it is to follow. */
  const follower = async (name: string) => {
    const contactId = await create(name);
    const subscriptionId = JSON.parse((await invite(contactId)).text) as string;
    return { contactId, subscriptionId };
  };
  return { service, time, session, call, given, create, invite, list, follower };
}

type Wearer = Awaited<ReturnType<typeof wearer>>;

/** Somebody on the other side, logged in. */
async function follow({ service }: Wearer, subscriptionId: string) {
  const { accountId, password } = await service.acceptInvitation(subscriptionId);
  const body = JSON.stringify({ accountId, password, applicationId: APPLICATION });
  const login = await ask(service, 'General/LoginSubscriberAccount', body);
  const session = JSON.parse(login.text) as string;
  const call = (method: string, query: Record<string, string> = {}, sent?: string) =>
    ask(
      service,
      `Subscriber/${method}?${new URLSearchParams({ sessionId: session, ...query })}`,
      sent,
    );
  const read = async (minutes = '1440', maxCount = '288') => {
    const query = { subscriptionId, minutes, maxCount };
    return await call('ReadSubscriptionLatestGlucoseValues', query);
  };
  return { accountId, password, session, call, read };
}

describe('contacts', () => {
  it('are made, found by name, read, renamed and deleted', async () => {
    const ann = await wearer();
    const exists = (contactName: string) =>
      ann.call('Publisher/DoesContactExistByName', { contactName });
    expect((await exists('Bob & Co')).text).toBe('false');
    const contactId = await ann.create('Bob & Co');
    expect((await exists('Bob & Co')).text).toBe('true');
    expect(await ann.given('Publisher/ReadContact', { contactId })).toEqual({
      ContactId: contactId,
      ContactName: 'Bob & Co',
      Email: 'Bob.&.Co+x@example.com',
    });
    const renamed = await ann.call('Publisher/UpdateContactName', {
      contactId,
      contactName: 'Rob',
    });
    expect(renamed).toMatchObject({ status: 200, text: '' });
    expect((await exists('Bob & Co')).text).toBe('false');
    expect((await exists('Rob')).text).toBe('true');
    const deleted = await ann.call('Publisher/DeleteContact', { contactId });
    expect(deleted).toMatchObject({ status: 200, text: '' });
    expect((await exists('Rob')).text).toBe('false');
  });

  it('have names of their own', async () => {
    const ann = await wearer();
    const bob = await ann.create('Bob');
    await ann.create('Cid');
    const again = await ann.call('Publisher/CreateContact', {
      contactName: 'Bob',
      emailAddress: 'b@example.com',
    });
    expect(JSON.parse(again.text)).toMatchObject({
      Code: 'ContactNameAlreadyExists',
      Message: 'The contact name already exists for this account.',
    });
    const rename = (contactName: string) =>
      ann.call('Publisher/UpdateContactName', { contactId: bob, contactName });
    expect(codeOf(await rename('Cid'))).toBe('ContactNameAlreadyExists');
    expect((await rename('Bob')).status).toBe(200);
  });

  it('of nobody, and of somebody else, are not found', async () => {
    const bea = { name: 'bea', password: 'pass word' };
    const ann = await wearer({ accounts: [READY, bea] });
    const mine = await ann.create('Bob');
    const beasId = ann.service.account('bea')?.id ?? '';
    const login = await ask(
      ann.service,
      'General/LoginPublisherAccountById',
      JSON.stringify({ accountId: beasId, password: 'pass word', applicationId: APPLICATION }),
    );
    const sessionId = JSON.parse(login.text) as string;
    for (const [query, session] of [
      [NOBODY, ann.session],
      [mine, sessionId],
    ]) {
      for (const method of ['ReadContact', 'DeleteContact', 'CreateSubscriptionInvitation']) {
        const path = `Publisher/${method}?sessionId=${session}&contactId=${query}`;
        const answer = await ask(ann.service, path, INVITATION);
        expect([method, codeOf(answer)]).toEqual([method, 'ContactIdNotFound']);
      }
    }
  });
});

describe('invitations', () => {
  it('are listed as recorded, and live exactly seven days', async () => {
    const ann = await wearer({ options: { generation: '2015' } });
    const { contactId, subscriptionId } = await ann.follower('Bob');
    const made = { DateTime: `/Date(${ann.time.ms})/`, OffsetMinutes: 0 };
    expect(await ann.list()).toEqual([
      {
        ContactId: contactId,
        ContactName: 'Bob',
        DateTimeCreated: made,
        DateTimeModified: made,
        DisplayName: 'Ann',
        InviteExpires: { DateTime: `/Date(${ann.time.ms + WEEK_MS})/`, OffsetMinutes: 0 },
        IsEnabled: false,
        IsMonitoringSessionActive: true,
        Permissions: 1,
        State: 2,
        SubscriberId: '00000000-0000-0000-0000-000000000000',
        SubscriptionId: subscriptionId,
      },
    ]);
  });

  it('can be accepted once, and not after seven days', async () => {
    const ann = await wearer();
    const bob = await ann.follower('Bob');
    const cid = await ann.follower('Cid');
    ann.time.ms += WEEK_MS - 1;
    const { accountId } = await ann.service.acceptInvitation(bob.subscriptionId);
    await expect(ann.service.acceptInvitation(bob.subscriptionId)).rejects.toThrow(/before/);
    ann.time.ms += 1;
    const late = ann.service.acceptInvitation(cid.subscriptionId);
    await expect(late).rejects.toBeInstanceOf(InvitationError);
    await expect(late).rejects.toThrow(/expired/);
    await expect(ann.service.acceptInvitation(NOBODY)).rejects.toThrow(/no such/);
    const session = await logIn(ann.service);
    const listed = await ask(
      ann.service,
      `Publisher/ListPublisherAccountSubscriptions?sessionId=${session}`,
    );
    expect(JSON.parse(listed.text)).toMatchObject([
      { State: 6, IsEnabled: true, SubscriberId: accountId },
      { State: 2, IsEnabled: false },
    ]);
  });

  it('do not find a contact that was made just now, where the service lags', async () => {
    const ann = await wearer({ options: { contactLagMs: 2000 } });
    const contactId = await ann.create('Bob');
    const early = await ann.invite(contactId);
    expect(JSON.parse(early.text)).toMatchObject({
      Code: 'ContactIdNotFound',
      Message: 'Failed to read Contact by id.',
    });
    ann.time.ms += 2000;
    expect((await ann.invite(contactId)).status).toBe(200);
  });

  it('give their alerts back, durations normalised or as they were given', async () => {
    for (const [durations, zero] of [
      ['normalised', 'PT0S'],
      ['asGiven', 'PT0M'],
    ] as const) {
      const ann = await wearer({ options: { durations } });
      const { subscriptionId } = await ann.follower('Bob');
      const alerts = await ann.given('General/ReadSubscriptionAlerts', { subscriptionId });
      expect(alerts).toMatchObject({
        HighAlert: { MinValue: 200, AlarmDelay: 'PT1H', IsEnabled: false },
        FixedLowAlert: { MaxValue: 55, AlarmDelay: zero, RealarmDelay: 'PT30M', IsEnabled: true },
        NoDataAlert: { RealarmDelay: zero, Sound: 'NoData.wav' },
      });
    }
  });

  it('without alerts are malformed', async () => {
    const ann = await wearer();
    const contactId = await ann.create('Bob');
    const path = `Publisher/CreateSubscriptionInvitation?sessionId=${ann.session}&contactId=${contactId}`;
    expect((await ask(ann.service, path, '{"Permissions":1,"DisplayName":"Ann"}')).status).toBe(
      400,
    );
    expect(await ann.list()).toEqual([]);
  });
});

describe('a follower', () => {
  it('sees whom it follows, the newest reading, and the graph', async () => {
    const ann = await wearer();
    await ann.call('Publisher/PostReceiverEgvRecords', {}, RECORDED_UPLOAD);
    const { subscriptionId } = await ann.follower('Bob');
    const bob = await follow(ann, subscriptionId);
    const listed = await bob.call('ListSubscriberAccountSubscriptions');
    expect(JSON.parse(listed.text)).toMatchObject([
      {
        SubscriptionId: subscriptionId,
        ContactName: null,
        DisplayName: 'Ann',
        InvitationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        SubscriberId: bob.accountId,
        State: 6,
      },
    ]);
    const last = await bob.call('ReadLastGlucoseFromSubscriptions', {}, `["${subscriptionId}"]`);
    expect(JSON.parse(last.text)).toMatchObject([{ Egv: { Value: 97, Trend: 'Flat' } }]);
    expect(JSON.parse((await bob.read()).text)).toMatchObject([{ Value: 97 }]);
    expect((await bob.read('0')).text).toBe('[]');
  });

  it('sees nothing while it is paused, and no graph without the permission', async () => {
    const ann = await wearer();
    await ann.call('Publisher/PostReceiverEgvRecords', {}, RECORDED_UPLOAD);
    const earlier = RECORDED_UPLOAD.replaceAll('783106000', '782806000');
    await ann.call('Publisher/PostReceiverEgvRecords', {}, earlier);
    const { subscriptionId } = await ann.follower('Bob');
    const bob = await follow(ann, subscriptionId);
    const seen = async () => (JSON.parse((await bob.read()).text) as unknown[]).length;
    const set = (permissions: string) =>
      ann.call('Publisher/UpdateSubscriptionPermissions', { subscriptionId, permissions });
    expect(await seen()).toBe(2);
    expect(await set('0')).toMatchObject({ status: 200, text: '' });
    expect(await seen()).toBe(1);
    expect(await ann.list()).toMatchObject([{ Permissions: 0, State: 6 }]);
    await set('1');
    expect(await ann.call('General/PauseSubscription', { subscriptionId })).toMatchObject({
      status: 200,
      text: '',
    });
    expect(await ann.list()).toMatchObject([{ State: 7, IsEnabled: false }]);
    expect(await seen()).toBe(0);
    const last = await bob.call('ReadLastGlucoseFromSubscriptions', {}, `["${subscriptionId}"]`);
    expect(JSON.parse(last.text)).toMatchObject([{ Egv: null }]);
    await ann.call('General/ResumeSubscription', { subscriptionId });
    expect(await ann.list()).toMatchObject([{ State: 6 }]);
    expect(await seen()).toBe(2);
  });

  it('is gone with its contact, or stays listed as removed', async () => {
    for (const [deletedSubscriptions, listed] of [
      ['gone', []],
      ['listed', [{ State: 10, ContactName: null, IsEnabled: false }]],
    ] as const) {
      const ann = await wearer({ options: { deletedSubscriptions } });
      const { contactId, subscriptionId } = await ann.follower('Bob');
      const bob = await follow(ann, subscriptionId);
      await ann.call('Publisher/DeleteContact', { contactId });
      expect(await ann.list()).toMatchObject(listed);
      const read = await bob.read();
      expect(deletedSubscriptions === 'gone' ? codeOf(read) : read.text).toBe(
        deletedSubscriptions === 'gone' ? 'InvalidArgument' : '[]',
      );
    }
  });

  it('may follow several, with one account', async () => {
    const ann = await wearer();
    const one = await ann.follower('Bob');
    const two = await ann.follower('Bob again');
    const bob = await follow(ann, one.subscriptionId);
    await ann.service.acceptInvitation(two.subscriptionId, bob);
    const listed = await bob.call('ListSubscriberAccountSubscriptions');
    expect(JSON.parse(listed.text)).toHaveLength(2);
    const stranger = { accountId: NOBODY, password: 'x' };
    const three = await ann.follower('Cid');
    await expect(ann.service.acceptInvitation(three.subscriptionId, stranger)).rejects.toThrow(
      /no such follower/,
    );
  });

  it('and a wearer cannot use the door of the other', async () => {
    const ann = await wearer();
    const { subscriptionId } = await ann.follower('Bob');
    const bob = await follow(ann, subscriptionId);
    const asFollower = `Subscriber/ListSubscriberAccountSubscriptions?sessionId=${ann.session}`;
    expect(codeOf(await ask(ann.service, asFollower))).toBe('SessionIdNotFound');
    const asWearer = `Publisher/ReadPublisherAccountEmail?sessionId=${bob.session}`;
    expect(codeOf(await ask(ann.service, asWearer))).toBe('SessionIdNotFound');
    const { accountId, password } = bob;
    const body = JSON.stringify({ accountId, password, applicationId: APPLICATION });
    expect(codeOf(await ask(ann.service, 'General/LoginPublisherAccountById', body))).toBe(
      'AccountPasswordInvalid',
    );
    const wrong = JSON.stringify({ accountId, password: 'x', applicationId: APPLICATION });
    expect(codeOf(await ask(ann.service, 'General/LoginSubscriberAccount', wrong))).toBe(
      'AccountPasswordInvalid',
    );
  });

  it('sees only what it follows', async () => {
    const ann = await wearer();
    const bob = await follow(ann, (await ann.follower('Bob')).subscriptionId);
    const { subscriptionId } = await ann.follower('Cid');
    const query = { subscriptionId, minutes: '1440', maxCount: '1' };
    const read = await bob.call('ReadSubscriptionLatestGlucoseValues', query);
    expect(codeOf(read)).toBe('InvalidArgument');
    const last = await bob.call('ReadLastGlucoseFromSubscriptions', {}, `["${subscriptionId}"]`);
    expect(codeOf(last)).toBe('InvalidArgument');
  });
});
