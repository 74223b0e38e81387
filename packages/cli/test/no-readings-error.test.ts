import { EgvkitError } from '@egvkit/protocol';
import { expect, it } from 'vitest';
import { describeErrorTable } from '../../protocol/test/support/error-table.ts';
import { NO_READINGS_ERRORS, NoReadingsError } from '../src/errors/no-readings-error.ts';

const SAMPLE = { hours: 24, records: 3, mostly: '2 special codes' };

describeErrorTable(
  {
    name: 'NoReadingsError',
    rows: NO_READINGS_ERRORS,
    samples: { noReadings: SAMPLE },
    create: (...given) => new NoReadingsError(...given),
    retryable: ['noReadings'],
  },
  EgvkitError,
);

it('of a receiver without records the sentence names no reason', () => {
  const { message } = new NoReadingsError('noReadings', { hours: 24, records: 0, mostly: '' });
  expect(message).toBe('The receiver has no readings of the last 24 hours.');
});
