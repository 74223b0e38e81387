import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { memorySessionStore, SharePublisher } from '../src/index.ts';
import { ACCOUNT, fault, NAME, NOW_MS, PASSWORD, SERIAL, start, upload } from './harness.ts';

async function publisher() {
  const started = await start({ account: ACCOUNT });
  const options = { accountName: NAME, password: PASSWORD, now: () => started.time.ms };
  const share = new SharePublisher({
    origin: started.server.origin,
    store: memorySessionStore(),
    ...options,
  });
  return { ...started, share };
}

const refusing = (code: string) =>
  new SharePublisher({
    region: 'us',
    accountName: NAME,
    password: PASSWORD,
    store: memorySessionStore(),
    fetch: async () => fault(code),
  });

describe('a publisher', () => {
  it('makes the account ready, posts once, and reads back what is there', async () => {
    const { share } = await publisher();
    const ready = await share.sharing.ensureReady(SERIAL, { assign: true });
    expect(ready).toEqual({ assigned: true, started: true });
    const body = upload(900, 300);
    expect(await share.postReceiverEgvRecords(body)).toEqual({ outcome: 'posted' });
    expect(await share.postReceiverEgvRecords(body)).toEqual({ outcome: 'duplicate' });
    const readings = await share.readings({ minutes: 60 });
    expect(readings.map(({ utcMs }) => utcMs)).toEqual([NOW_MS - 300_000, NOW_MS - 900_000]);
  });

  it('compares the clocks, and names the account as a client does', async () => {
    const { share, client } = await publisher();
    expect(await share.clockOffset()).toEqual({ offsetMs: 0, uncertaintyMs: 0 });
    expect(await share.accountKey()).toBe(await client().accountKey());
  });

  it('tries the login once when it is told to', async () => {
    const { share, count } = await publisher();
    await share.logIn();
    expect(count('LoginPublisherAccountById')).toBe(1);
  });

  it('says what to do about a receiver that is not assigned', async () => {
    const { share } = await publisher();
    await expect(share.sharing.ensureReady(SERIAL)).rejects.toMatchObject({
      code: 'receiverNotAssigned',
      help: expect.stringContaining('Assign the receiver to the account.'),
    });
  });

  it('gives the advice of a client about a refused login, and sends it once', async () => {
    const share = refusing('AccountPasswordInvalid');
    const help = expect.stringContaining('Wrong region, a mistyped name or password');
    await expect(share.readings()).rejects.toMatchObject({ code: 'credentialsRefused', help });
    await expect(share.readings()).rejects.toMatchObject({ code: 'credentialsRefusedBefore' });
  });

  it('says what to do when it is not connected, as a browser tells it: without a reason', async () => {
    const share = new SharePublisher({
      region: 'us',
      accountName: NAME,
      password: PASSWORD,
      store: memorySessionStore(),
      repeats: 0,
      fetch: async () => {
        throw new TypeError('Failed to fetch');
      },
    });
    await expect(share.readings()).rejects.toMatchObject({
      code: 'connectionLost',
      message: expect.stringContaining('no reason was given'),
      help: 'Check the network and the address, and try again.',
    });
  });

  it('shows no secret', async () => {
    const { share } = await publisher();
    await share.readings();
    const shown = `${inspect(share, { depth: 9, showHidden: true })}${JSON.stringify(share)}`;
    expect(shown).toContain('127.0.0.1');
    expect(shown).not.toContain(PASSWORD);
    expect(shown).not.toContain(NAME);
  });
});
