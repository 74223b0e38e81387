import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CommandName } from '@egvkit/protocol/receiver';
import { encodePacket } from '@egvkit/protocol/receiver/wire';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeFolder, makeWorld, type Ran, run } from './support/world.ts';

/** Commands that a receiver may refuse because it does not know them. */
const OPTIONAL: ReadonlySet<string | undefined> = new Set<CommandName>([
  'readFirmwareHeader',
  'readTransmitterId',
  'readBatteryLevel',
  'readBatteryState',
  'readGlucoseUnit',
  'readClockMode',
  'readLanguage',
  'readBlindedMode',
  'readDeviceMode',
  'readChargerCurrentSetting',
  'readFirmwareSettings',
  'readRtc',
]);
const INVALID_COMMAND = 3;

/** A receiver that tells only its clock and its records. */
const refusing = ({ command }: { command: string | undefined }) =>
  OPTIONAL.has(command) ? [encodePacket(INVALID_COMMAND)] : undefined;

type Json = Record<string, unknown>;

function values({ out }: Ran): Json[] {
  return out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Json);
}

const ID = '11111111-2222-4333-8444-555555555555';

/** A service that knows of a reading only value and time, and of a follower only id and state. */
async function serveTheLeast(): Promise<
  (words: string, io?: Parameters<typeof run>[2]) => Promise<Ran>
> {
  const replies: Readonly<Record<string, unknown>> = {
    AuthenticatePublisherAccount: ID,
    LoginPublisherAccountById: ID,
    ReadPublisherLatestGlucoseValues: [
      { WT: `Date(${Date.now() - 60_000})`, Value: 120, Trend: 'Sideways' },
    ],
    ListPublisherAccountSubscriptions: [{ SubscriptionId: ID, State: 1 }],
  };
  const server = createServer((request, response) => {
    const endpoint = new URL(request.url ?? '', 'http://localhost').pathname.split('/').at(-1);
    request.resume().on('end', () => {
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify(replies[endpoint ?? ''] ?? null));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { path, [Symbol.asyncDispose]: removeFolder } = await makeFolder();
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await removeFolder();
  });
  const { port } = server.address() as AddressInfo;
  const flags = ['--share-url', `http://127.0.0.1:${port}`, '--account', 'wearer', '--json'];
  const env = { DEXCOM_PASSWORD: 'not looked at', XDG_STATE_HOME: path };
  return (words, io) => run(['share', ...words.split(' '), ...flags], env, io);
}

describe('what is unknown is null for programs', () => {
  it('of a receiver that tells nothing of itself: info', async () => {
    await using known = await makeWorld();
    await using unknown = await makeWorld({ deliver: refusing });
    const info = async ({ portPath }: typeof known) =>
      values(await run(['info', '--port', portPath, '--json']))[0]!;
    const [full, least] = [await info(known), await info(unknown)];
    expect(Object.keys(least)).toEqual(Object.keys(full));
    expect(least).toMatchObject({
      firmware: null,
      transmitterId: null,
      battery: { percent: null, state: null },
      chargerCurrent: null,
      display: { unit: null, clockMode: null, language: null },
      mode: { blinded: null, deviceMode: null },
      firmwareSettings: null,
    });
  });

  it('of a receiver that tells nothing of itself: upload', async () => {
    await using world = await makeWorld({ deliver: refusing });
    const ran = await run(['upload', '--port', world.portPath, '--dry-run', '--json'], world.env);
    expect(values(ran)[0]).toMatchObject({
      receiver: {
        product: null,
        software: null,
        transmitterId: null,
        batteryPercent: null,
        batteryState: null,
      },
    });
  });

  it('of a record: read', async () => {
    await using world = await makeWorld({ profile: 'g6' });
    const records = values(await run(['read', 'egv', '--port', world.portPath, '--json']));
    const glucose = records.map((record) => record.glucose as Json);
    // Every reading has the keys that any has, LOW and the states too.
    expect(new Set(glucose.map((one) => Object.keys(one).join(' ')))).toHaveLength(1);
    for (const { status, mgDl, special } of glucose) {
      expect([status, typeof mgDl]).toEqual([status, status === 'inRange' ? 'number' : 'object']);
      expect([status, typeof special]).toEqual([
        status,
        status === 'special' ? 'string' : 'object',
      ]);
    }
  });

  it('of a reading: share readings and share watch', async () => {
    const share = await serveTheLeast();
    const unknown = { mgDl: 120, trend: null, offsetMinutes: null, special: null };
    expect(values(await share('readings'))[0]).toMatchObject({ readings: [unknown] });
    const abort = new AbortController();
    let out = '';
    const write = (text: string): void => {
      out += text;
      abort.abort(new Error('interrupted'));
    };
    const { exitCode } = await share('watch', { write, signal: abort.signal });
    expect([exitCode, JSON.parse(out)]).toMatchObject([0, { ...unknown, late: false }]);
  });

  it('of a follower: share followers list', async () => {
    const share = await serveTheLeast();
    expect(values(await share('followers list'))[0]).toMatchObject({
      followers: [
        {
          subscriptionId: ID,
          contactId: null,
          contactName: null,
          displayName: null,
          permissions: null,
        },
      ],
    });
  });

  it('of a failure: the same keys whatever failed', async () => {
    const usage = values(await run(['upload', '--json', '--region', 'mars']));
    const known = values(await run(['read', 'egv', '--port', '/dev/null/none', '--json']));
    for (const [line] of [usage, known]) {
      expect(Object.keys(line!.error as Json)).toEqual([
        'code',
        'message',
        'help',
        'retryable',
        'outcomeUnknown',
        'data',
      ]);
    }
    expect(usage[0]).toMatchObject({ error: { code: 'usage', help: null, data: null } });
  });
});
