import { COMMAND_ERRORS, CommandError, type CommandErrorCode } from '../src/errors/command.ts';
import { EgvkitError } from '../src/errors/error.ts';
import { INPUT_ERRORS, InputError, type InputErrorCode } from '../src/errors/input.ts';
import { LAYOUT_ERRORS, LayoutError, type LayoutErrorCode } from '../src/errors/layout.ts';
import { PAGE_ERRORS, PageError, type PageErrorCode } from '../src/errors/page.ts';
import { describeErrorTable, type ErrorTable } from './support/error-table.ts';

const INPUT: { readonly [Code in InputErrorCode]: InputError<Code>['data'] } = {
  outOfRange: { what: 'page', value: -1, allowed: '0 to 9' },
};

const LAYOUT: { readonly [Code in LayoutErrorCode]: LayoutError<Code>['data'] } = {
  tooShort: { what: 'a page', length: 3, needed: 528 },
};

const PAGE: { readonly [Code in PageErrorCode]: PageError<Code>['data'] } = {
  unknownLayout: { recordType: 3, revision: 9 },
  tooManyRecords: { recordType: 4, count: 39, fit: 38 },
};

const COMMAND: { readonly [Code in CommandErrorCode]: CommandError<Code>['data'] } = {
  unknownCommand: { command: 'command 53' },
  neverSent: { command: 'eraseDatabase', why: 'it erases the database' },
  writeNotAllowed: { command: 'writeDisplayTimeOffset' },
};

const TABLES: readonly Pick<ErrorTable, 'name' | 'rows' | 'samples' | 'create'>[] = [
  {
    name: 'InputError',
    rows: INPUT_ERRORS,
    samples: INPUT,
    create: (...given) => new InputError(...given),
  },
  {
    name: 'LayoutError',
    rows: LAYOUT_ERRORS,
    samples: LAYOUT,
    create: (...given) => new LayoutError(...given),
  },
  {
    name: 'PageError',
    rows: PAGE_ERRORS,
    samples: PAGE,
    create: (...given) => new PageError(...given),
  },
  {
    name: 'CommandError',
    rows: COMMAND_ERRORS,
    samples: COMMAND,
    create: (...given) => new CommandError(...given),
  },
];

for (const table of TABLES) describeErrorTable({ ...table, retryable: [] }, EgvkitError);
