import { describe, expect, it } from 'vitest';
import { EgvkitError } from '../src/errors/error.ts';
import { INPUT_ERRORS, InputError, type InputErrorCode } from '../src/errors/input.ts';
import { LAYOUT_ERRORS, LayoutError, type LayoutErrorCode } from '../src/errors/layout.ts';
import { RECEIVER_ERRORS, ReceiverError, type ReceiverErrorCode } from '../src/errors/receiver.ts';

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

/** Where repeating the call can help, nothing else being changed. */
const RETRYABLE: readonly string[] = [
  'noReceiver',
  'portNotFound',
  'portBusy',
  'portFailed',
  'unplugged',
  'timeout',
  'corrupt',
  'badPage',
  'noSerialNumber',
] satisfies ReceiverErrorCode[];

interface Sample {
  readonly code: string;
  readonly make: (options?: { cause?: unknown }) => InputError | LayoutError | ReceiverError;
  readonly data: object;
  readonly retryable: boolean;
}

const SAMPLES: readonly Sample[] = [
  ...Object.entries(INPUT).map(([code, data]) => ({
    code,
    data,
    retryable: false,
    make: (options?: { cause?: unknown }) =>
      new InputError(code as 'outOfRange', data as never, options),
  })),
  ...Object.entries(LAYOUT).map(([code, data]) => ({
    code,
    data,
    retryable: false,
    make: (options?: { cause?: unknown }) =>
      new LayoutError(code as 'tooShort', data as never, options),
  })),
  ...Object.entries(RECEIVER).map(([code, data]) => ({
    code,
    data,
    retryable: RETRYABLE.includes(code),
    make: (options?: { cause?: unknown }) =>
      new ReceiverError(code as 'unplugged', data as never, options),
  })),
];

describe('the error tables', () => {
  it('have a sample here for every row', () => {
    expect(Object.keys(INPUT).sort()).toEqual(Object.keys(INPUT_ERRORS).sort());
    expect(Object.keys(LAYOUT).sort()).toEqual(Object.keys(LAYOUT_ERRORS).sort());
    expect(Object.keys(RECEIVER).sort()).toEqual(Object.keys(RECEIVER_ERRORS).sort());
  });

  it('say both ways why there is no receiver', () => {
    expect(new ReceiverError('noReceiver', { seen: 0 }).message).toContain('no serial ports');
    expect(new ReceiverError('noReceiver', { seen: 3 }).message).toContain('none of the 3');
  });
});

describe.each(SAMPLES)('$code', ({ code, make, data, retryable }) => {
  it('says one sentence that ends in a full stop and names every fact', () => {
    const { message } = make();
    expect(message).toMatch(/^[^\n]+\.$/);
    // A full stop before the end would start a second sentence.
    expect(message.slice(0, -1)).not.toMatch(/[.!?]\s/);
    expect(message).not.toMatch(/undefined|NaN|\[object|\.\.$/);
    for (const fact of Object.values(data).flat()) {
      if (fact !== 0) expect(message).toContain(String(fact));
    }
  });

  it('says what to do', () => {
    expect(make().help).toMatch(/^\S.*\.$/s);
  });

  it('carries its code, its data and whether a retry can help', () => {
    const error = make();
    expect(error.code).toBe(code);
    expect(error.data).toBe(data);
    expect(error.retryable).toBe(retryable);
  });

  it('is an Error of its own kind and keeps its cause', () => {
    const cause = new Error('below');
    const error = make({ cause });
    expect(error).toBeInstanceOf(EgvkitError);
    expect(error).toBeInstanceOf(Error);
    expect(['InputError', 'LayoutError', 'ReceiverError']).toContain(error.name);
    expect(error.cause).toBe(cause);
    expect('cause' in make()).toBe(false);
  });
});
