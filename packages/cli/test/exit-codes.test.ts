import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as protocol from '@egvkit/protocol';
import * as receiver from '@egvkit/receiver';
import { PtyError } from '@egvkit/receiver-emulator/pty';
import * as receiverSerial from '@egvkit/receiver-serial';
import * as shareHttp from '@egvkit/share-http';
import * as uploader from '@egvkit/uploader';
import { describe, expect, it } from 'vitest';
import { NO_READINGS_ERRORS } from '../src/errors/no-readings-error.ts';
import { RECEIVER_CHOICE_ERRORS } from '../src/errors/receiver-choice-error.ts';
import { SERVICE_ERRORS } from '../src/errors/service-error.ts';
import { STATUS_ERRORS } from '../src/errors/status-error.ts';
import { WATCH_ERRORS } from '../src/errors/watch-error.ts';
import { EXIT_CODES, EXIT_EXCEPTIONS, exitOf } from '../src/output/exit-codes.ts';

/** Every table of errors that is exported: code to row. */
const TABLES = Object.entries({
  ...protocol,
  ...receiver,
  ...receiverSerial,
  ...shareHttp,
  ...uploader,
  NO_READINGS_ERRORS,
  STATUS_ERRORS,
  WATCH_ERRORS,
  RECEIVER_CHOICE_ERRORS,
  SERVICE_ERRORS,
})
  .filter(([name]) => name.endsWith('_ERRORS'))
  .map(([, table]) => table as Readonly<Record<string, { readonly retryable: boolean }>>);

const exitsOf = (...codes: readonly string[]) =>
  codes.map((code) => {
    const row = TABLES.find((table) => Object.hasOwn(table, code))?.[code];
    if (row === undefined) throw new Error(`There is no error ${code}.`);
    return exitOf({ code, retryable: row.retryable });
  });

describe('the exit code of an error', () => {
  it('tells a script that there is nothing to work with', () => {
    expect(
      new Set(
        exitsOf(
          ...['noReceiver', 'severalReceivers', 'serialNotFound', 'portNotFound', 'noReadings'],
          'notInstalled',
        ),
      ),
    ).toEqual(new Set(['nothingThere']));
  });

  it('tells a script to try again later', () => {
    const codes = ['unreachable', 'unavailable', 'tooManyRequests', 'portBusy', 'journalLocked'];
    expect(new Set(exitsOf(...codes))).toEqual(new Set(['tryLater']));
  });

  it('tells a script that a person has to act', () => {
    const codes = ['credentialsRefused', 'credentialsRefusedBefore', 'receiverNotAssigned'];
    expect(new Set(exitsOf(...codes, 'portDenied', 'hostClockWrong', 'journalUnusable'))).toEqual(
      new Set(['needsPerson']),
    );
  });

  it('tells a script that data is damaged', () => {
    expect(new Set(exitsOf('corrupt', 'badPage'))).toEqual(new Set(['damaged']));
  });

  it('tells a script that the command line is wrong', () => {
    expect(new Set(exitsOf('outOfRange', 'badOrigin', 'insecureOrigin'))).toEqual(
      new Set(['usage']),
    );
  });

  it('is told apart only for errors that exist', () => {
    const known = new Set(TABLES.flatMap((table) => Object.keys(table)));
    for (const code of ['ptyUnavailable', 'linkTaken'] as const) {
      known.add(new PtyError(code, { reason: '', link: '' } as never).code);
    }
    expect(EXIT_EXCEPTIONS.filter((code) => !known.has(code))).toEqual([]);
  });
});

it('is in the README as it is in the code', async () => {
  const readme = await readFile(join(import.meta.dirname, '../README.md'), 'utf8');
  const rows = [...readme.matchAll(/^\| (\d+) +\| (.*?) +\|$/gm)];
  expect(rows.map(([, code, meaning]) => [Number(code), meaning])).toEqual(
    Object.values(EXIT_CODES).map(({ code, meaning }) => [code, meaning]),
  );
});
