import {
  ABOUT_REGIONS,
  ALERTS,
  type AlertRow,
  ENDPOINTS,
  type Endpoint,
  type EndpointName,
  endpointPath,
  FAULTS,
  fieldsOf,
  LONGEST_READ_MINUTES,
  MOST_READINGS,
  PERMISSIONS,
  REGIONS,
  type RegionName,
  SUBSCRIPTION_STATES,
  UNDOCUMENTED,
} from '@egvkit/protocol/share';
import { createShareService } from '@egvkit/share-emulator';
import { code, table } from '../../protocol/reference/tables.ts';
import { FAILURE_ROWS } from './failures.ts';
import { CLIENT_METHODS } from './methods.ts';

const INTRODUCTION = `# The Share service

Made from the tables of \`packages/protocol\` by \`npm run docs:reference\`; do not edit it by hand.
The sections named are those of the specification the tables were written from. The service is
unofficial for third parties: everything here is second-hand, and nothing was tried against it.

How sure a row is:

${table(
  ['Evidence', 'What it means'],
  [
    ['captured', 'seen in recorded traffic'],
    ['several sources', 'told alike by several sources, not captured'],
    ['one source', 'told by one source only'],
    ['unconfirmed', 'deduced or assumed; nobody has seen it'],
  ],
)}`;

const NAMES = Object.keys(ENDPOINTS) as EndpointName[];
const row = (name: EndpointName): Endpoint => ENDPOINTS[name];
const section = (source: string): string => source.replace('spec/share ', '');

function client(name: EndpointName): string {
  const { method, needs } = CLIENT_METHODS[name];
  return code(`${method}()`) + (needs === undefined ? '' : ` with ${code(needs)}`);
}

/** True if the emulator answers a call at all, found out by calling it. */
async function isEmulated(name: EndpointName): Promise<boolean> {
  const service = createShareService();
  const { http } = row(name);
  const url = `http://localhost${endpointPath(name)}`;
  const { status } = await service.fetch(new Request(url, { method: http }));
  return status !== 404 && status !== 405 && status !== 501;
}

async function calls(): Promise<string> {
  const rows = await Promise.all(
    NAMES.map(async (name) => [
      code(name),
      row(name).effect,
      row(name).doc,
      client(name),
      (await isEmulated(name)) ? 'yes' : 'no',
      row(name).evidence,
      section(row(name).source),
    ]),
  );
  const head = ['Call', 'Effect', 'What it does', 'Client', 'Emulator', 'Evidence', 'Section'];
  return table(head, rows);
}

const GIVES: Readonly<Record<Endpoint['reply']['kind'], string>> = {
  json: 'JSON',
  word: 'a status word, in quotes or bare',
  boolean: '`true` or `false`',
  id: 'an id, kept secret',
  reference: 'an id',
  text: 'a text, kept secret',
  empty: 'nothing',
  bytes: 'bytes',
};

function fields({ body }: Endpoint): string {
  if (body === undefined) return 'none';
  return Object.keys(fieldsOf(body)).map(code).join(', ') || 'a list of ids';
}

function shapes(): string {
  const rows = NAMES.map((name) => [
    `${row(name).http} ${code(`${row(name).area}/${name}`)}`,
    Object.keys(fieldsOf(row(name).query))
      .map(code)
      .join(', ') || 'nothing',
    fields(row(name)),
    GIVES[row(name).reply.kind],
    row(name).secrets.map(code).join(', '),
  ]);
  return table(['Path', 'Query', 'Body', 'Gives', 'Never shown'], rows);
}

const POLICIES = [
  ['relogin', 'Log in once more and repeat the call once; at most once in three minutes.'],
  ['fix', 'Do what is missing, with consent where it changes the account, and repeat once.'],
  ['ok', 'Count it as success.'],
  ['stop', 'Never repeat it without the user.'],
  ['lock', 'No login to the account for ten minutes, across restarts.'],
  ['wait', 'Repeat it once, after two seconds.'],
  ['backoff', 'Repeat what only reads, twice, ever more slowly; nothing else.'],
] as const;

function faults(): string {
  return table(
    ['Code', 'What it means', 'Policy', 'Error', 'What to tell the user', 'Message', 'Evidence'],
    Object.entries(FAULTS).map(([name, { meaning, policy, error, tell, message, evidence }]) => [
      code(name),
      meaning,
      policy,
      code(error),
      tell,
      message,
      evidence,
    ]),
  );
}

function httpFaults(): string {
  return table(
    ['What comes', 'What it means', 'Policy', 'Error', 'Evidence'],
    FAILURE_ROWS.map(({ name, meaning, policy, error, evidence }) => [
      name,
      meaning,
      policy,
      code(error),
      evidence,
    ]),
  );
}

const range = (of: AlertRow['thresholdRange'], unit: string): string =>
  of === undefined ? 'none' : `${of[0]} to ${of[1]} ${unit}`;

function alerts(): string {
  return table(
    ['Alert', 'Field', 'On', 'Threshold', 'Range', 'Delay', 'Range', 'Repeat', 'Sound'],
    Object.entries(ALERTS).map(([name, alert]) => [
      code(name),
      code(alert.field),
      alert.enabled ? 'yes' : 'no',
      alert.thresholdMgDl === undefined ? 'none' : `${alert.thresholdMgDl} mg/dL`,
      range(alert.thresholdRange, 'mg/dL'),
      `${alert.delayMinutes} min`,
      range(alert.delayRange, 'min'),
      alert.repeatMinutes === 0 ? 'never' : `${alert.repeatMinutes} min`,
      alert.sound,
    ]),
  );
}

const named = (of: Readonly<Record<string, string | number>>): string =>
  Object.entries(of)
    .map(([key, value]) => `${key} ${value}`)
    .join(', ');

/** The whole of docs/reference/share.md. */
export async function shareReference(): Promise<string> {
  const regions = Object.entries(ABOUT_REGIONS).map(([name, { portal, doc, evidence }]) => [
    code(name),
    code(REGIONS[name as RegionName].host),
    code(portal),
    doc,
    evidence,
  ]);
  const unknown = Object.values(UNDOCUMENTED).map(({ what, known, source }) => [
    what,
    known,
    section(source),
  ]);
  return `${[
    INTRODUCTION,
    '## Regions',
    table(['Region', 'Host', 'Account portal', 'Where', 'Evidence'], regions),
    '## Calls',
    'All are below `/ShareWebServices/Services`. The client is `ShareClient` of\n`@egvkit/share-http`, the emulator `egvkit emulate share`.',
    await calls(),
    `Share reads back at most ${MOST_READINGS} readings (\`maxCount\`) of the last ${LONGEST_READ_MINUTES}\nminutes (\`minutes\`).`,
    '## What goes in and what comes out',
    shapes(),
    '## Refusals',
    'Every refusal is HTTP 500 with a JSON body `{Code, Message, SubCode, TypeName}`; the status alone\nsays nothing.',
    table(['Policy', 'What the client does'], POLICIES),
    faults(),
    'Codes that begin with `SSO_AuthenticateMaxAttempts` are one, however they end. Codes that are not\nhere are treated with patience, keep their text, and become `serviceFault`.',
    '## Failures without a code',
    httpFaults(),
    '## Alerts of an invitation',
    'The defaults are those of the original application. The ranges are what one open-source project\noffers; what the service itself takes is unknown. Repeats are 30 minutes and longer, or never.',
    alerts(),
    '## States and permissions of a subscription',
    `States: ${named(SUBSCRIPTION_STATES)}. Permissions: ${named(PERMISSIONS)}. All others are unknown\nand kept as they come.`,
    '## What nobody has published',
    'The service can do these things, and no open source knows how to ask for them. Nothing is guessed,\nso none of them can be called.',
    table(['What', 'What is known around it', 'Section'], unknown),
  ].join('\n\n')}\n`;
}
