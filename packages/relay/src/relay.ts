import { Calls } from './calls.ts';
import { passOn, SECRET_HEADERS, type Wire } from './exchange.ts';
import { limitsOf, pagesOf, type RelayOptions, type RelayServices, sitesOf } from './options.ts';
import { REFUSAL_HEADER, type RefusalCode, refusal } from './refusals.ts';

/** Answers one request. Never rejects. */
export type RelayHandler = (request: Request) => Promise<Response>;

/** Headers of every answer: data for this page and for now, and no document of the relay's origin. */
const ALWAYS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; sandbox",
  'x-content-type-options': 'nosniff',
  vary: 'origin',
} as const;

/** Time for which a browser need not ask again for permission. */
const PERMISSION_SECONDS = 600;

/** Pages that a relay works for. */
export interface Pages {
  readonly origins: ReadonlySet<string>;
  /** Refusal of all other pages. */
  readonly others: RefusalCode;
}

/** A relay before it is told for which pages it works. */
export class Relay {
  readonly calls: Calls;
  readonly #wire: Wire;
  readonly #askedBy: string;

  /** Throws `RelayError` and `InputError` for what cannot be used. */
  constructor(services: RelayServices) {
    const sites = sitesOf(services);
    this.calls = new Calls(sites);
    this.#wire = {
      ...limitsOf(services),
      fetch: services.fetch ?? ((url, init) => fetch(url, init)),
    };
    const hasSecrets = sites.some(({ kind }) => kind === 'nightscout');
    const names = ['accept', 'content-type', 'user-agent', ...(hasSecrets ? SECRET_HEADERS : [])];
    this.#askedBy = names.join(', ');
  }

  /** Time limit of one call. */
  get timeoutMs(): number {
    return this.#wire.timeoutMs;
  }

  /** Answers a request of a page, unless that is not one of `origins`. */
  async handle(request: Request, { origins, others }: Pages): Promise<Response> {
    const { headers, method } = request;
    const { origin, pathname } = new URL(request.url);
    // Browsers leave out the origin of a page that reads from its own.
    const own = headers.get('sec-fetch-site') === 'same-origin' ? origin : undefined;
    const page = headers.get('origin') ?? own;
    const isPage = page !== undefined && origins.has(page);
    if (!isPage || headers.get('sec-fetch-mode') === 'navigate') {
      return withHeaders(refusal(others), ALWAYS);
    }
    const call = this.calls.at(pathname);
    const answer =
      call === undefined
        ? refusal('unknownCall')
        : method === 'OPTIONS'
          ? new Response(null, { status: 204 })
          : await passOn(this.#wire, call, request);
    return withHeaders(answer, {
      ...ALWAYS,
      'access-control-allow-origin': page,
      'access-control-allow-headers': this.#askedBy,
      'access-control-expose-headers': `retry-after, date, ${REFUSAL_HEADER}`,
      'access-control-max-age': String(PERMISSION_SECONDS),
    });
  }
}

function withHeaders(answer: Response, headers: Readonly<Record<string, string>>): Response {
  for (const [name, value] of Object.entries(headers)) answer.headers.set(name, value);
  return answer;
}

/**
 * Makes a relay for web pages: a function from `Request` to `Response`, for Deno, Bun, workers and
 * whatever else serves that. It passes on the calls of Dexcom Share, and of one Nightscout site if
 * told so, with their methods and paths to the letter, and nothing else. It follows no redirect,
 * passes on no cookies, and keeps and logs nothing.
 *
 * @throws RelayError `badOrigin`, `noPages`, `noService`
 * @throws InputError `outOfRange` for an unknown region or a limit that is none
 *
 * @example
 * ```ts
 * import { createRelay } from '@egvkit/relay';
 *
 * export default {
 *   fetch: createRelay({ regions: ['us'], pages: ['https://glucose.example'] }),
 * };
 * ```
 */
export function createRelay(options: RelayOptions): RelayHandler {
  const relay = new Relay(options);
  const pages = { origins: pagesOf(options.pages), others: 'unknownPage' } as const;
  return (request) => relay.handle(request, pages);
}
