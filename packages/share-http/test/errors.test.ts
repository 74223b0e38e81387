import { EgvkitError } from '@egvkit/protocol';
import { describe, expect, it } from 'vitest';
import { describeErrorTable } from '../../protocol/test/support/error-table.ts';
import {
  FOLLOWER_ERRORS,
  FollowerError,
  type FollowerErrorCode,
  PUBLISH_ERRORS,
  PublishError,
  type PublishErrorCode,
  SHARE_ERRORS,
  ShareError,
  type ShareErrorCode,
} from '../src/index.ts';
import { STORE_ERRORS, StoreError, type StoreErrorCode } from '../src/node/index.ts';

const host = 'share2.dexcom.com';
const endpoint = 'ReadPublisherLatestGlucoseValues';
const advice = 'Wait a while.';
const fault = { endpoint, faultCode: 'Unknown', faultMessage: 'hm', advice };
const SHARE: { readonly [Code in ShareErrorCode]: ShareError<Code>['data'] } = {
  badOrigin: {},
  insecureOrigin: { host },
  unreachable: { host, endpoint, reason: 'there is no network', advice },
  timeout: { host, endpoint, afterMs: 30_000, outcomeUnknown: false },
  connectionLost: { host, endpoint, reason: 'it was closed', outcomeUnknown: true, advice },
  badReply: { endpoint, status: 200, problem: 'it is HTML', excerpt: '<p>', outcomeUnknown: false },
  unavailable: { host, endpoint, status: 503, excerpt: '', outcomeUnknown: true },
  tooManyRequests: { host, endpoint, status: 429, retryAfterMs: 60_000 },
  badRequest: { host, endpoint, status: 403, excerpt: 'Forbidden' },
  blockedByFirewall: { host, endpoint, status: 403, retryAfterMs: 900_000 },
  credentialsRefused: { host, faultCode: 'AccountPasswordInvalid', advice },
  credentialsRefusedBefore: { host, advice },
  loginTimeout: { host, afterMs: 45_000 },
  loginUnanswered: { host, untilMs: 1_700_000_000_000, retryAfterMs: 60_000 },
  accountLocked: { host, untilMs: 1_700_000_000_000 },
  sessionRejected: { host, endpoint, faultCode: 'SessionNotValid' },
  sessionEndedAgain: { host, agoMs: 1000, limitMs: 180_000 },
  refused: fault,
  serviceFault: fault,
};

const PUBLISH: { readonly [Code in PublishErrorCode]: PublishError<Code>['data'] } = {
  duplicateBatch: { endpoint, count: 2, outcomeUnknown: true },
  receiverNotAssigned: { status: 'NotAssigned', advice },
  notSharing: { endpoint, advice },
};

const contactId = 'c-1';
const lost = { endpoint, reason: 'unavailable', outcomeUnknown: true } as const;
const FOLLOWER: { readonly [Code in FollowerErrorCode]: FollowerError<Code>['data'] } = {
  contactUncertain: lost,
  invitationUncertain: { ...lost, contactId },
  undoFailed: { ...lost, contactId, outcomeUnknown: false },
};

const STORE: { readonly [Code in StoreErrorCode]: StoreError<Code>['data'] } = {
  unusable: { path: '/var/lib/sessions', reason: 'ENOSPC' },
  locked: { processId: 4711, host: 'pc', isAlive: false, lockFile: '/tmp/a.holder' },
};

describeErrorTable(
  {
    name: 'ShareError',
    rows: SHARE_ERRORS,
    samples: SHARE,
    create: (...given) => new ShareError(...given),
    retryable: [
      ...['unreachable', 'timeout', 'connectionLost', 'badReply', 'unavailable', 'tooManyRequests'],
      ...['blockedByFirewall', 'loginTimeout', 'loginUnanswered', 'sessionRejected'],
      ...['sessionEndedAgain', 'serviceFault'],
    ],
    notSaid: [
      ...['faultMessage', 'advice', 'excerpt', 'outcomeUnknown', 'untilMs', 'retryAfterMs'],
      ...['credentialsRefused.faultCode', 'badReply.status'],
      ...['unreachable.endpoint', 'tooManyRequests.endpoint'],
    ],
  },
  EgvkitError,
);

describeErrorTable(
  {
    name: 'PublishError',
    rows: PUBLISH_ERRORS,
    samples: PUBLISH,
    create: (...given) => new PublishError(...given),
    retryable: ['duplicateBatch'],
    notSaid: ['advice', 'outcomeUnknown', 'notSharing.endpoint'],
  },
  EgvkitError,
);

describeErrorTable(
  {
    name: 'FollowerError',
    rows: FOLLOWER_ERRORS,
    samples: FOLLOWER,
    create: (...given) => new FollowerError(...given),
    retryable: ['contactUncertain'],
    notSaid: ['outcomeUnknown', 'contactId'],
  },
  EgvkitError,
);

describeErrorTable(
  {
    name: 'StoreError',
    rows: STORE_ERRORS,
    samples: STORE,
    create: (...given) => new StoreError(...given),
    retryable: ['locked'],
    notSaid: ['isAlive', 'lockFile'],
  },
  EgvkitError,
);

it('asks for the excerpt of an answer only where there is one', () => {
  const badReply = (excerpt: string) => new ShareError('badReply', { ...SHARE.badReply, excerpt });
  expect(badReply('<p>').help).toContain('report the excerpt');
  expect(badReply('').help).not.toContain('excerpt');
});

it('a lock is only advised to be removed if its holder cannot be seen', () => {
  const locked = (isAlive: boolean) => new StoreError('locked', { ...STORE.locked, isAlive });
  expect(locked(false).help).toContain('remove /tmp/a.holder');
  expect(locked(true).help).not.toContain('remove');
});

describe('the errors of an invitation', () => {
  it.each(['invitationUncertain', 'undoFailed'] as const)('%s says how to remove it', (code) => {
    const { help } = new FollowerError(code, FOLLOWER[code]);
    expect(help).toContain(`followers.remove('${contactId}')`);
  });

  it.each([
    ['contactUncertain', true],
    ['invitationUncertain', true],
    ['undoFailed', false],
  ] as const)('the outcome of %s is unknown: %j', (code, unknown) => {
    expect(new FollowerError(code, FOLLOWER[code]).outcomeUnknown).toBe(unknown);
  });

  it('tells a contact that is there from one that may be', () => {
    const data = FOLLOWER.undoFailed;
    expect(new FollowerError('undoFailed', data).message).toContain('could not be removed');
    const unclear = new FollowerError('undoFailed', { ...data, outcomeUnknown: true });
    expect(unclear.message).toContain('may not have been removed');
    expect(unclear.outcomeUnknown).toBe(true);
  });
});
