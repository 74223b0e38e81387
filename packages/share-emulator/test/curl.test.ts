import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createShareService } from '../src/index.ts';
import { serveShare } from '../src/node.ts';
import { codeOf, RECORDED_UTC_MS, SERIAL } from './wire.ts';

/**
 * The recorded commands (share, Appendix C), with another host, a login and a
 * password in the places it leaves for them, and the service of 2015.
 */

function hasCurl(): boolean {
  try {
    execFileSync('curl', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const CURL = hasCurl();
const run = promisify(execFile);

interface Sent {
  readonly headers: readonly string[];
  readonly path: string;
  readonly data?: string;
}

/** Sends it with curl, or the same bytes with fetch where there is no curl. */
async function send(origin: string, { headers, path, data }: Sent): Promise<string> {
  const url = `${origin}/ShareWebServices/Services/${path}`;
  if (CURL) {
    const flags = headers.flatMap((header) => ['-H', header]);
    const body = data === undefined ? [] : ['-d', data];
    const { stdout } = await run('curl', ['-s', ...flags, '-X', 'POST', url, ...body]);
    return stdout;
  }
  const pairs = headers
    .filter((header) => !header.startsWith('Content-Length'))
    .map((header) => header.split(': ', 2) as [string, string]);
  const response = await fetch(url, {
    method: 'POST',
    headers: pairs,
    ...(data !== undefined && { body: data }),
  });
  return await response.text();
}

const LOGIN = (method: string, login = 'YOURLOGIN', password = 'YOURPASSWORD'): Sent => ({
  headers: [
    'Accept: application/json',
    'Content-Type: application/json',
    'User-Agent: Dexcom Share/3.0.2.11 CFNetwork/711.2.23 Darwin/14.0.0',
  ],
  path: `General/${method}`,
  data: `{"accountName":"${login}","applicationId":"d8665ade-9673-4e27-9ff6-92db4ce13d13","password":"${password}"}`,
});

const CALL = (path: string, data?: string): Sent => ({
  headers: [
    ...(data === undefined ? ['Content-Length: 0'] : []),
    'Accept: application/json',
    ...(data === undefined ? [] : ['Content-Type: application/json']),
    'User-Agent: Dexcom Share/3.0.2.11 CFNetwork/672.0.2 Darwin/14.0.0',
  ],
  path,
  ...(data !== undefined && { data }),
});

const UUID = /^"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"$/;

async function served() {
  const service = createShareService({
    now: () => RECORDED_UTC_MS + 1_260_000,
    accounts: [{ name: 'YOURLOGIN', password: 'YOURPASSWORD' }],
    options: { generation: '2015' },
  });
  const server = await serveShare(service);
  onTestFinished(() => server.close());
  const ask = (sent: Sent) => send(server.origin, sent);
  const login = async () => JSON.parse(await ask(LOGIN('LoginPublisherAccountByName'))) as string;
  return { service, ask, login };
}

describe(`the recorded commands, ${CURL ? 'with curl' : 'with fetch, since curl is missing here'}`, () => {
  it('both logins give a session id in quotes', async () => {
    const { ask } = await served();
    for (const method of ['LoginPublisherAccountByName', 'AuthenticatePublisherAccount']) {
      expect(await ask(LOGIN(method))).toMatch(UUID);
    }
    const refused = await ask(LOGIN('LoginPublisherAccountByName', 'YOURLOGIN', 'another'));
    expect(codeOf({ status: 500, text: refused, type: null })).toBe('AccountPasswordInvalid');
  });

  it('from no receiver to a reading that is read back', async () => {
    const { ask, login } = await served();
    const s = `sessionId=${await login()}`;
    const sn = `serialNumber=${SERIAL}`;
    const publisher = (method: string, query: string) => ask(CALL(`Publisher/${method}?${query}`));
    expect(await publisher('CheckMonitoredReceiverAssignmentStatus', `${s}&${sn}`)).toBe(
      'NotAssigned',
    );
    expect(await publisher('ReplacePublisherAccountMonitoredReceiver', `${s}&${sn}`)).toBe('');
    expect(await publisher('CheckMonitoredReceiverAssignmentStatus', `${s}&${sn}`)).toBe(
      'AssignedToYou',
    );
    expect(await publisher('IsRemoteMonitoringSessionActive', s)).toBe('false');
    expect(await publisher('StartRemoteMonitoringSession', `${s}&${sn}`)).toBe('');
    expect(await publisher('IsRemoteMonitoringSessionActive', s)).toBe('true');
    const upload = String.raw`{"SN":"${SERIAL}","Egvs":[{"Trend":4,"ST":"\/Date(1426784306000)\/","DT":"\/Date(1426755516000)\/","Value":99}],"TA":-14365}`;
    expect(await ask(CALL(`Publisher/PostReceiverEgvRecords?${s}`, upload))).toBe('');
    const read = await publisher(
      'ReadPublisherLatestGlucoseValues',
      `${s}&minutes=1440&maxCount=1`,
    );
    // The recorded answer, to the digit.
    expect(JSON.parse(read)).toEqual([
      {
        DT: '/Date(1426780716000-0700)/',
        ST: '/Date(1426784306000)/',
        Trend: 4,
        Value: 99,
        WT: '/Date(1426769941000)/',
      },
    ]);
    expect(await publisher('StopRemoteMonitoringSession', s)).toBe('');
  });

  it('with the stray slash behind the serial number, which is not part of it', async () => {
    const { ask, login, service } = await served();
    const s = `sessionId=${await login()}`;
    await ask(
      CALL(`Publisher/ReplacePublisherAccountMonitoredReceiver?${s}&serialNumber=${SERIAL}`),
    );
    expect(service.account('YOURLOGIN')?.receiver).toBe(SERIAL);
    const check = `Publisher/CheckMonitoredReceiverAssignmentStatus?${s}&serialNumber=${SERIAL}/`;
    expect(await ask(CALL(check))).toBe('AssignedToYou');
  });

  it('the clock, the phone, and a follower', async () => {
    const { ask, login, service } = await served();
    const session = await login();
    const info = `{"sessionId":"${session}","runtimeInfo":{"DeviceManufacturer":"Apple","DeviceModel":"iPhone5,2","DeviceOsVersion":"7.0.2","AppVersion":"3.0.2.11","AppName":"DexcomShare","AppNumber":"SW10569","DeviceOsName":"iPhone OS"}}`;
    expect(await ask(CALL('Publisher/UpdatePublisherAccountRuntimeInfo', info))).toBe('');
    expect(service.account('YOURLOGIN')?.runtimeInfo).toContain('iPhone5,2');
    const s = `sessionId=${session}`;
    const exists = () => ask(CALL(`Publisher/DoesContactExistByName?${s}&contactName=Bob`));
    expect(await exists()).toBe('false');
    const create = `Publisher/CreateContact?${s}&contactName=Bob&emailAddress=bob@example.com`;
    const contactId = JSON.parse(await ask(CALL(create))) as string;
    expect(await exists()).toBe('true');
    const alert = (type: number) =>
      `{"MinValue":39,"AlarmDelay":"PT1H","AlertType":${type},"IsEnabled":false,"RealarmDelay":"PT2H","Sound":"High.wav","MaxValue":401}`;
    const invitation = `{"AlertSettings":{"HighAlert":${alert(1)},"LowAlert":${alert(2)},"FixedLowAlert":${alert(3)},"NoDataAlert":${alert(4)}},"Permissions":1,"DisplayName":"Ann"}`;
    const invite = `Publisher/CreateSubscriptionInvitation?${s}&contactId=${contactId}`;
    expect(await ask(CALL(invite, invitation))).toMatch(UUID);
    const list = JSON.parse(
      await ask(CALL(`Publisher/ListPublisherAccountSubscriptions?${s}`)),
    ) as object[];
    expect(list).toMatchObject([{ ContactName: 'Bob', State: 2, IsEnabled: false }]);
    expect(await ask(CALL(`Publisher/DeleteContact?${s}&contactId=${contactId}`))).toBe('');
    expect(await ask(CALL(`Publisher/ListPublisherAccountSubscriptions?${s}`))).toBe('[]');
  });
});
