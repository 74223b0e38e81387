import { EgvkitError } from '@egvkit/protocol';
import { describe, expect, it } from 'vitest';
import { describeErrorTable } from '../../protocol/test/support/error-table.ts';
import { RECEIVER_ERRORS, ReceiverError, type ReceiverErrorCode } from '../src/errors.ts';

const path = '/dev/ttyACM0';
const command = 'readSystemTime';
const SAMPLES: { readonly [Code in ReceiverErrorCode]: ReceiverError<Code>['data'] } = {
  portFailed: { path, reason: 'the driver gave up' },
  notReleased: { path, afterMs: 3000 },
  flooded: { path, limitBytes: 262_144 },
  unplugged: { path },
  closed: { path },
  busy: { path },
  timeout: { command, afterMs: 2000, attempts: 2 },
  corrupt: { command, damage: 'crc', attempts: 2 },
  contradictory: { command, attempts: 12 },
  refused: { command, responseCode: 4, responseName: 'INVALID_PARAM' },
  badPageRange: { recordType: 4, first: 9, last: 3 },
  badPage: { recordType: 4, page: 7, problem: { kind: 'recordCount', count: 99, fit: 38 } },
  notConfirmed: { command: 'writeDisplayTimeOffset', wanted: '60 s', found: '0 s' },
  stopped: { failures: 3 },
};

describeErrorTable(
  {
    name: 'ReceiverError',
    rows: RECEIVER_ERRORS,
    samples: SAMPLES,
    create: (...given) => new ReceiverError(...given),
    retryable: [
      ...['portFailed', 'notReleased', 'flooded', 'unplugged'],
      ...['timeout', 'corrupt', 'contradictory', 'badPageRange', 'badPage'],
    ],
    // Said in words.
    notSaid: ['damage', 'problem'],
  },
  EgvkitError,
);

describe('the words of ReceiverError', () => {
  it('name the damage of a reply and the problem of a page', () => {
    const { message } = new ReceiverError('corrupt', SAMPLES.corrupt);
    expect(message).toContain('was damaged: its CRC is wrong (asked 2 times).');
    expect(new ReceiverError('badPage', SAMPLES.badPage).message).toBe(
      'Page 7 of record type 4 is unusable: it claims 99 records where 38 fit.',
    );
  });

  it.each([
    new ReceiverError('timeout', { command: 'ping', afterMs: 2000, attempts: 2 }),
    new ReceiverError('corrupt', { command: 'ping', damage: 'noPacket', attempts: 2 }),
    new ReceiverError('refused', { command: 'ping', responseCode: 10, responseName: 'unknown' }),
  ])('say that it may be no receiver when the first command fails: $code', ({ help }) => {
    expect(help).toContain('It may also be another device than a receiver');
  });

  it('say nothing of another device once a receiver has answered', () => {
    const { help } = new ReceiverError('corrupt', {
      command: 'readDatabasePages',
      damage: 'noPacket',
      attempts: 2,
    });
    expect(help).not.toContain('another device');
  });
});
