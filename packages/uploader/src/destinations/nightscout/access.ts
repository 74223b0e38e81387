import { toHex } from '@egvkit/protocol';
import type { CallOptions } from '../../call-options.ts';
import { AUTHORIZED, decoded, errorOfStatus } from './answers.ts';
import { NightscoutError } from './errors.ts';
import type { NightscoutCredentials } from './options.ts';
import { type Answer, type Request, send, type Wire } from './wire.ts';

/** A JSON web token that the site has given for a token, and its permissions if it tells them. */
interface Pass {
  readonly jwt: string;
  readonly untilMs: number;
  readonly permissions: readonly string[] | undefined;
}

const REQUEST_PATH = '/api/v2/authorization/request/'; // nightscout §3.2
/** A pass is renewed so long before it ends. */
const EARLY_MS = 60_000;
/** Time of a pass that does not say how long it lasts (ours; sites give 8 hours, once 1). */
const USUAL_PASS_MS = 30 * 60_000;

/** Rights to a site: answers calls with the secret or the token, which it never shows. */
export class Access {
  readonly #wire: Wire;
  readonly #credentials: NightscoutCredentials;
  #secretHash: string | undefined;
  #pass: Pass | undefined;
  /** A refused secret is not sent again. */
  #refused = false;

  constructor(wire: Wire, credentials: NightscoutCredentials) {
    this.#wire = wire;
    this.#credentials = credentials;
  }

  /**
   * Makes a call. A pass that the site does not take any more, as after its restart, is renewed once. So
   * an answer with 401 that comes back means something else than a token that is not known.
   *
   * @throws NightscoutError `refused` for the secret or the token, and those of a request
   */
  async call(request: Request, options: CallOptions): Promise<Answer> {
    const isNew = this.#pass === undefined;
    const first = await this.#send(request, options);
    if (first.status !== 401) return first;
    if (this.#credentials.token === undefined) throw this.refusal();
    if (isNew) return first;
    this.#pass = undefined;
    return await this.#send(request, options);
  }

  /** The token's permissions; undefined if the site does not tell them, or for a secret. */
  async permissions(options: CallOptions): Promise<readonly string[] | undefined> {
    if (this.#credentials.token === undefined) return undefined;
    return (await this.#currentPass(options)).permissions;
  }

  async #send(request: Request, options: CallOptions): Promise<Answer> {
    const headers = { ...request.headers, ...(await this.#headers(options)) };
    return await send(this.#wire, { ...request, headers }, options);
  }

  async #headers(options: CallOptions): Promise<Record<string, string>> {
    if (this.#refused) throw this.refusal();
    const { apiSecret } = this.#credentials;
    if (apiSecret === undefined) {
      return { authorization: `Bearer ${(await this.#currentPass(options)).jwt}` };
    }
    this.#secretHash ??= toHex(await sha1(new TextEncoder().encode(apiSecret)));
    return { 'api-secret': this.#secretHash };
  }

  async #currentPass(options: CallOptions): Promise<Pass> {
    const { nowMs } = this.#wire;
    if (this.#pass !== undefined && nowMs() < this.#pass.untilMs) return this.#pass;
    if (this.#refused) throw this.refusal();
    const request: Request = {
      method: 'GET',
      path: REQUEST_PATH + this.#credentials.token,
      shownPath: `${REQUEST_PATH}…`,
    };
    const answer = await send(this.#wire, request, options);
    if (answer.status === 401) throw this.refusal();
    const error = errorOfStatus(this.#wire, request, answer);
    if (error !== undefined) throw error;
    const {
      token: jwt,
      iat,
      exp,
      permissionGroups,
    } = decoded(this.#wire, request, answer, AUTHORIZED);
    const lastsMs = iat === undefined || exp === undefined ? USUAL_PASS_MS : (exp - iat) * 1000;
    const untilMs = answer.answeredMs + Math.max(lastsMs - EARLY_MS, lastsMs / 2);
    this.#pass = { jwt, untilMs, permissions: permissionGroups?.flat() };
    return this.#pass;
  }

  /** Makes the error of a refusal. Nothing more is sent from then on. */
  refusal(): NightscoutError {
    this.#refused = true;
    const what = this.#credentials.token === undefined ? 'API secret' : 'token';
    return new NightscoutError('refused', { host: this.#wire.host, what });
  }
}

/** SHA-1 by Web Crypto. */
export async function sha1(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-1', bytes));
}

/** True if one of the permissions, which may have wildcards, includes the one that is needed. */
export function includesPermission(permissions: readonly string[], needed: string): boolean {
  const wanted = needed.split(':');
  return permissions.some((permission) => {
    const parts = permission.split(':');
    return wanted.every((part, i) => {
      const given = (i < parts.length ? parts[i] : '*') ?? '*'; // nightscout §3.3
      return given === '*' || given.split(',').includes(part);
    });
  });
}
