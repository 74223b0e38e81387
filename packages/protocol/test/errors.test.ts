import { describe, expect, it } from 'vitest';
import { EgvkitError } from '../src/errors/error.ts';
import { INPUT_ERRORS, InputError, type InputErrorCode } from '../src/errors/input.ts';
import { LAYOUT_ERRORS, LayoutError, type LayoutErrorCode } from '../src/errors/layout.ts';
import { RECEIVER_ERRORS, ReceiverError, type ReceiverErrorCode } from '../src/errors/receiver.ts';
import { SHARE_ERRORS, ShareError, type ShareErrorCode } from '../src/errors/share.ts';
import { SHARING_ERRORS, SharingError, type SharingErrorCode } from '../src/errors/sharing.ts';
import { STORE_ERRORS, StoreError, type StoreErrorCode } from '../src/errors/store.ts';
import { UPLOAD_ERRORS, UploadError, type UploadErrorCode } from '../src/errors/upload.ts';

const INPUT: { readonly [Code in InputErrorCode]: InputError<Code>['data'] } = {
  outOfRange: { what: 'page', value: -1, allowed: '0 to 9' },
};

const LAYOUT: { readonly [Code in LayoutErrorCode]: LayoutError<Code>['data'] } = {
  tooShort: { what: 'a page', length: 3, needed: 528 },
  unknownLayout: { recordType: 3, revision: 9 },
  tooManyRecords: { recordType: 4, count: 39, fit: 38 },
};

const path = '/dev/ttyACM0';
const command = 'readSystemTime';
const RECEIVER: { readonly [Code in ReceiverErrorCode]: ReceiverError<Code>['data'] } = {
  noReceiver: { seen: 0 },
  severalReceivers: { paths: [path, '/dev/ttyACM1'] },
  unsupportedReceiver: { path, product: 'Dexcom G7 receiver' },
  portNotFound: { path },
  portDenied: { path },
  portBusy: { path },
  portFailed: { path, reason: 'the driver gave up' },
  portsNotListed: { reason: 'udevadm is not installed' },
  unplugged: { path },
  closed: { path },
  busy: { path },
  timeout: { command, afterMs: 2000, attempts: 2 },
  corrupt: { command, reason: 'its CRC is wrong', attempts: 2 },
  refused: { command, responseCode: 4, responseName: 'INVALID_PARAM' },
  badPage: { recordType: 4, page: 7, reason: 'it claims 99 records where 38 fit' },
  noSerialNumber: { reason: 'its manufacturing record is empty' },
  notAllowed: { command: 'command 53', why: 'it can destroy the receiver' },
  notConfirmed: { command: 'writeDisplayTimeOffset', wanted: '60 s', found: '0 s' },
  stopped: { failures: 3 },
};

const host = 'share2.dexcom.com';
const endpoint = 'ReadPublisherLatestGlucoseValues';
const advice = 'Wait a while.';
const fault = { endpoint, faultCode: 'Unknown', faultMessage: 'hm', advice };
const SHARE: { readonly [Code in ShareErrorCode]: ShareError<Code>['data'] } = {
  badOrigin: {},
  insecureOrigin: { host },
  unreachable: { host, endpoint, reason: 'there is no network' },
  timeout: { host, endpoint, afterMs: 30_000, outcomeUnknown: false },
  connectionLost: { host, endpoint, reason: 'it was closed', outcomeUnknown: true },
  badReply: { endpoint, status: 200, problem: 'it is HTML', excerpt: '<p>', outcomeUnknown: false },
  unavailable: { host, endpoint, status: 503, excerpt: '', outcomeUnknown: true },
  tooManyRequests: { host, endpoint, retryAfterMs: 60_000 },
  badRequest: { host, endpoint, status: 403, excerpt: 'Forbidden' },
  credentialsRefused: { host, faultCode: 'AccountPasswordInvalid' },
  credentialsRefusedBefore: { host },
  loginBlocked: { host, untilMs: 1_700_000_000_000 },
  sessionRejected: { host, endpoint, faultCode: 'SessionNotValid' },
  refused: fault,
  serviceFault: fault,
};

const contactId = 'c-1';
const lost = { endpoint, reason: 'unavailable', outcomeUnknown: true } as const;
const SHARING: { readonly [Code in SharingErrorCode]: SharingError<Code>['data'] } = {
  receiverNotAssigned: { status: 'NotAssigned', advice },
  monitoringInactive: { endpoint, advice },
  contactUncertain: lost,
  invitationUncertain: { ...lost, contactId },
  undoFailed: { ...lost, contactId },
};

const STORE: { readonly [Code in StoreErrorCode]: StoreError<Code>['data'] } = {
  unusable: { path, reason: 'ENOSPC' },
};

const UPLOAD: { readonly [Code in UploadErrorCode]: UploadError<Code>['data'] } = {
  noSerialNumber: {},
  noReadings: { hours: 24, records: 3 },
  journalUnusable: { path, reason: 'ENOSPC' },
  journalForeign: { path, what: 'receiver' },
  journalLocked: { path, processId: 4711 },
};

/** What a program may do again by itself. */
const RETRYABLE: ReadonlySet<string> = new Set([
  ...['noReceiver', 'portNotFound', 'portBusy', 'portFailed', 'unplugged', 'timeout', 'corrupt'],
  ...['badPage', 'noSerialNumber', 'noReadings', 'journalLocked', 'unreachable', 'connectionLost'],
  ...['badReply', 'unavailable', 'tooManyRequests', 'sessionRejected', 'serviceFault'],
  'contactUncertain',
]);

interface Sample {
  readonly name: string;
  readonly code: string;
  readonly make: (options?: { cause?: unknown }) => EgvkitError;
  readonly data: object;
}

/** One of each row of a table. */
function samples<Code extends string>(
  name: string,
  table: { readonly [Known in Code]: object },
  create: (code: Code, data: never, options?: { cause?: unknown }) => EgvkitError,
): Sample[] {
  return (Object.keys(table) as Code[]).map((code) => {
    const data = table[code];
    return { name, code, data, make: (options) => create(code, data as never, options) };
  });
}

const TABLES = [
  [INPUT, INPUT_ERRORS],
  [LAYOUT, LAYOUT_ERRORS],
  [RECEIVER, RECEIVER_ERRORS],
  [SHARE, SHARE_ERRORS],
  [SHARING, SHARING_ERRORS],
  [STORE, STORE_ERRORS],
  [UPLOAD, UPLOAD_ERRORS],
] as const;

/** Facts that programs are told and people are not, or not in these words. */
const NOT_SAID: ReadonlySet<string> = new Set([
  ...[
    'faultMessage',
    'advice',
    'excerpt',
    'outcomeUnknown',
    'untilMs',
    'retryAfterMs',
    'contactId',
  ],
  ...['credentialsRefused.faultCode', 'badReply.status', 'monitoringInactive.endpoint'],
  ...['unreachable.endpoint', 'tooManyRequests.endpoint'],
]);

const SAMPLES: readonly Sample[] = [
  ...samples('InputError', INPUT, (...given) => new InputError(...given)),
  ...samples('LayoutError', LAYOUT, (...given) => new LayoutError(...given)),
  ...samples('ReceiverError', RECEIVER, (...given) => new ReceiverError(...given)),
  ...samples('ShareError', SHARE, (...given) => new ShareError(...given)),
  ...samples('SharingError', SHARING, (...given) => new SharingError(...given)),
  ...samples('StoreError', STORE, (...given) => new StoreError(...given)),
  ...samples('UploadError', UPLOAD, (...given) => new UploadError(...given)),
];

describe('the error tables', () => {
  it.each(TABLES)('have a sample here for every row', (samplesOf, table) => {
    expect(Object.keys(samplesOf).sort()).toEqual(Object.keys(table).sort());
  });

  it('say both ways why there is no receiver', () => {
    expect(new ReceiverError('noReceiver', { seen: 0 }).message).toContain('no serial ports');
    expect(new ReceiverError('noReceiver', { seen: 3 }).message).toContain('none of the 3');
  });
});

describe.each(SAMPLES)('$name $code', ({ name, code, make, data }) => {
  it('says one sentence that ends in a full stop and names every fact', () => {
    const { message } = make();
    expect(message).toMatch(/^[^\n]+\.$/);
    // A full stop before the end would start a second sentence.
    expect(message.slice(0, -1)).not.toMatch(/[.!?]\s/);
    expect(message).not.toMatch(/undefined|NaN|\[object|\.\.$/);
    for (const [key, facts] of Object.entries(data)) {
      if (NOT_SAID.has(key) || NOT_SAID.has(`${code}.${key}`)) continue;
      for (const fact of [facts].flat()) if (fact !== 0) expect(message).toContain(String(fact));
    }
  });

  it('says what to do', () => {
    expect(make().help).toMatch(/^\S.*\.$/s);
  });

  it('carries its code, its data and whether a retry can help', () => {
    const error = make();
    expect(error.code).toBe(code);
    expect(error.data).toBe(data);
    expect(error.retryable).toBe(RETRYABLE.has(code));
  });

  it('is an Error of its own kind and keeps its cause', () => {
    const cause = new Error('below');
    const error = make({ cause });
    expect(error).toBeInstanceOf(EgvkitError);
    expect(error).toBeInstanceOf(Error);
    expect(error.name).toBe(name);
    expect(error.cause).toBe(cause);
    expect('cause' in make()).toBe(false);
  });
});
