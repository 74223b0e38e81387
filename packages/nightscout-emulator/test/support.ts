import {
  createNightscoutSite,
  type NightscoutSiteOptions,
  type SiteBehaviour,
} from '../src/index.ts';
import { sha1 } from '../src/sha1.ts';

export const NOW_MS = Date.UTC(2026, 4, 4, 12, 0, 0);
export const API_SECRET = 'a secret of the owner';
export const SECRET_HEADER = { 'api-secret': sha1(API_SECRET) };

/** An answer as a test looks at it. */
export interface Seen {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests name the fields that they expect
  readonly json: any;
}

/** A site at one moment whose waits are noted instead of waited for, and a short way to ask it. */
export function siteWorld(options: Partial<SiteBehaviour> = {}, given: NightscoutSiteOptions = {}) {
  const slept: number[] = [];
  const clock = { nowMs: NOW_MS };
  const site = createNightscoutSite({
    apiSecret: API_SECRET,
    subjects: [
      { name: 'Ann', roles: ['admin'] },
      { name: 'reader', roles: ['readable'] },
      { name: 'writer', permissions: ['api:entries:create,read'] },
    ],
    nowMs: () => clock.nowMs,
    sleep: async (ms) => {
      slept.push(ms);
      clock.nowMs += ms;
    },
    options,
    ...given,
  });
  async function ask(
    path: string,
    {
      headers = {},
      body,
      ...init
    }: { headers?: Record<string, string>; body?: unknown; method?: string } = {},
  ): Promise<Seen> {
    const request = new Request(`https://site.example${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      ...init,
      headers,
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const answer = await site.fetch(request);
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.includes('json') && text !== '';
    const { status, headers: told } = answer;
    return { status, headers: told, text, json: isJson ? JSON.parse(text) : undefined };
  }
  const bearer = async (name: string): Promise<Record<string, string>> => {
    const { json } = await ask(`/api/v2/authorization/request/${site.accessToken(name)}`);
    return { authorization: `Bearer ${json.token}` };
  };
  return { site, ask, bearer, slept, clock };
}

/** A sensor value as uploaders send it. */
export const sgv = (date: number, value = 100, more: object = {}) => ({
  ...{ type: 'sgv', sgv: value, date, dateString: new Date(date).toISOString() },
  ...{ direction: 'Flat', device: 'dexcom', ...more },
});
