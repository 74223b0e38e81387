import { ENDPOINTS, type EndpointName, endpointAt } from './endpoints.ts';
import { REDACTED } from './redact.ts';
import { fieldsOf } from './schema.ts';

function isSecret(field: string, name: EndpointName | undefined): boolean {
  if (name === undefined) return true;
  const secrets: readonly string[] = ENDPOINTS[name].secrets;
  const known = Object.keys(fieldsOf(ENDPOINTS[name].query));
  const same = (other: string): boolean => other.toLowerCase() === field.toLowerCase();
  return secrets.some(same) || !known.some(same);
}

/**
 * Takes the secrets out of an address: the values of secret parameters, of parameters that the call
 * does not have, and of everything on unknown paths, and a user name and password before the host.
 */
export function redactUrl(url: string): string {
  const [beforeHash = ''] = url.split('#', 1);
  const mark = beforeHash.indexOf('?');
  const base = (mark < 0 ? beforeHash : beforeHash.slice(0, mark)).replace(/\/\/[^/@]*@/, '//');
  if (mark < 0) return base;
  const name = endpointAt(base.replace(/^[a-z]+:\/\/[^/]*/i, ''));
  const pairs = beforeHash.slice(mark + 1).split('&');
  const shown = pairs.map((pair) => {
    const [field = ''] = pair.split('=', 1);
    return isSecret(field, name) ? `${field}=${REDACTED}` : pair;
  });
  return `${base}?${shown.join('&')}`;
}
