import { describe, expect, it } from 'vitest';
import { memorySessionStore } from '../src/index.ts';
import { ACCOUNT_ID, loggingIn, PASSWORD, SESSION_ID, start } from './harness.ts';

const id = () => Response.json(SESSION_ID);

describe('ways of logging in', () => {
  it.each([
    ['twoSteps', {}, ['AuthenticatePublisherAccount', 'LoginPublisherAccountById']],
    ['oneStep', {}, ['LoginPublisherAccountByName']],
    ['follower', { accountName: undefined, accountId: ACCOUNT_ID }, ['LoginSubscriberAccount']],
    ['twoSteps', { accountName: undefined, accountId: ACCOUNT_ID }, ['LoginPublisherAccountById']],
  ])('%s with %j', async (login, account, calls) => {
    const { client, sent } = loggingIn(id, { login, ...account });
    await client.logIn();
    expect(sent).toEqual(calls);
    await client.sharing.isActive().catch(() => {});
    expect(sent).toEqual([...calls, 'IsRemoteMonitoringSessionActive']);
  });

  it('a session that is kept does not pass a wrong password off as right', async () => {
    const store = memorySessionStore();
    const { client, count } = await start();
    await client({ store }).readings();
    await expect(client({ store, password: 'wrong' }).logIn()).rejects.toMatchObject({
      code: 'credentialsRefused',
    });
    // The session of the right one is as good as before.
    await client({ store }).readings();
    expect(count('LoginPublisherAccountById')).toBe(1);
  });

  it.each([
    ['oneStep', { accountName: undefined, accountId: ACCOUNT_ID }],
    ['follower', {}],
  ])('%s sends nothing for an account of the other kind', async (login, account) => {
    const { client, sent } = loggingIn(id, { login, ...account });
    await expect(client.logIn()).rejects.toMatchObject({ name: 'InputError' });
    expect(sent).toEqual([]);
  });

  it('asks whom an account follows only as a follower, and keeps the session otherwise', async () => {
    const { client, count } = await start();
    const share = client();
    await share.readings();
    for (const asked of [
      share.following.list(),
      share.following.latest([SESSION_ID]),
      share.following.readings(SESSION_ID),
    ]) {
      await expect(asked).rejects.toMatchObject({
        name: 'InputError',
        message: expect.stringContaining('twoSteps; it must be follower'),
      });
    }
    await share.readings();
    expect(count('LoginPublisherAccountById')).toBe(1);
  });

  it.each(['oneStep', 'twoSteps'])('%s takes the all-zero id for a refusal', async (login) => {
    const zero = () => Response.json('00000000-0000-0000-0000-000000000000');
    const { client, sent } = loggingIn(zero, { login });
    await expect(client.logIn()).rejects.toMatchObject({ code: 'credentialsRefused' });
    await expect(client.logIn()).rejects.toMatchObject({ code: 'credentialsRefusedBefore' });
    expect(sent).toHaveLength(1);
  });

  it('tries no other way, no other region and no other application by itself', async () => {
    const { client, count, calls } = await start();
    await expect(client({ password: 'wrong' }).readings()).rejects.toMatchObject({
      code: 'credentialsRefused',
    });
    expect(calls).toEqual(['AuthenticatePublisherAccount']);
    expect(count('LoginPublisherAccountByName')).toBe(0);
  });

  it('asks for the password again after a refusal: it may have been corrected meanwhile', async () => {
    const { client, calls } = await start();
    const passwords = ['wrong', 'wrong', PASSWORD];
    const share = client({ password: async () => passwords.shift() ?? 'asked too often' });
    await expect(share.readings()).rejects.toMatchObject({ code: 'credentialsRefused' });
    await expect(share.readings()).rejects.toMatchObject({ code: 'credentialsRefusedBefore' });
    expect(calls).toEqual(['AuthenticatePublisherAccount']);
    await share.readings();
    await share.readings();
    expect(passwords).toEqual([]);
  });

  it('lets the user change the password and go on', async () => {
    const store = memorySessionStore();
    const { client } = await start();
    const wrong = client({ store, password: 'wrong' });
    await expect(wrong.logIn()).rejects.toMatchObject({ code: 'credentialsRefused' });
    expect(await client({ store, password: PASSWORD }).sharing.isActive()).toBe(true);
  });
});
