import type { EndpointName } from '@egvkit/protocol/share';
import { describe, expect, it } from 'vitest';
import { CLIENT_METHODS } from '../../reference/methods.ts';
import type { ShareError } from '../../src/index.ts';
import { ShareClient } from '../../src/index.ts';
import { ACCOUNT, NOW_MS, SERIAL, upload } from '../harness.ts';
import { type Cases, GENERATIONS, setUp, withFollower } from './setup.ts';

const OTHER = 'SM87654321';
const invitation = { name: 'Bob', email: 'bob@example.invalid', displayName: 'Ann' };

const codeOf = (error: ShareError): string => error.code;

const CASES: Cases = {
  SystemUtcTime: async ({ share }) => {
    expect(await share.systemUtcTime()).toEqual({ utcMs: NOW_MS, offsetMinutes: 0 });
  },
  LoginPublisherAccountByName: async ({ client, generation }) => {
    const code = await client({ login: 'oneStep' })
      .logIn()
      .then(() => 'logged in', codeOf);
    // Today's service gives the all-zero id for it, which is a refusal.
    expect(code).toBe(generation === '2015' ? 'logged in' : 'credentialsRefused');
  },
  AuthenticatePublisherAccount: async ({ client, generation }) => {
    const code = await client({ login: 'twoSteps' })
      .logIn()
      .then(() => 'logged in', codeOf);
    // In 2015 it gave a session id, which is no account id for the second step.
    expect(code).toBe(generation === '2015' ? 'credentialsRefused' : 'logged in');
  },
  LoginPublisherAccountById: async ({ client }) => {
    const byId = client({ accountName: undefined, accountId: ACCOUNT.accountId ?? '' });
    await byId.logIn();
    expect(await byId.sharing.isActive()).toBe(true);
  },
  UpdatePublisherAccountRuntimeInfo: async ({ share, service }) => {
    const info = {
      DeviceManufacturer: 'Apple',
      DeviceModel: 'iPhone5,2',
      DeviceOsVersion: '7.0.2',
      AppVersion: '3.0.2.11',
      AppName: 'DexcomShare',
      AppNumber: 'SW10569',
      DeviceOsName: 'iPhone OS',
    };
    await share.account.updateRuntimeInfo(info);
    expect(JSON.stringify(service.account(ACCOUNT.name))).toContain('iPhone5,2');
  },
  ReadPublisherAccountEmail: async ({ share }) => {
    expect(await share.account.email()).toBe(ACCOUNT.name);
  },
  ReadPublisherAccountImage: async ({ share }) => {
    const image = await share.account.image();
    expect(new TextDecoder().decode(image.subarray(0, 3))).toBe('GIF');
  },
  CheckMonitoredReceiverAssignmentStatus: async ({ share }) => {
    expect(await share.sharing.checkReceiver(` ${SERIAL.toLowerCase()} `)).toEqual({
      assigned: true,
      status: 'AssignedToYou',
    });
    expect(await share.sharing.checkReceiver(OTHER)).toEqual({
      assigned: false,
      status: 'NotAssigned',
    });
  },
  ReplacePublisherAccountMonitoredReceiver: async ({ share, service }) => {
    expect(await share.sharing.assignReceiver(OTHER)).toBe('assigned');
    expect(service.account(ACCOUNT.name)?.receiver).toBe(OTHER);
    expect(await share.sharing.assignReceiver(OTHER)).toBe('alreadyAssigned');
  },
  IsRemoteMonitoringSessionActive: async ({ share }) => {
    expect(await share.sharing.isActive()).toBe(true);
  },
  StartRemoteMonitoringSession: async ({ share }) => {
    expect(await share.sharing.start(SERIAL)).toBe('alreadyActive');
    await share.sharing.stop();
    expect(await share.sharing.start(SERIAL)).toBe('started');
    expect(await share.sharing.isActive()).toBe(true);
  },
  StopRemoteMonitoringSession: async ({ share }) => {
    await share.sharing.stop();
    expect(await share.sharing.isActive()).toBe(false);
  },
  PostReceiverEgvRecords: async ({ share, service }) => {
    expect(await share.postReceiverEgvRecords(upload(300))).toEqual({ outcome: 'posted' });
    expect(await share.postReceiverEgvRecords(upload(300))).toEqual({ outcome: 'duplicate' });
    expect(service.readings(ACCOUNT.name)).toHaveLength(1);
  },
  ReadPublisherLatestGlucoseValues: async ({ share }) => {
    expect(await share.readings()).toHaveLength(0);
    await share.postReceiverEgvRecords(upload(600, 300));
    expect(await share.readings()).toMatchObject([
      { utcMs: NOW_MS - 300_000, mgDl: 100, mmolL: 5.6, trend: { name: 'Flat' }, duplicates: [] },
      { utcMs: NOW_MS - 600_000 },
    ]);
    expect(await share.latest()).toMatchObject({ utcMs: NOW_MS - 300_000 });
    expect(await share.current()).toMatchObject({ utcMs: NOW_MS - 300_000 });
    expect(await share.readGlucose({ maxCount: 1 })).toHaveLength(1);
  },
  DoesContactExistByName: async ({ share }) => {
    expect(await share.followers.contactExists('Bob & "Co" +1')).toBe(false);
    await share.followers.invite({ ...invitation, name: 'Bob & "Co" +1' });
    expect(await share.followers.contactExists('Bob & "Co" +1')).toBe(true);
  },
  CreateContact: async ({ share }) => {
    const { contactId, contactCreated } = await share.followers.invite(invitation);
    expect(contactCreated).toBe(true);
    expect(await share.followers.contact(contactId)).toMatchObject({ email: invitation.email });
  },
  CreateSubscriptionInvitation: async ({ share }) => {
    const alerts = { high: { enabled: true, thresholdMgDl: 250, delayMinutes: 90 } };
    const { subscriptionId } = await share.followers.invite({
      ...invitation,
      permissions: 'alertsOnly',
      alerts,
    });
    expect(await share.followers.list()).toMatchObject([
      { subscriptionId, permissions: { name: 'alertsOnly' }, displayName: 'Ann' },
    ]);
    const { high } = await share.followers.alerts(subscriptionId);
    expect(high).toMatchObject({ enabled: true, minMgDl: 250, maxMgDl: 401, delaySeconds: 5400 });
  },
  ListPublisherAccountSubscriptions: async (setup) => {
    const { subscriptionId, contactId } = await withFollower(setup);
    const [item] = await setup.share.followers.list();
    expect(item).toMatchObject({
      subscriptionId,
      contactId,
      contactName: 'Grandma',
      state: { name: 'active' },
      permissions: { name: 'graph' },
      createdMs: NOW_MS,
      inviteExpiresMs: NOW_MS + 604_800_000,
      subscriberId: expect.any(String),
    });
  },
  DeleteContact: async ({ share }) => {
    const { contactId } = await share.followers.invite(invitation);
    await share.followers.remove(contactId);
    expect(await share.followers.list()).toEqual([]);
    expect(await share.followers.contactExists('Bob')).toBe(false);
  },
  ReadContact: async ({ share }) => {
    const { contactId } = await share.followers.invite(invitation);
    const contact = await share.followers.contact(contactId);
    expect(contact).toMatchObject({ contactId, email: invitation.email });
  },
  UpdateContactName: async ({ share }) => {
    const { contactId } = await share.followers.invite(invitation);
    await share.followers.rename(contactId, 'Robert');
    expect(await share.followers.list()).toMatchObject([{ contactName: 'Robert' }]);
  },
  UpdateSubscriptionPermissions: async ({ share }) => {
    const { subscriptionId } = await share.followers.invite(invitation);
    await share.followers.setPermissions(subscriptionId, 'alertsOnly');
    expect(await share.followers.list()).toMatchObject([{ permissions: { raw: 0 } }]);
  },
  PauseSubscription: async (setup) => {
    const { subscriptionId } = await withFollower(setup);
    await setup.share.followers.pause(subscriptionId);
    expect(await setup.share.followers.list()).toMatchObject([{ state: { name: 'paused' } }]);
  },
  ResumeSubscription: async (setup) => {
    const { subscriptionId } = await withFollower(setup);
    await setup.share.followers.pause(subscriptionId);
    await setup.share.followers.resume(subscriptionId);
    expect(await setup.share.followers.list()).toMatchObject([{ state: { name: 'active' } }]);
  },
  ReadSubscriptionAlerts: async ({ share }) => {
    const { subscriptionId } = await share.followers.invite(invitation);
    expect(await share.followers.alerts(subscriptionId)).toMatchObject({
      high: { enabled: false, minMgDl: 200, delaySeconds: 3600, repeatSeconds: 7200 },
      low: { enabled: false, maxMgDl: 70, delaySeconds: 1800, sound: 'Low.wav' },
      urgentLow: { enabled: true, maxMgDl: 55, delaySeconds: 0, repeatSeconds: 1800 },
      noData: { enabled: false, minMgDl: 39, maxMgDl: 401, repeatSeconds: 0 },
    });
  },
  LoginSubscriberAccount: async (setup) => {
    const { follower } = await withFollower(setup);
    await follower.logIn();
    expect(await follower.following.list()).toHaveLength(1);
  },
  ListSubscriberAccountSubscriptions: async (setup) => {
    const { follower, subscriptionId } = await withFollower(setup);
    expect(await follower.following.list()).toMatchObject([
      { subscriptionId, contactName: undefined, displayName: 'Ann', sharing: true },
    ]);
  },
  ReadLastGlucoseFromSubscriptions: async (setup) => {
    const { follower, subscriptionId } = await withFollower(setup);
    expect(await follower.following.latest([subscriptionId])).toMatchObject([
      { reading: undefined },
    ]);
    await setup.share.postReceiverEgvRecords(upload(300));
    expect(await follower.following.latest([subscriptionId])).toMatchObject([
      { reading: { utcMs: NOW_MS - 300_000, mgDl: 100 } },
    ]);
  },
  ReadSubscriptionLatestGlucoseValues: async (setup) => {
    const { follower, subscriptionId } = await withFollower(setup);
    await setup.share.postReceiverEgvRecords(upload(600, 300));
    expect(await follower.following.readings(subscriptionId)).toMatchObject([
      { utcMs: NOW_MS - 300_000 },
      { utcMs: NOW_MS - 600_000 },
    ]);
  },
};

describe.each(GENERATIONS)('against the service of %s, logging in by %s', (generation, login) => {
  it.each(Object.keys(CASES) as EndpointName[])('%s', async (name) => {
    const setup = await setUp(generation, login);
    await CASES[name](setup);
    expect(setup.count(name)).toBeGreaterThan(0);
  });
});

describe('the table of methods', () => {
  const client = new ShareClient({ region: 'us', accountName: 'ann', password: 'secret word' });

  it.each(Object.entries(CLIENT_METHODS))('%s is made by a method that exists', (_, { method }) => {
    const owner = method.split('.').length === 2 ? method.split('.')[0] : undefined;
    const object = owner === undefined ? client : client[owner as 'followers'];
    expect(object[method.split('.').at(-1) as never]).toBeTypeOf('function');
  });
});
