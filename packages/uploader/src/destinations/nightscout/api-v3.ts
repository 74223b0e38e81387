import type { CallOptions } from '../../call-options.ts';
import type { PostOutcome } from '../../destination.ts';
import {
  decoded,
  ENTRIES_V3,
  errorOfStatus,
  messageIn,
  STATUS_V3,
  unwrapped,
  VERSION_V3,
} from './answers.ts';
import { type Api, clockIn, type Means } from './api.ts';
import { type Entry, identifierOf } from './entries.ts';
import { NightscoutError } from './errors.ts';
import { type Answer, type Request, send } from './wire.ts';

/** Entries of one post (ours): each is a request of its own. */
const BATCH_SIZE = 50;
/** Permissions on entries, and the letters that the site tells them by. */
const NEEDED = { r: 'read', c: 'create', u: 'update' } as const; // nightscout §5.2
/** Refusal of an entry because another program's of the same moment and kind is there. */
const IMMUTABLE = /^Field \w+ cannot be modified by the client$/; // nightscout §5.3

/** Refusal of a limit above the site's own, which it then gives without one (nightscout §5.4). */
const LIMIT_REFUSED = /^Parameter limit out of tolerance$/;

/** Version 3 of the API: one entry a request, known again by its identifier (nightscout §5). */
export function apiV3({ wire, access }: Means): Api {
  /** Makes a call; an answer with a status in `allowed` is none of an error. */
  const call = async (
    request: Request,
    options: CallOptions,
    allowed?: (answer: Answer) => boolean,
  ): Promise<Answer> => {
    const answer = await access.call(request, options);
    if (allowed?.(answer)) return answer;
    // Early sites want the time with each request (nightscout §5.1).
    if (answer.status === 401 && /\bdate\b/i.test(messageIn(answer))) {
      throw new NightscoutError('siteTooOld', { host: wire.host });
    }
    if (answer.status === 401) throw access.refusal();
    const error = errorOfStatus(wire, request, answer);
    if (error !== undefined) throw error;
    return answer;
  };
  const isImmutable = (answer: Answer): boolean =>
    answer.status === 400 && IMMUTABLE.test(messageIn(answer));
  const create = async (entry: Entry, options: CallOptions): Promise<PostOutcome> => {
    const identifier = entry.type === 'sgv' ? undefined : await identifierOf(entry);
    const body = { ...entry, ...(identifier && { identifier }) };
    const request: Request = { method: 'POST', path: '/api/v3/entries', body };
    const { status } = await call(request, options, isImmutable);
    return status === 201 ? 'posted' : 'duplicate';
  };
  const isLimitRefused = (answer: Answer): boolean =>
    answer.status === 400 && LIMIT_REFUSED.test(messageIn(answer));
  let takesLimit = true;
  return {
    batchSize: BATCH_SIZE,
    repeatsAreOnce: false,
    async clock(options) {
      const request: Request = { method: 'GET', path: '/api/v3/version' };
      const answer = await send(wire, request, options);
      // What has no such call answers with a page of its framework (nightscout §5.1).
      if (answer.status === 404 && /Cannot GET/.test(answer.text)) {
        throw new NightscoutError('siteTooOld', { host: wire.host });
      }
      const error = errorOfStatus(wire, request, answer);
      if (error !== undefined) throw error;
      return clockIn(answer, unwrapped(decoded(wire, request, answer, VERSION_V3)).srvDate);
    },
    async check(options) {
      const request: Request = { method: 'GET', path: '/api/v3/status' };
      const answer = await call(request, options);
      const { apiPermissions } = unwrapped(decoded(wire, request, answer, STATUS_V3));
      for (const [letter, name] of Object.entries(NEEDED)) {
        if (apiPermissions.entries?.includes(letter)) continue;
        const permission = `api:entries:${name}`;
        throw new NightscoutError('permissionMissing', { host: wire.host, permission });
      }
    },
    async page({ type, fromMs, toMs, count }, options) {
      const request = (limit: number | undefined): Request => ({
        method: 'GET',
        path: '/api/v3/entries',
        query: {
          type$eq: type,
          date$gte: String(fromMs),
          ...(toMs !== undefined && { date$lte: String(toMs) }),
          sort$desc: 'date',
          ...(limit !== undefined && { limit: String(limit) }),
        },
      });
      const limited = takesLimit ? await call(request(count), options, isLimitRefused) : undefined;
      takesLimit = limited !== undefined && !isLimitRefused(limited);
      const answer = limited && takesLimit ? limited : await call(request(undefined), options);
      const entries = unwrapped(decoded(wire, request(count), answer, ENTRIES_V3));
      return { entries, isLast: takesLimit ? entries.length < count : undefined };
    },
    async create(entries, options) {
      let outcome: PostOutcome = 'posted';
      for (const entry of entries) {
        if ((await create(entry, options)) === 'duplicate') outcome = 'duplicate';
      }
      return outcome;
    },
  };
}
