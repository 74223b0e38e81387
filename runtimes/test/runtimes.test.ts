import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EndpointName } from '@egvkit/protocol/share';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CaseName } from '../src/cases.ts';
import type { Endings } from '../src/play.ts';
import type { Failure } from '../src/scene.ts';
import { mayBeMissing, oldestNode } from './binaries.ts';
import { type CaseServers, NOW_MS, openCaseServers } from './case-servers.ts';
import { HERE, run } from './programs.ts';
import { RUNTIMES, type Runtime } from './runtimes.ts';

const LIMIT_MS = 60_000;

const AUTHENTICATE = 'AuthenticatePublisherAccount';
const LOGIN = 'LoginPublisherAccountById';
const READ = 'ReadPublisherLatestGlucoseValues';

const at = (minutes: number) => ({ utcMs: NOW_MS - minutes * 60_000, offsetMinutes: -420 });
const flat = { ...at(3), mgDl: 120, mmolL: 6.7, status: 'inRange', trend: 'Flat' };
const low = { ...at(8), mgDl: 39, mmolL: 2.2, status: 'low', trend: 'DoubleDown' };
const high = { ...at(13), mgDl: 401, mmolL: 22.3, status: 'high', trend: 'DoubleUp' };
const rising = { ...at(18), mgDl: 181, mmolL: 10, status: 'inRange', trend: 'FortyFiveUp' };

/** A failure as a case tells it. */
const shareError = (code: string, data: object = {}) => ({
  name: 'ShareError',
  code,
  data: expect.objectContaining(data),
  texts: expect.arrayContaining([expect.stringMatching(/^ShareError: \w/)]),
});

interface Expected {
  readonly says: string;
  readonly value: unknown;
  /** Calls of the case that reach the service. */
  readonly calls: readonly EndpointName[];
}

const expectedOf = ({ noListener, redirectStatus }: Runtime): Record<CaseName, Expected> => ({
  readings: {
    says: 'logs in in two steps and reads',
    value: [flat, low, high, rising],
    calls: [AUTHENTICATE, LOGIN, READ],
  },
  newestReading: {
    says: 'finds the newest reading, and that it is current',
    value: { latest: flat.utcMs, current: flat.utcMs },
    calls: [READ, READ],
  },
  forgottenSession: {
    says: 'logs in once more when the service has forgotten the session',
    value: 6,
    calls: [READ, AUTHENTICATE, LOGIN, READ],
  },
  wrongPassword: {
    says: 'sends a wrong password once, also when it is started again',
    value: [
      shareError('credentialsRefused'),
      shareError('credentialsRefusedBefore'),
      shareError('credentialsRefusedBefore'),
    ],
    calls: [AUTHENTICATE],
  },
  noListener: {
    says: `calls it ${noListener} if nothing listens`,
    value: shareError(noListener, { endpoint: AUTHENTICATE }),
    calls: [],
  },
  slowAnswer: {
    says: 'gives up a slow answer in time',
    value: shareError('timeout', { endpoint: READ, afterMs: 200 }),
    calls: [READ],
  },
  longAnswer: {
    says: 'gives up a long answer',
    value: shareError('badReply', { status: 200, problem: 'it is longer than 64 bytes' }),
    calls: [READ],
  },
  redirect: {
    says: 'does not follow a redirect',
    value: shareError('badReply', {
      status: redirectStatus,
      problem: 'it is a redirect',
    }),
    calls: [],
  },
  aborted: {
    says: 'ends with the reason of its signal',
    value: { endedWithItsReason: true },
    calls: [READ],
  },
  watched: {
    says: 'watches until its signal is aborted',
    value: {
      seen: [
        { ...low, late: false },
        { ...flat, late: false },
      ],
      endedWithItsReason: true,
    },
    calls: [READ],
  },
  upload: {
    says: 'gets the account ready and uploads',
    value: {
      ready: { assigned: true, started: true },
      first: { outcome: 'posted' },
      second: { outcome: 'duplicate' },
      latest: 111,
    },
    calls: [
      'CheckMonitoredReceiverAssignmentStatus',
      'ReplacePublisherAccountMonitoredReceiver',
      'IsRemoteMonitoringSessionActive',
      'StartRemoteMonitoringSession',
      'PostReceiverEgvRecords',
      'PostReceiverEgvRecords',
      READ,
    ],
  },
});

/** Every failure in some JSON. */
function failuresIn(value: unknown): Failure[] {
  if (typeof value !== 'object' || value === null) return [];
  return 'texts' in value ? [value as Failure] : Object.values(value).flatMap(failuresIn);
}

/** A secret as it is, as JSON writes it, and as an address does. */
const formsOf = (secret: string) => [
  secret,
  JSON.stringify(secret).slice(1, -1),
  encodeURIComponent(secret),
];

for (const runtime of RUNTIMES) {
  const { name, missing } = runtime;
  const isLeftOut = missing !== undefined && mayBeMissing;
  describe.skipIf(isLeftOut)(isLeftOut ? `${name}, left out: ${missing}` : name, () => {
    let servers: CaseServers;
    let endings: Endings;

    beforeAll(async () => {
      if (missing !== undefined) throw new Error(missing);
      servers = await openCaseServers();
      endings = await runtime.play(servers.scene);
    }, LIMIT_MS);
    afterAll(() => servers?.[Symbol.asyncDispose]());

    const rows = Object.entries(expectedOf(runtime)) as [CaseName, Expected][];
    it.each(rows.map(([id, row]) => ({ id, ...row })))('$says', ({ id, value, calls }) => {
      expect(endings[id]).toEqual({ value });
      expect(servers.calls(id)).toEqual(calls);
    });

    it('has uploaded one reading, and gone nowhere else', () => {
      const stored = servers.service.readings(servers.scene.accountName).map(({ mgDl }) => mgDl);
      expect(stored).toEqual([95, 70, 181, 401, 39, 120, 111]);
      expect(servers.redirectsFollowed()).toBe(0);
    });

    it('shows no secret in any error', () => {
      const failures = failuresIn(endings);
      expect(failures).toHaveLength(7);
      const forms = servers.secrets().flatMap(formsOf);
      const shown = failures.flatMap(({ texts }) => texts);
      expect(shown.filter((text) => forms.some((form) => text.includes(form)))).toEqual([]);
    });
  });
}

it('runs on the oldest Node that the package is for, and on the one of this workspace', async () => {
  const manifestAt = async (path: string) => JSON.parse(await readFile(join(HERE, path), 'utf8'));
  const { engines } = await manifestAt('../packages/share-http/package.json');
  const oldest = `${engines.node.replace('>=', '')}.0.0`.split('.').slice(0, 3).join('.');
  expect((await run(oldestNode, ['--version'])).trim()).toBe(`v${oldest}`);
  expect(process.versions.node).toBe((await manifestAt('node_modules/node/package.json')).version);
});
