import type { EndpointName } from '@egvkit/protocol/share';
import type { InjectedFailure, ShareService } from '@egvkit/share-emulator';
import type { CaseName } from '../src/cases.ts';
import { type Listening, listen } from './listen.ts';

const READ = 'ReadPublisherLatestGlucoseValues';

/** Failures of the service, by case. */
const FAILURES: Partial<Record<string, InjectedFailure>> = {
  forgottenSession: { kind: 'expireSession', endpoint: READ },
  slowAnswer: { kind: 'hang', when: 'before', endpoint: READ },
  aborted: { kind: 'hang', when: 'before', endpoint: READ },
} satisfies Partial<Record<CaseName, InjectedFailure>>;

/** Controls the cases over HTTP: injects their failures and records their calls. */
export interface Controller extends Listening {
  /** Calls that reached the service in a case, in order. */
  readonly calls: (name: CaseName) => readonly EndpointName[];
  /** Number of requests that followed a redirect. */
  readonly redirectsFollowed: () => number;
}

/** Response headers that let any page call the controller. */
const OPEN = { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*' };

/**
 * Looks on at a service. `/begin/NAME` announces a case, `/arrived` is answered when the service
 * has received a call of it, and a call of Share is redirected to `/elsewhere`.
 */
export async function openController(service: ShareService): Promise<Controller> {
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
    const failure = FAILURES[name];
    service.clearFailures();
    if (failure !== undefined) service.failNext(failure);
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
