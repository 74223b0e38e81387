import type { CallOptions } from '../../call-options.ts';
import { includesPermission } from './access.ts';
import { decoded, ENTRIES_V1, errorOfStatus } from './answers.ts';
import type { Api, Means } from './api.ts';
import { NightscoutError } from './errors.ts';
import { clockInStatus, STATUS } from './status-v1.ts';
import type { Answer, Request } from './wire.ts';

const READ = 'api:entries:read';
const CREATE = 'api:entries:create';
/** Entries of one post (ours: the site takes 50 MB, but hosts end a request after half a minute). */
const BATCH_SIZE = 200;

const ENTRIES = { method: 'GET', path: '/api/v1/entries.json' } as const;

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
      return clockInStatus(wire, await access.call(STATUS, options));
    },
    async check(options) {
      const permissions = await access.permissions(options);
      if (permissions === undefined) {
        // What is not told is tried: a newer site answers a wrong secret with a refusal (nightscout §3.1).
        await call({ ...ENTRIES, query: { count: '1' } }, READ, options);
        return;
      }
      for (const permission of [READ, CREATE]) {
        if (includesPermission(permissions, permission)) continue;
        throw new NightscoutError('permissionMissing', { host: wire.host, permission });
      }
    },
    async page({ type, fromMs, toMs, count }, options) {
      const request: Request = {
        ...ENTRIES,
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
