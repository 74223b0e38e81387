import { type Answer, json, refusalV3 } from './answer.ts';
import { type Condition, isOperator, meets, spanOf } from './query.ts';
import { sha1 } from './sha1.ts';
import type { Call, SiteState } from './state.ts';
import type { Fields } from './store.ts';

const MISSING_PERMISSION = 'Missing permission';
/** Parameters of a search that are no conditions. */
const RESERVED = ['token', 'sort', 'sort$desc', 'limit', 'skip', 'fields', 'now'];
/** 2000-01-01: no earlier time is taken. */
const MIN_TIMESTAMP = 946_684_800_000;
const MOST_OFFSET_MINUTES = 1440;
/** Fields that stay as they were in an entry that is there. */
const IMMUTABLE = ['date', 'utcOffset', 'eventType', 'device', 'app', 'srvCreated', 'subject'];
const IMMUTABLE_TOO = ['srvModified', 'modifiedBy', 'isValid'];

// nightscout §5.4
/** Answers a search. */
export function readV3(state: SiteState, { caller, query }: Call): Answer {
  if (!caller?.may('api:entries:read')) return forbidden('read');
  const conditions: Condition[] = [];
  for (const [key, given] of query) {
    if (RESERVED.includes(key)) continue;
    const [, field = key, operator = 'eq'] = /^(.*)\$([a-zA-Z]+)$/.exec(key) ?? [];
    if (!isOperator(operator)) {
      return refusalV3(400, `Unsupported filter operator ${operator}`);
    }
    conditions.push({ field, operator, value: parsedValue(field, given) });
  }
  if (query.has('sort') && query.has('sort$desc')) {
    return refusalV3(400, 'Parameters sort and sort_desc cannot be combined');
  }
  const { maxLimit } = state.behaviour;
  const limit = Number(query.get('limit') ?? maxLimit);
  if (!(limit > 0 && limit <= maxLimit)) return refusalV3(400, 'Parameter limit out of tolerance');
  const skip = Number(query.get('skip') ?? 0);
  if (!(skip >= 0)) return refusalV3(400, 'Parameter skip out of tolerance');
  const { fromMs, toMs } = spanOf(conditions);
  const found: Fields[] = [];
  for (const fields of state.store.between(fromMs, toMs)) {
    if (fields.isValid !== false && meets(fields, conditions)) found.push(fields);
  }
  if (!query.has('sort$desc')) found.reverse();
  const shown = found.slice(skip, skip + Math.trunc(limit)).map(({ _id, ...fields }) => ({
    // An entry of version 1 is known by its number (nightscout §5.4).
    ...{ identifier: _id, ...fields },
  }));
  return json(200, state.behaviour.api3 === 'bare' ? shown : { status: 200, result: shown });
}

function parsedValue(field: string, given: string): unknown {
  if (/^-?\d+(?:\.\d+)?$/.test(given)) return Number(given);
  if (given === 'true' || given === 'false') return given === 'true';
  const bare = /^'(.*)'$/.exec(given)?.[1] ?? given;
  const isTime = ['date', 'srvModified', 'srvCreated'].includes(field);
  return isTime && !Number.isNaN(Date.parse(bare)) ? Date.parse(bare) : bare;
}

// nightscout §5.2, §5.3
/** Answers a post of one entry: it is new, or takes the place of the one that it is a copy of. */
export function createV3(state: SiteState, call: Call): Answer {
  const { caller, body } = call;
  const document = parsed(body);
  if (document === undefined || Object.keys(document).length === 0) {
    return refusalV3(400, 'Bad or missing request body');
  }
  dated(document);
  const { store, behaviour } = state;
  document.identifier ??= identifierOf(document);
  const identifier = String(document.identifier);
  const { date, type } = document;
  const there =
    store.byIdentifier(identifier) ??
    (behaviour.dedupFallback && typeof date === 'number' && type !== undefined
      ? store.withoutIdentifier(date, type)
      : undefined);
  const old = there === undefined ? undefined : store.get(there);
  const needed = old === undefined ? 'create' : 'update';
  if (!caller?.may(`api:entries:${needed}`)) return forbidden(needed);
  const changed = old && changedField(document, old);
  if (changed !== undefined) {
    return refusalV3(400, `Field ${changed} cannot be modified by the client`);
  }
  const wrong = wrongField(document);
  if (wrong !== undefined) return refusalV3(400, `Bad or missing ${wrong} field`);
  const lastModified = state.nowMs();
  const fields = {
    ...document,
    ...{ srvModified: lastModified, srvCreated: old?.srvCreated ?? lastModified },
    ...(caller.subject !== undefined && { subject: caller.subject }),
  };
  const headers = { location: `/api/v3/entries/${identifier}` };
  if (there === undefined || old === undefined) {
    store.insert(fields);
    if (behaviour.api3 === 'bare') return { ...json(201, {}, headers), body: '' };
    return json(201, { status: 201, identifier, lastModified }, headers);
  }
  store.replace(there, fields);
  if (behaviour.api3 === 'bare') return { ...json(204, {}, headers), body: '' };
  const before = old.identifier ?? there;
  return json(
    200,
    {
      ...{ status: 200, lastModified, identifier, isDeduplication: true },
      ...(before !== identifier && { deduplicatedIdentifier: before }),
    },
    headers,
  );
}

const forbidden = (right: string): Answer =>
  refusalV3(403, `${MISSING_PERMISSION} api:entries:${right}`);

/** Reads the time, also as text or in seconds, and works out what follows from it. */
function dated(document: Record<string, unknown>): void {
  const given = document.date ?? document.created_at;
  const number = Number(given);
  let date = typeof given === 'string' && Number.isNaN(number) ? Date.parse(given) : number;
  if (date < MIN_TIMESTAMP) date *= 1000;
  if (!(date >= MIN_TIMESTAMP)) return;
  document.date = date;
  document.utcOffset ??= 0;
  document.created_at = new Date(date).toISOString();
}

function changedField(document: Fields, old: Fields): string | undefined {
  if (old.isValid === false) return undefined;
  return [...IMMUTABLE, ...IMMUTABLE_TOO].find(
    (field) => document[field] !== undefined && document[field] !== old[field],
  );
}

function wrongField({ date, utcOffset, app }: Fields): string | undefined {
  if (typeof date !== 'number' || date <= MIN_TIMESTAMP) return 'date';
  if (typeof utcOffset !== 'number' || Math.abs(utcOffset) > MOST_OFFSET_MINUTES)
    return 'utcOffset';
  return typeof app !== 'string' || app.trim() === '' ? 'app' : undefined;
}

/** Makes a UUID of version 5 of device, time and kind of event: entries have none. */
export function identifierOf({ device, date, eventType }: Fields): string {
  const key = `${device}_${date}${eventType ? `_${eventType}` : ''}`;
  const digits = sha1(`NightscoutRocks!${key}`).slice(0, 32);
  const variant = ((Number.parseInt(digits.slice(16, 17), 16) & 3) | 8).toString(16);
  const marked = `${digits.slice(0, 12)}5${digits.slice(13, 16)}${variant}${digits.slice(17)}`;
  return marked.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function parsed(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
