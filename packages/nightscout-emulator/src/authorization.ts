import { type Answer, json, unauthorized } from './answer.ts';
import { ROLES, type SiteBehaviour, type SubjectSeed } from './options.ts';
import { isPermitted } from './permissions.ts';
import { sha1 } from './sha1.ts';

/** Rights of a request: of its secret or token, or of everybody. */
export interface Caller {
  readonly subject: string | undefined;
  readonly may: (permission: string) => boolean;
}

interface Subject {
  readonly name: string;
  readonly accessToken: string;
  /** SHA-1 of the access token. */
  readonly digest: string;
  readonly permissions: readonly string[];
}

/** Content of a JSON web token; times are Unix seconds. */
interface Claims {
  readonly accessToken: string;
  readonly iat: number;
  readonly exp: number;
}

/** Secret and tokens of a request, as they came. */
export interface Credentials {
  readonly secret: string | undefined;
  /** A JSON web token, from the header. */
  readonly bearer: string | undefined;
  /** An access token, from the query. */
  readonly token: string | undefined;
}

/** Reads secret and tokens of a request. */
export function credentialsOf(headers: Headers, query: URLSearchParams): Credentials {
  const [scheme, bearer, ...more] = (headers.get('authorization') ?? '').split(' ');
  const secret = query.get('secret') ?? headers.get('api-secret');
  return {
    // Some program sends the word (nightscout §3.1).
    secret: secret === 'null' ? undefined : secret || undefined,
    bearer: scheme === 'Bearer' && more.length === 0 ? bearer : undefined,
    token: query.get('token') || undefined,
  };
}

const base64 = (value: unknown): string =>
  btoa(JSON.stringify(value)).replace(/[+/=]/g, (sign) => ({ '+': '-', '/': '_' })[sign] ?? '');

const permissionsOf = (roles: readonly string[]): readonly string[] =>
  roles.flatMap((role) => ROLES[role] ?? []);

/** Secret, subjects and tokens of a site, and the delays after refusals. */
export class Authorization {
  readonly #behaviour: SiteBehaviour;
  readonly #nowMs: () => number;
  readonly #sleep: (ms: number) => Promise<void>;
  readonly #subjects = new Map<string, Subject>();
  #secret: string | undefined;
  /** SHA-1 of the secret. */
  #secretDigest: string | undefined;
  /** Changes with each restart, and all JSON web tokens end (nightscout §3.2). */
  #key = 1;
  /** The last JSON web token whose signature was found good, and what it says. */
  #signed: { readonly jwt: string; readonly claims: Claims } | undefined;
  readonly #delayedUntil = new Map<string, number>();
  /** Refused secrets and tokens so far. */
  refusals = 0;

  constructor(behaviour: SiteBehaviour, nowMs: () => number, sleep: (ms: number) => Promise<void>) {
    this.#behaviour = behaviour;
    this.#nowMs = nowMs;
    this.#sleep = sleep;
  }

  // nightscout §3.1
  setSecret(secret: string | undefined): void {
    if (secret !== undefined && secret.length < 12) {
      throw new TypeError('The API secret has fewer than 12 characters.');
    }
    this.#secret = secret;
    this.#secretDigest = secret === undefined ? undefined : sha1(secret);
    this.#signed = undefined;
  }

  /** Adds a subject and gives its access token. */
  add({ name, roles = [], permissions = [] }: SubjectSeed): string {
    const abbreviation = name.toLowerCase().replace(/\W/g, '').slice(0, 10);
    // The form is that of a site; the number of the subject is ours.
    const digest = sha1(sha1(this.#secret ?? '') + name);
    const accessToken = `${abbreviation}-${digest.slice(0, 16)}`; // nightscout §3.2
    this.#subjects.set(name, {
      ...{ name, accessToken, digest: sha1(accessToken) },
      permissions: [...permissionsOf(roles), ...permissions],
    });
    return accessToken;
  }

  remove(name: string): void {
    this.#subjects.delete(name);
  }

  accessToken(name: string): string | undefined {
    return this.#subjects.get(name)?.accessToken;
  }

  restart(): void {
    this.#key++;
    this.#signed = undefined;
    this.#delayedUntil.clear();
  }

  // nightscout §3.2
  /** Answers a request for a JSON web token. */
  authorize(accessToken: string): Answer {
    const subject = this.#byToken(accessToken);
    if (subject === undefined) return unauthorized();
    const iat = Math.floor(this.#nowMs() / 1000);
    const exp = iat + Math.floor(this.#behaviour.tokenLifetimeMs / 1000);
    const defaults = this.#behaviour.defaultRoles.map((role) => ROLES[role] ?? []);
    return json(200, {
      token: this.#sign({ accessToken: subject.accessToken, iat, exp }),
      sub: subject.name,
      permissionGroups: [subject.permissions, ...defaults],
      ...{ iat, exp },
    });
  }

  // nightscout §3.1, §3.4
  /** Finds who asks; undefined for a secret or token that is not known, after which all wait longer. */
  async caller(
    { secret, bearer, token }: Credentials,
    address: string,
  ): Promise<Caller | undefined> {
    const waitMs = (this.#delayedUntil.get(address) ?? 0) - this.#nowMs();
    if (waitMs > 0) await this.#sleep(waitMs);
    const defaults = permissionsOf(this.#behaviour.defaultRoles);
    const jwt = bearer ?? (token && this.#byToken(token)?.accessToken);
    if (secret === undefined && bearer === undefined && jwt === undefined) {
      return { subject: undefined, may: (needed) => isPermitted(defaults, needed) };
    }
    if (secret !== undefined && this.#isSecret(secret)) {
      this.#delayedUntil.delete(address);
      return { subject: undefined, may: () => true };
    }
    const known =
      (bearer === undefined ? undefined : this.#verified(bearer)) ??
      (token && this.#byToken(token)) ??
      (secret && this.#byToken(secret));
    if (!known) {
      this.refusals++;
      const fromMs = Math.max(this.#delayedUntil.get(address) ?? 0, this.#nowMs());
      this.#delayedUntil.set(address, fromMs + this.#behaviour.refusalDelayMs);
      return undefined;
    }
    this.#delayedUntil.delete(address);
    const permissions = [...known.permissions, ...defaults];
    return { subject: known.name, may: (needed) => isPermitted(permissions, needed) };
  }

  #isSecret(secret: string): boolean {
    return secret.toLowerCase() === this.#secretDigest;
  }

  /** By the token itself, or by its SHA-1 (nightscout §3.1). */
  #byToken(token: string): Subject | undefined {
    return [...this.#subjects.values()].find(
      ({ accessToken, digest }) => accessToken === token || digest === token.toLowerCase(),
    );
  }

  /** Makes a JSON web token. Its signature is ours: a client cannot check it. */
  #sign(claims: Claims): string {
    const content = `${base64({ alg: 'HS256', typ: 'JWT' })}.${base64(claims)}`;
    return `${content}.${sha1(`${this.#key}.${this.#secret ?? ''}.${content}`)}`;
  }

  #verified(jwt: string): Subject | undefined {
    const claims = this.#signed?.jwt === jwt ? this.#signed.claims : this.#claimsOf(jwt);
    if (claims === undefined || claims.exp * 1000 <= this.#nowMs()) return undefined;
    this.#signed = { jwt, claims };
    return this.#byToken(claims.accessToken);
  }

  /** Reads a JSON web token of ours; undefined for any other. */
  #claimsOf(jwt: string): Claims | undefined {
    const [, payload = ''] = jwt.split('.');
    try {
      const claims = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')));
      return this.#sign(claims) === jwt ? claims : undefined;
    } catch {
      return undefined;
    }
  }
}
