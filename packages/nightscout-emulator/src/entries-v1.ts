import { type Answer, html, json, unauthorized } from './answer.ts';
import { type Condition, meets, spanOf } from './query.ts';
import type { Call, SiteState } from './state.ts';
import type { Fields } from './store.ts';

// nightscout §4.2
/** Fields whose conditions are numbers. */
const NUMBERS = ['date', 'sgv', 'filtered', 'unfiltered', 'rssi', 'noise', 'mbg'];
const FIND = /^find\[(\w+)\](?:\[\$(\w+)\])?$/;

/** Answers a read: newest first, ten if no `count` says otherwise, of four days if no time is asked for. */
export function readV1(state: SiteState, { caller, query, path }: Call): Answer {
  // nightscout §3.5
  if (!caller?.may('api:entries:read')) return unauthorized();
  const conditions: Condition[] = [];
  for (const [key, given] of query) {
    const [, field, operator = 'eq'] = FIND.exec(key) ?? [];
    if (field === undefined) continue;
    const value = NUMBERS.includes(field) ? Number.parseInt(given, 10) : given;
    conditions.push({ field, operator, value });
  }
  const model = /\/entries\/(sgv|mbg|cal|current)/.exec(path)?.[1];
  if (model !== undefined && model !== 'current') {
    conditions.push({ field: 'type', operator: 'eq', value: model });
  }
  const { defaultCount, defaultWindowMs } = state.behaviour;
  if (!conditions.some(({ field }) => field === 'date' || field === 'dateString')) {
    const value = state.nowMs() - defaultWindowMs;
    conditions.push({ field: 'date', operator: 'gte', value });
  }
  const most = model === 'current' ? 1 : countIn(query.get('count'), defaultCount);
  const { fromMs, toMs } = spanOf(conditions);
  const found: Fields[] = [];
  for (const fields of state.store.between(fromMs, toMs)) {
    if (found.length >= most) break;
    if (meets(fields, conditions)) found.push(fields);
  }
  return json(200, found);
}

/** A count that is no positive whole number is no limit. */
function countIn(given: string | null, usual: number): number {
  if (!given) return usual;
  const count = /^\s*\d+\s*$/.test(given) ? Number(given) : 0;
  return count > 0 ? count : Number.POSITIVE_INFINITY;
}

/** Answers a post: each entry takes the place of the one of the same time and type, in all its fields. */
export function createV1(state: SiteState, { caller, body }: Call): Answer {
  // nightscout §3.5
  if (!caller?.may('api:entries:read') || !caller.may('api:entries:create')) return unauthorized();
  const given = parsed(body);
  if (given === undefined) return html(400, 'Bad Request');
  const documents = (Array.isArray(given) ? given : 'date' in given ? [given] : []).map(
    (document) => ({ ...document }) as Record<string, unknown>,
  );
  // nightscout §4.1
  if (documents.some(({ type = '' }) => type !== null && typeof type !== 'string')) {
    return json(500, { status: 500, message: 'Mongo Error', description: {} });
  }
  return json(
    200,
    documents.map((document) => storeV1(state, document)),
  );
}

// nightscout §4.1
/** Stores an entry as version 1 does. */
export function storeV1(state: SiteState, given: Fields): Fields {
  const { _id: id, ...document } = given;
  const fields: Record<string, unknown> = { ...document };
  if (typeof id === 'string' && !/^[0-9a-f]{24}$/i.test(id)) fields.identifier ??= id;
  const { dateString, date } = fields;
  const time = typeof dateString === 'string' && dateString ? Date.parse(dateString) : Number(date);
  const sysTime = new Date(Number.isFinite(time) ? time : state.nowMs()).toISOString();
  fields.utcOffset = typeof dateString === 'string' ? offsetIn(dateString) : 0;
  fields.sysTime = sysTime;
  if (dateString) fields.dateString = sysTime;
  const type = fields.type;
  const there = type ? state.store.bySysTime(sysTime, String(type)) : undefined;
  if (there === undefined) return { ...fields, _id: state.store.insert(fields) };
  state.store.replace(there, { ...state.store.get(there), ...fields });
  return fields;
}

/** Minutes of the zone that a time in ISO 8601 names. */
function offsetIn(dateString: string): number {
  const [, sign, hours = '0', minutes = '0'] = /([+-])(\d\d):?(\d\d)$/.exec(dateString) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

function parsed(body: string): object | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
