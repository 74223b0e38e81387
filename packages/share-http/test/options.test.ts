import { describe, expect, it } from 'vitest';
import { ShareClient, type ShareClientOptions } from '../src/index.ts';

const account = { accountName: 'ann', password: 'secret word' };
const make = (more: object) => new ShareClient({ ...account, ...more } as ShareClientOptions);

describe('where a client may send a password', () => {
  it.each([
    ['us', 'https://share2.dexcom.com'],
    ['ous', 'https://shareous1.dexcom.com'],
    ['jp', 'https://share.dexcom.jp'],
  ])('region %s is %s', (region, origin) => {
    expect(make({ region })).toMatchObject({ region, origin });
  });

  it.each([
    ['https://share.example', 'https://share.example'],
    ['https://share.example:8443/', 'https://share.example:8443'],
    ['http://localhost:8080', 'http://localhost:8080'],
    ['http://127.0.0.1:2', 'http://127.0.0.1:2'],
    ['http://127.1', 'http://127.0.0.1'],
    ['http://[::1]:80', 'http://[::1]'],
    [new URL('https://share.example'), 'https://share.example'],
  ])('%s is used', (origin, used) => {
    expect(make({ origin }).origin).toBe(used);
  });

  it.each([
    'http://share2.dexcom.com',
    'http://192.168.1.5:8080',
    'http://localhost.example.com',
    'http://127.0.0.1.example.com',
    'http://0.0.0.0',
    'http://share.localhost',
  ])('%s is refused because it is not encrypted', (origin) => {
    expect(() => make({ origin })).toThrow(
      expect.objectContaining({
        code: 'insecureOrigin',
        message: expect.stringContaining('unencrypted'),
      }),
    );
  });

  it.each([
    'share2.dexcom.com',
    '',
    'ftp://share.example',
    'https://ann:hunter2@share.example',
    'https://share.example/ShareWebServices',
    'https://share.example/?a=1',
    'https://share.example/#a',
    'https:///',
  ])('%s is refused, since it is more or less than a host', (origin) => {
    const attempt = () => make({ origin });
    expect(attempt).toThrow(expect.objectContaining({ code: 'badOrigin' }));
    expect(attempt).not.toThrow(/hunter2/);
  });

  it.each(['mars', 'toString', '', 'US'])('there is no region %j', (region) => {
    expect(() => make({ region })).toThrow(
      expect.objectContaining({
        name: 'InputError',
        message: `the region is ${region}; it must be one of us, ous, jp.`,
      }),
    );
  });
});

describe('credentials', () => {
  it.each([
    [{ accountName: '' }, 'the account is empty'],
    [{ accountName: '  ' }, 'the account is empty'],
    [{ accountName: undefined }, 'the account is empty'],
    [{ password: '' }, 'the password is empty'],
    [{ password: undefined }, 'the password is empty'],
    [
      { accountName: undefined, accountId: 'hunter2' },
      'the account id is not an id; it must be a UUID',
    ],
    [{ applicationId: 'hunter2' }, 'the application id is not an id; it must be a UUID'],
  ])('%j are refused at once', (more, said) => {
    expect(() => make({ region: 'us', ...more })).toThrow(
      expect.objectContaining({ message: expect.stringContaining(said) }),
    );
  });

  it('go with the application id of the region, or the one that is given', async () => {
    const sent: unknown[] = [];
    const fetch = async (_: string, init: RequestInit) => {
      sent.push((JSON.parse(init.body as string) as { applicationId: string }).applicationId);
      return Response.json({ Code: 'AccountPasswordInvalid' }, { status: 500 });
    };
    const own = '00000000-1111-4222-8333-444444444444';
    for (const more of [
      { region: 'ous' },
      { region: 'jp' },
      { origin: 'https://x.example' },
      { region: 'jp', applicationId: own },
    ]) {
      await expect(make({ fetch, ...more }).readings()).rejects.toMatchObject({
        code: 'credentialsRefused',
      });
    }
    expect(sent).toEqual([
      'd89443d2-327c-4a6f-89e5-496bbb0317db',
      'd8665ade-9673-4e27-9ff6-92db4ce13d13',
      'd89443d2-327c-4a6f-89e5-496bbb0317db',
      own,
    ]);
  });
});
