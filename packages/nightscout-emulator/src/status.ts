import { type Answer, json, refusalV3, unauthorized } from './answer.ts';
import type { Call, SiteState } from './state.ts';

// nightscout §4.4
/** Answers the status call of version 1. */
export function statusV1({ behaviour, nowMs }: SiteState, { caller }: Call): Answer {
  if (!caller?.may('api:status:read')) return unauthorized();
  const serverTimeEpoch = nowMs();
  return json(200, {
    ...{ status: 'ok', name: 'nightscout', version: behaviour.version },
    ...{ serverTime: new Date(serverTimeEpoch).toISOString(), serverTimeEpoch },
    ...{ apiEnabled: true, careportalEnabled: false, boluscalcEnabled: false },
    ...{ settings: { units: 'mg/dl' }, extendedSettings: {}, authorized: null },
    runtimeState: 'loaded',
  });
}

const infoOf = ({ behaviour, nowMs }: SiteState) => ({
  ...{ version: behaviour.version, apiVersion: '3.0.5', srvDate: nowMs() },
  storage: { storage: 'mongodb', version: '7.0.0' },
});

const resultV3 = ({ behaviour }: SiteState, result: object): Answer =>
  json(200, behaviour.api3 === 'current' ? { status: 200, result } : result);

// nightscout §5.1
/** Answers the version call of version 3, which needs no token. */
export function versionV3(state: SiteState): Answer {
  return resultV3(state, infoOf(state));
}

const LETTERS = { create: 'c', read: 'r', update: 'u', delete: 'd' } as const;

// nightscout §5.2
/** Answers the status call of version 3: permissions by collection, as far as there are any. */
export function statusV3(state: SiteState, { caller }: Call): Answer {
  const entries = Object.entries(LETTERS)
    .filter(([right]) => caller?.may(`api:entries:${right}`))
    .map(([, letter]) => letter)
    .join('');
  return resultV3(state, { ...infoOf(state), apiPermissions: entries ? { entries } : {} });
}

// nightscout §5.4
/** Answers the time of the last change, if it may be read. */
export function lastModifiedV3(state: SiteState, { caller }: Call): Answer {
  if (!caller?.may('api:entries:read'))
    return refusalV3(403, 'Missing permission api:entries:read');
  const times = state.store.all().map(({ srvModified, date }) => Number(srvModified ?? date));
  const entries = times.length === 0 ? undefined : Math.max(...times);
  const collections = entries === undefined ? {} : { entries };
  return resultV3(state, { srvDate: state.nowMs(), collections });
}
