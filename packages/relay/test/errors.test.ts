import { EgvkitError } from '@egvkit/protocol';
import { describeErrorTable } from '../../protocol/test/support/error-table.ts';
import { RELAY_ERRORS, RelayError, type RelayErrorCode } from '../src/errors.ts';

const header = 'x-frame-options';
const folder = 'dist/page';
const SAMPLES: { readonly [Code in RelayErrorCode]: RelayError<Code>['data'] } = {
  badOrigin: { option: 'nightscout' },
  noPages: {},
  noService: {},
  badHeader: { header },
  reservedHeader: { header },
  folderUnreadable: { folder, systemCode: 'ENOENT' },
  noIndexPage: { folder },
  tooManyFiles: { folder, maxFiles: 10_000 },
  portTaken: { port: 8787 },
  portDenied: { port: 80, systemCode: 'EACCES' },
  tlsUnverified: {},
};

describeErrorTable(
  {
    name: 'RelayError',
    rows: RELAY_ERRORS,
    samples: SAMPLES,
    create: (...given) => new RelayError(...given),
    retryable: ['portTaken'],
  },
  EgvkitError,
);
