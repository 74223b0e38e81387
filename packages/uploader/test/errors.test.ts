import { EgvkitError } from '@egvkit/protocol';
import { describeErrorTable } from '../../protocol/test/support/error-table.ts';
import {
  NIGHTSCOUT_ERRORS,
  NightscoutError,
  type NightscoutErrorCode,
} from '../src/destinations/nightscout/index.ts';
import { UPLOAD_ERRORS, UploadError, type UploadErrorCode } from '../src/index.ts';

const UPLOAD: { readonly [Code in UploadErrorCode]: UploadError<Code>['data'] } = {
  noSerialNumber: {},
  hostClockWrong: {
    aheadSeconds: -10_800,
    hostTime: '2023-11-14T22:13:20.000Z',
    limitSeconds: 120,
  },
  serviceClockUncertain: { uncertaintyMs: 9471, limitMs: 750, questions: 3 },
  hostClockChanged: { bySeconds: -3600 },
  journalUnusable: { path: 'a.journal', reason: 'ENOSPC' },
  journalForeign: { path: 'a.journal', what: 'receiver' },
  journalLocked: {
    path: 'a.journal',
    processId: 4711,
    host: 'pc',
    isAlive: true,
    lockFile: '/tmp/a.holder',
    holder: 'process 4711 on host pc',
    advice: undefined,
  },
  journalLost: { path: 'a.journal', reason: 'it was replaced' },
};

describeErrorTable(
  {
    name: 'UploadError',
    rows: UPLOAD_ERRORS,
    samples: UPLOAD,
    create: (...given) => new UploadError(...given),
    retryable: [
      'noSerialNumber',
      'hostClockWrong',
      'serviceClockUncertain',
      'hostClockChanged',
      'journalLocked',
    ],
    notSaid: ['isAlive', 'lockFile', 'advice'],
  },
  EgvkitError,
);

const advice = 'Do this.';
const said = { host: 'site.example', call: 'GET /api/v1/entries.json' };
const NIGHTSCOUT: { readonly [Code in NightscoutErrorCode]: NightscoutError<Code>['data'] } = {
  badAddress: {},
  insecureAddress: { host: 'site.example' },
  tokenNeeded: {},
  unreachable: { host: 'site.example', reason: 'its name is unknown (ENOTFOUND)', advice },
  timeout: { ...said, afterMs: 30_000, outcomeUnknown: false },
  connectionLost: { ...said, reason: 'ECONNRESET', advice, outcomeUnknown: true },
  refused: { host: 'site.example', what: 'token' },
  permissionMissing: { host: 'site.example', permission: 'api:entries:create' },
  notNightscout: { ...said, status: 404 },
  siteTooOld: { host: 'site.example' },
  redirected: said,
  rateLimited: { host: 'site.example', status: 429, retryAfterMs: 60_000 },
  unavailable: { ...said, status: 503, outcomeUnknown: false, retryAfterMs: 60_000 },
  rejected: { ...said, status: 400 },
  badAnswer: { ...said, problem: 'it is no JSON', outcomeUnknown: false },
};

describeErrorTable(
  {
    name: 'NightscoutError',
    rows: NIGHTSCOUT_ERRORS,
    samples: NIGHTSCOUT,
    create: (...given) => new NightscoutError(...given),
    retryable: [
      ...['unreachable', 'timeout', 'connectionLost', 'notNightscout', 'redirected'],
      ...['rateLimited', 'unavailable', 'badAnswer'],
    ],
    notSaid: ['outcomeUnknown', 'retryAfterMs', 'advice'],
  },
  EgvkitError,
);
