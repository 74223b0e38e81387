import type { InjectedTrouble, ShareService } from '@egvkit/emulators/share';
import type { EndpointName } from '@egvkit/protocol/share';
import type { CaseName } from '../src/cases.ts';
import { type Listening, listen } from './listen.ts';

const READ = 'ReadPublisherLatestGlucoseValues';

/** What goes wrong at the service in a case. */
const TROUBLES: Partial<Record<string, InjectedTrouble>> = {
  forgottenSession: { kind: 'expireSession', endpoint: READ },
  slowAnswer: { kind: 'hang', when: 'before', endpoint: READ },
  aborted: { kind: 'hang', when: 'before', endpoint: READ },
} satisfies Partial<Record<CaseName, InjectedTrouble>>;

/** Hears from the cases over HTTP, arranges what they need, and takes down what they do. */
export interface Onlooker extends Listening {
  /** The calls that got to the service in each case, in order. */
  readonly calls: (name: CaseName) => readonly EndpointName[];
  /** How many requests have followed a redirect. */
  readonly redirectsFollowed: () => number;
}

/** Any page may talk to it. */
const OPEN = { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*' };

/**
 * Looks on at a service. `/begin/NAME` announces a case, `/arrived` is answered when the service
 * has received a call of it, and a call of Share is redirected to `/elsewhere`.
 */
export async function openOnlooker(service: ShareService): Promise<Onlooker> {
  const calls = new Map<string, EndpointName[]>();
  let current: EndpointName[] = [];
  let redirectsFollowed = 0;
  let tellArrival = (): void => {};
  service.onRequest(({ phase, endpoint }) => {
    if (phase !== 'received') return;
    current.push(endpoint);
    tellArrival();
  });

  function begin(name: string): void {
    current = [];
    calls.set(name, current);
    const trouble = TROUBLES[name];
    service.clearTroubles();
    if (trouble !== undefined) service.failNext(trouble);
  }

  const arrived = () =>
    new Promise<void>((resolve) => {
      tellArrival = resolve;
      if (current.length > 0) resolve();
    });

  const listening = await listen(async ({ url = '', method }, response) => {
    const [, word = '', name = ''] = url.split('/');
    if (word === 'begin') begin(name);
    if (word === 'arrived') await arrived();
    if (word === 'elsewhere') redirectsFollowed++;
    const redirects = word === 'ShareWebServices' && method === 'POST';
    if (redirects) response.writeHead(307, { ...OPEN, location: '/elsewhere' }).end();
    else response.writeHead(200, OPEN).end();
  });
  return {
    ...listening,
    calls: (name) => calls.get(name) ?? [],
    redirectsFollowed: () => redirectsFollowed,
  };
}
