import { COMMAND_ERRORS } from '../src/errors/command.ts';
import type { ErrorRow, ErrorRows } from '../src/errors/error.ts';
import { INPUT_ERRORS } from '../src/errors/input.ts';
import { LAYOUT_ERRORS } from '../src/errors/layout.ts';
import { PAGE_ERRORS } from '../src/errors/page.ts';
import type { Codec, FieldDescription } from '../src/layout.ts';
import type { AboutCommand, Command } from '../src/receiver/command.ts';
import { COMMANDS } from '../src/receiver/commands.ts';
import { NEVER_SENT } from '../src/receiver/never-sent.ts';
import { recordsPerPage } from '../src/receiver/page.ts';
import { PAGE_HEADER, PAGE_HEADER_WORDS } from '../src/receiver/page-header.ts';
import { CALIBRATION_POINT, CALIBRATION_POINT_WORDS } from '../src/receiver/records/calibration.ts';
import { SETTING_FLAGS } from '../src/receiver/records/clock-settings.ts';
import {
  ABOUT_GLUCOSE_BITS,
  ABOUT_PREDICTION_BITS,
  ABOUT_TREND_BITS,
  GLUCOSE_BITS,
  PREDICTION_BITS,
  TREND_BITS,
} from '../src/receiver/records/glucose.ts';
import { RECORD_FORMATS } from '../src/receiver/records/index.ts';
import { RECORD_CRC_SIZE } from '../src/receiver/records/record.ts';
import { ENUMERATIONS } from './enumerations.ts';
import { code, codeNumber, span, table } from './tables.ts';

const INTRODUCTION = `# The receiver's protocol

Made from the tables of \`packages/protocol\` by \`npm run docs:reference\`; do not edit it by hand.
The sections named are those of the specification the tables were written from.

Everything is little-endian. Times are seconds since 2009-01-01T00:00:00; \`system\` is the internal
clock, \`display\` the one on the screen. CRCs are CRC-16/XMODEM (check value 0x31C3).

How sure a row is:

${table(
  ['Evidence', 'What it means'],
  [
    ['captured', 'seen in bytes of a real receiver'],
    ['several sources', 'told alike by several sources, not captured'],
    ['one source', 'told by one source only'],
    ['unconfirmed', 'deduced or assumed; nobody has seen it'],
  ],
)}`;

function fieldsOf({ fields }: Codec<unknown>): string {
  if (fields.length === 0) return 'nothing';
  return fields.map(({ name, type }) => `${code(name)} ${type}`).join(', ');
}

function commands(): string {
  const rows = Object.entries(
    COMMANDS as Readonly<Record<string, unknown>> as Readonly<
      Record<string, Command<unknown, unknown> & AboutCommand>
    >,
  );
  return table(
    [
      'Code',
      'Command',
      'Effect',
      'Request',
      'Reply',
      'Wait',
      'What it does',
      'Evidence',
      'Section',
    ],
    rows.map(([name, row]) => [
      codeNumber(row.code),
      code(name),
      row.effect,
      fieldsOf(row.request),
      fieldsOf(row.reply),
      `${row.timeoutMs} ms`,
      row.doc,
      row.evidence,
      row.source,
    ]),
  );
}

function neverSent(): string {
  return table(
    ['Code', 'Command', 'Why it is never sent', 'Evidence', 'Section'],
    Object.entries(NEVER_SENT).map(([name, { code: number, why, evidence, source }]) => [
      codeNumber(number),
      code(name),
      why,
      evidence,
      source,
    ]),
  );
}

type Described = FieldDescription & { readonly doc: string };

/** Joins fields with the words about them. */
function described(
  fields: readonly FieldDescription[],
  words: Readonly<Record<string, string>>,
): readonly Described[] {
  return fields.map((field) => ({ ...field, doc: words[field.name] ?? '' }));
}

function fieldTable(fields: readonly Described[]): string {
  return table(
    ['Offset', 'Size', 'Type', 'Field', 'What it is'],
    fields.map(({ offset, size, type, name, doc }) => [
      String(offset),
      String(size),
      type,
      code(name),
      doc,
    ]),
  );
}

function recordOverview(): string {
  return table(
    ['Type', 'Revision', 'Record', 'Bytes', 'A page', 'Evidence', 'Section'],
    RECORD_FORMATS.map((format) => [
      format.recordTypes.join(', '),
      span(format.revisions),
      format.name,
      String(format.size),
      String(recordsPerPage(format.size)),
      format.evidence,
      format.source,
    ]),
  );
}

function records(): string {
  return RECORD_FORMATS.map((format) => {
    const { name, recordTypes, revisions, size, doc, evidence, source } = format;
    const crc = {
      name: 'crc',
      offset: size - RECORD_CRC_SIZE,
      size: RECORD_CRC_SIZE,
      type: 'u16',
      doc: 'CRC-16 of all bytes before',
    };
    return [
      `### ${name}`,
      `Type ${recordTypes.join(' and ')}, revision ${span(revisions)}, ${size} bytes. ${doc} ` +
        `Evidence: ${evidence}, ${source}.`,
      fieldTable([...format.fields, crc]),
    ].join('\n\n');
  }).join('\n\n');
}

function enumerations(): string {
  return ENUMERATIONS.map(({ title, names, evidence, source }) =>
    [
      `### ${title}`,
      `Evidence: ${evidence}, ${source}. Other numbers are \`unknown\`.`,
      table(
        ['Number', 'Name'],
        Object.entries(names).map(([number, name]) => [number, code(name)]),
      ),
    ].join('\n\n'),
  ).join('\n\n');
}

function bitTables(): string[] {
  const words: readonly {
    readonly title: string;
    readonly bits: Readonly<Record<string, number>>;
    readonly about: Readonly<Record<string, { readonly doc: string; readonly evidence: string }>>;
    readonly digits: number;
  }[] = [
    { title: 'Glucose word', bits: GLUCOSE_BITS, about: ABOUT_GLUCOSE_BITS, digits: 4 },
    { title: 'Trend byte', bits: TREND_BITS, about: ABOUT_TREND_BITS, digits: 2 },
    { title: 'Predicted word', bits: PREDICTION_BITS, about: ABOUT_PREDICTION_BITS, digits: 4 },
  ];
  return words.flatMap(({ title, bits, about, digits }) => [
    `### ${title}`,
    table(
      ['Mask', 'Name', 'What it is', 'Evidence'],
      Object.entries(bits).map(([name, mask]) => [
        `0x${mask.toString(16).toUpperCase().padStart(digits, '0')}`,
        code(name),
        about[name]?.doc ?? '',
        about[name]?.evidence ?? '',
      ]),
    ),
  ]);
}

const LISTS: Readonly<Record<string, readonly string[]>> = {
  paths: ['‹path›', '‹path›'],
  unidentified: ['‹path›'],
};

/** An example, since its words depend on its kind. */
const PAGE_PROBLEM = { kind: 'recordCount', count: '‹count›', fit: '‹fit›' };

/** Stands for the data of an error: every fact is given as its own name. */
const SAMPLE = new Proxy(
  {},
  {
    get: (_, name) =>
      name === 'problem' ? PAGE_PROBLEM : (LISTS[String(name)] ?? `‹${String(name)}›`),
  },
);

function errors(rows: Readonly<Record<string, ErrorRow<never>>>): string {
  return table(
    ['Code', 'It says', 'What to do', 'Retry can help'],
    Object.entries(rows as Readonly<Record<string, ErrorRow<object>>>).map(([name, row]) => [
      code(name),
      row.message(SAMPLE),
      typeof row.help === 'string' ? row.help : row.help(SAMPLE),
      row.retryable ? 'yes' : 'no',
    ]),
  );
}

/** Errors of the packages that use the protocol, by the heading of their table. */
export type OtherErrors = Readonly<Record<string, ErrorRows>>;

/** Writes the whole of docs/reference/receiver.md. */
export function receiverReference(others: OtherErrors): string {
  const flags = Object.entries(SETTING_FLAGS);
  return `${[
    INTRODUCTION,
    '## Commands',
    'A request is `01 | u16 length of everything | u8 code | request | u16 CRC`; its reply is the ' +
      'same with a response code in place of the command. Commands that write need `allowWrites`.',
    commands(),
    '## Commands that are never sent',
    '`prepareRequest` refuses these, and the driver sends only what it made: one of them can brick ' +
      'a receiver.',
    neverSent(),
    '## Pages',
    'A page is 528 bytes: this header, then records back to back, then 0xFF up to its end.',
    fieldTable(described(PAGE_HEADER.fields, PAGE_HEADER_WORDS)),
    '## Records',
    recordOverview(),
    records(),
    '### Subrecord of a calibration set',
    'One meter value, 17 bytes. Evidence: captured, §5.5.',
    fieldTable(described(CALIBRATION_POINT.fields, CALIBRATION_POINT_WORDS)),
    ...bitTables(),
    '### Switches of the user settings',
    'Evidence: one source, §5.11. Other bits are unknown.',
    table(
      ['Mask', 'Switch'],
      flags.map(([name, mask]) => [`0x${mask.toString(16).padStart(3, '0')}`, code(name)]),
    ),
    '## Enumerations',
    enumerations(),
    ...Object.entries(others).flatMap(([heading, rows]) => [`## ${heading}`, errors(rows)]),
    '## Errors of the caller',
    errors({ ...INPUT_ERRORS, ...LAYOUT_ERRORS, ...PAGE_ERRORS, ...COMMAND_ERRORS }),
  ].join('\n\n')}\n`;
}
