import {
  type EndpointBody,
  type EndpointName,
  type EndpointQuery,
  type EndpointReply,
  encodeRequest,
  type RequestData,
} from '@egvkit/protocol/share';
import { interpret, type Outcome } from './answer.ts';
import { send, type Wire } from './http.ts';
import {
  checkCredentials,
  resolveTarget,
  type ShareClientOptions,
  type Target,
} from './options.ts';
import { sleep } from './platform.ts';
import { Session } from './session.ts';
import { MemorySessionStore } from './store.ts';

/** The calls that need a session. */
export type SessionCall = {
  [Name in EndpointName]: EndpointQuery<Name> extends { sessionId: string } ? Name : never;
}[EndpointName];

/** What goes into the query of a call besides the session. */
export type SessionQuery<Name extends SessionCall> = Omit<EndpointQuery<Name>, 'sessionId'>;

const TIMEOUT_MS = 30_000;
const MAX_REPLY_BYTES = 1024 * 1024;
const LOCKED_FOR_MS = 10 * 60 * 1000;

/** Makes any call of the table for one account. */
export class Caller {
  readonly target: Target;
  readonly session: Session;
  readonly #wire: Wire;

  constructor(options: ShareClientOptions) {
    checkCredentials(options);
    const { accountName, accountId, password } = options;
    this.target = resolveTarget(options);
    this.#wire = {
      origin: this.target.origin,
      host: this.target.host,
      fetch: options.fetch ?? ((url, init) => fetch(url, init)),
      sleep: options.sleep ?? sleep,
      timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
      maxReplyBytes: options.maxReplyBytes ?? MAX_REPLY_BYTES,
      userAgent: options.userAgent ?? 'egvkit',
    };
    this.session = new Session({
      wire: this.#wire,
      target: this.target,
      account:
        accountName === undefined
          ? { accountId, password }
          : { accountName: accountName.trim(), password },
      store: options.store ?? new MemorySessionStore(),
      now: options.now ?? Date.now,
      lockedForMs: options.lockedForMs ?? LOCKED_FOR_MS,
    });
  }

  /** One request and what its answer means. */
  async send<Name extends EndpointName>(
    name: Name,
    data: RequestData<Name>,
    signal: AbortSignal | undefined,
  ): Promise<Outcome<EndpointReply<Name>>> {
    const answer = await send(this.#wire, name, encodeRequest(name, data), signal);
    return interpret(name, this.target.host, this.session.secrets(), answer);
  }

  /** A call with a session; signs in once more, and only once, if the service has forgotten it. */
  async call<Name extends SessionCall>(
    name: Name,
    rest: SessionQuery<Name>,
    body: EndpointBody<Name>,
    signal: AbortSignal | undefined,
  ): Promise<Outcome<EndpointReply<Name>>> {
    for (let attempt = 1; ; attempt++) {
      const sessionId = await this.session.id(signal);
      const data = { query: { sessionId, ...rest }, body } as unknown as RequestData<Name>;
      const outcome = await this.send(name, data, signal);
      if (outcome.refusal?.verdict.policy !== 'relogin') return outcome;
      this.session.drop(sessionId);
      if (attempt === 2) return outcome;
    }
  }

  /** What a call gives; throws if it is refused. */
  async value<Name extends SessionCall>(
    name: Name,
    rest: SessionQuery<Name>,
    body: EndpointBody<Name>,
    signal: AbortSignal | undefined,
  ): Promise<EndpointReply<Name>> {
    const outcome = await this.call(name, rest, body, signal);
    if (outcome.refusal !== undefined) throw outcome.refusal.error;
    return outcome.value;
  }
}
