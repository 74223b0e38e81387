import { type Answer, json, refusalV3 } from './answer.ts';
import { createV1, readV1 } from './entries-v1.ts';
import { createV3, readV3 } from './entries-v3.ts';
import type { CallName } from './failure.ts';
import type { SiteBehaviour } from './options.ts';
import type { Call, SiteState } from './state.ts';
import { lastModifiedV3, statusV1, statusV3, versionV3 } from './status.ts';

/** A call and what answers it. */
export interface Route {
  readonly name: CallName;
  readonly method: 'GET' | 'POST';
  readonly path: RegExp;
  readonly answer: (state: SiteState, call: Call) => Answer;
}

const authorize = ({ authorization }: SiteState, { path }: Call): Answer =>
  authorization.authorize(decodeURIComponent(path.slice(path.lastIndexOf('/') + 1)));

/** Calls by method and path; in version 1 the same path with `.json` gives the same (nightscout §4). */
export const ROUTES: readonly Route[] = [
  { name: 'v1 status', method: 'GET', path: /^\/api\/v1\/status(?:\.json)?$/, answer: statusV1 },
  {
    ...{ name: 'v1 read', method: 'GET', answer: readV1 },
    path: /^\/api\/v1\/entries(?:\/(?:sgv|mbg|cal|current))?(?:\.json)?$/,
  },
  {
    ...{ name: 'v1 create', method: 'POST', answer: createV1 },
    path: /^\/api\/v1\/entries(?:\.json|\/)?$/,
  },
  {
    ...{ name: 'v2 authorize', method: 'GET', answer: authorize },
    path: /^\/api\/v2\/authorization\/request\/[^/]+$/,
  },
  { name: 'v3 version', method: 'GET', path: /^\/api\/v3\/version$/, answer: versionV3 },
  { name: 'v3 status', method: 'GET', path: /^\/api\/v3\/status$/, answer: statusV3 },
  {
    ...{ name: 'v3 lastModified', method: 'GET', answer: lastModifiedV3 },
    path: /^\/api\/v3\/lastModified$/,
  },
  { name: 'v3 read', method: 'GET', path: /^\/api\/v3\/entries$/, answer: readV3 },
  { name: 'v3 create', method: 'POST', path: /^\/api\/v3\/entries$/, answer: createV3 },
];

/** Calls that anybody may make. */
export const OPEN: readonly CallName[] = ['v2 authorize', 'v3 version'];

// nightscout §5.1
/** Refuses what version 3 refuses before it looks at a token. */
export function refusedV3(
  api3: SiteBehaviour['api3'],
  headers: Headers,
  query: URLSearchParams,
  { bearer, token }: { readonly bearer: string | undefined; readonly token: string | undefined },
): Answer | undefined {
  if (api3 === 'dated' && !headers.has('date') && !query.has('now')) {
    return json(401, { status: 401, message: 'Missing Date header' });
  }
  const isGiven = bearer !== undefined || token !== undefined;
  return isGiven ? undefined : refusalV3(401, 'Missing or bad access token or JWT');
}
