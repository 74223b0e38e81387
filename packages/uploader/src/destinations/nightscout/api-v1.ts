import type { CallOptions } from '../../destination.ts';
import { includesPermission } from './access.ts';
import { decoded, ENTRIES_V1, errorOfStatus, STATUS_V1 } from './answers.ts';
import { type Api, clockIn, type Means } from './api.ts';
import { NightscoutError } from './errors.ts';
import type { Answer, Request } from './wire.ts';

const READ = 'api:entries:read';
const CREATE = 'api:entries:create';
/** Entries of one post (ours: the site takes 50 MB, but hosts end a request after half a minute). */
const BATCH_SIZE = 200;

/** Version 1 of the API: entries in lists, known again by type and millisecond (nightscout §4). */
export function apiV1({ wire, access }: Means): Api {
  const call = async (
    request: Request,
    permission: string,
    options: CallOptions,
  ): Promise<Answer> => {
    const answer = await access.call(request, options);
    // The site has just taken the token: this is how version 1 says that a right is missing.
    if (answer.status === 401) {
      throw new NightscoutError('permissionMissing', { host: wire.host, permission });
    }
    const error = errorOfStatus(wire, request, answer);
    if (error !== undefined) throw error;
    return answer;
  };
  return {
    batchSize: BATCH_SIZE,
    repeatsAreOnce: true,
    async clock(options) {
      const request: Request = { method: 'GET', path: '/api/v1/status.json' };
      const answer = await access.call(request, options);
      // A token without the right to the status still gets the time of the answer.
      if (answer.status === 401) return clockIn(answer, undefined);
      const error = errorOfStatus(wire, request, answer);
      if (error !== undefined) throw error;
      const { serverTimeEpoch, serverTime = '' } = decoded(wire, request, answer, STATUS_V1);
      return clockIn(answer, serverTimeEpoch ?? Date.parse(serverTime));
    },
    async check(options) {
      const permissions = await access.permissions(options);
      if (permissions === undefined) return;
      for (const permission of [READ, CREATE]) {
        if (includesPermission(permissions, permission)) continue;
        throw new NightscoutError('permissionMissing', { host: wire.host, permission });
      }
    },
    async page({ type, fromMs, toMs, count }, options) {
      const request: Request = {
        method: 'GET',
        path: '/api/v1/entries.json',
        query: {
          'find[type]': type,
          'find[date][$gte]': String(fromMs),
          ...(toMs !== undefined && { 'find[date][$lte]': String(toMs) }),
          count: String(count),
        },
      };
      const entries = decoded(wire, request, await call(request, READ, options), ENTRIES_V1);
      return { entries, isLast: entries.length < count };
    },
    async create(entries, options) {
      const request: Request = { method: 'POST', path: '/api/v1/entries.json', body: entries };
      decoded(wire, request, await call(request, CREATE, options), ENTRIES_V1);
      return 'posted';
    },
  };
}
