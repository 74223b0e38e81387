import type { IncomingMessage } from 'node:http';
import { isLoopback } from './loopback.ts';

/** Reads the host that a request is meant for, without its port; undefined if there is none. */
export function hostOf({ headers }: IncomingMessage): string | undefined {
  const address = `http://${headers.host ?? ''}`;
  return URL.canParse(address) ? new URL(address).hostname : undefined;
}

const bare = (host: string): string =>
  host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/^::ffff:/, '');

/**
 * True for a request that may be answered: not one of a web page, which says its origin, and not one
 * for a name that is not the service's, which a web page may have pointed at this computer.
 */
export function isAllowed(incoming: IncomingMessage, names: ReadonlySet<string>): boolean {
  const { headers, socket } = incoming;
  if (headers.origin !== undefined) return false;
  // Only HTTP/1.0 comes without, which no browser speaks.
  if (headers.host === undefined) return true;
  const host = hostOf(incoming);
  if (host === undefined) return false;
  return (
    isLoopback(host) || bare(host) === bare(socket.localAddress ?? '') || names.has(bare(host))
  );
}

/** Collects the names that a service answers to, as {@link isAllowed} looks them up. */
export function namesOf(hosts: readonly string[]): ReadonlySet<string> {
  return new Set(hosts.map(bare));
}
