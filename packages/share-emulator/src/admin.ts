import { InvitationError } from './accounts.ts';
import { type Answer, json } from './answer.ts';
import { parseFailure, parseRandomFailure } from './failure-fields.ts';
import type { ShareService } from './service.ts';

/** Path of the emulator's switches, if they are there at all. The real service has none. */
export const ADMIN_PATH = '/egvkit/admin/';

type Switch = (service: ShareService, asked: unknown) => Promise<object | string> | object | string;

const text = (value: unknown, field: string): string | undefined => {
  const found = (value as Readonly<Record<string, unknown>> | null | undefined)?.[field];
  return typeof found === 'string' ? found : undefined;
};

/** Switches by the last word of the path; each gives its result, or a text about a wrong request. */
const SWITCHES: Readonly<Record<string, Switch>> = {
  fail(service, asked) {
    const failure = parseFailure(asked);
    if (typeof failure === 'string') return failure;
    service.failNext(failure);
    return {};
  },
  'fail-at-random'(service, asked) {
    const failure = parseRandomFailure(asked);
    if (typeof failure === 'string') return failure;
    service.failAtRandom(failure);
    return {};
  },
  clear(service) {
    service.clearFailures();
    return {};
  },
  'expire-sessions'(service) {
    service.expireSessions();
    return {};
  },
  async 'accept-invitation'(service, asked) {
    const subscriptionId = text(asked, 'subscriptionId');
    if (subscriptionId === undefined) return 'subscriptionId is missing';
    const accountId = text(asked, 'followerAccountId');
    const follower = accountId === undefined ? undefined : { accountId, password: '' };
    try {
      const credentials = await service.acceptInvitation(subscriptionId, follower);
      return follower === undefined ? credentials : { accountId };
    } catch (error) {
      if (error instanceof InvitationError) return error.message;
      throw error;
    }
  },
};

/** Turns a switch: POST with a JSON body, 200 with its result, 400 with the problem. */
export async function answerAdmin(
  service: ShareService,
  method: string,
  path: string,
  body: string,
): Promise<Answer> {
  const name = path.slice(ADMIN_PATH.length);
  const turn = Object.hasOwn(SWITCHES, name) ? SWITCHES[name] : undefined;
  if (turn === undefined) {
    return json(404, JSON.stringify({ problem: 'no such switch', known: Object.keys(SWITCHES) }));
  }
  if (method !== 'POST') return json(405, JSON.stringify({ problem: 'POST only' }));
  let asked: unknown;
  try {
    asked = body.trim() === '' ? {} : JSON.parse(body);
  } catch {
    return json(400, JSON.stringify({ problem: 'the body is not JSON' }));
  }
  const given = await turn(service, asked);
  return typeof given === 'string'
    ? json(400, JSON.stringify({ problem: given }))
    : json(200, JSON.stringify(given));
}
