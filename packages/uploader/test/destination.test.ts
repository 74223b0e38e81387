import { describeDestination } from '@egvkit/contracts';
import { serveNightscout } from '@egvkit/nightscout-emulator/node';
import { describe } from 'vitest';
import { nightscoutDestination } from '../src/destinations/nightscout/index.ts';
import { KeyedStore } from './support/keyed-store.ts';
import { API_SECRET, nightscoutWorld, storedIn } from './support/nightscout-world.ts';
import { ACCOUNT, shareWorld } from './support/share-world.ts';
import { FakeService, NOW_MS } from './support/world.ts';

const there = { nowMs: NOW_MS, serialNumber: ACCOUNT.receiver };

describeDestination('shareDestination over an emulated service', () => {
  const { destination, service } = shareWorld();
  const endpoint = 'PostReceiverEgvRecords';
  return {
    ...{ ...there, destination },
    secrets: [ACCOUNT.name, ACCOUNT.password],
    stored: () =>
      service.readings(ACCOUNT.name).map(({ wtMs, mgDl }) => ({ utcMs: wtMs, value: mgDl })),
    loseAnswer: () => service.failNext({ kind: 'drop', when: 'after', endpoint }),
    refuse: () => service.failNext({ kind: 'fault', code: 'InvalidArgument', endpoint }),
  };
});

describeDestination('a store with identifiers of its own', () => {
  const destination = new KeyedStore();
  return {
    ...{ ...there, destination, secrets: [] },
    stored: () => destination.stored(),
    loseAnswer: () => void destination.faults.push('lostAfter'),
    refuse: () => void destination.faults.push('refused'),
  };
});

describeDestination('the service that the tests here use', () => {
  const destination = new FakeService();
  return {
    ...{ ...there, destination, secrets: [] },
    stored: () => destination.stored,
    loseAnswer: () => void destination.faults.push('lostAfter'),
    refuse: () => void destination.faults.push('refused'),
  };
});

describe.each([
  { version: 1, by: 'secret' },
  { version: 1, by: 'token' },
  { version: 3, by: 'token' },
] as const)('nightscoutDestination by version $version with a $by', ({ version, by }) => {
  describeDestination('over HTTP', async () => {
    const { site, token } = nightscoutWorld();
    const server = await serveNightscout(site);
    const url = server.origin;
    const secrets = [API_SECRET, token];
    const destination = nightscoutDestination({
      ...{ url, version, mostReadings: 120, nowMs: () => NOW_MS },
      ...(by === 'secret' ? { apiSecret: API_SECRET } : { token }),
    });
    return {
      ...{ ...there, destination, secrets },
      stored: () => storedIn(site),
      loseAnswer: () => site.failNext({ kind: 'drop', when: 'after', call: `v${version} create` }),
      refuse: () =>
        site.failNext({ kind: 'body', status: 400, body: '{}', call: `v${version} create` }),
      dispose: () => server.close(),
    };
  });
});
