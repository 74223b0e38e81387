import { LOOPBACK } from '@egvkit/platform';
import { outOfRange } from '@egvkit/protocol';
import { REGIONS, type RegionName } from '@egvkit/protocol/share';
import { ShareError } from '../errors/share-error.ts';

/** Service of Dexcom's by region, or one that speaks the same language by origin. */
export type ShareService =
  | { readonly region: RegionName; readonly origin?: undefined }
  | {
      /** `https://host` or `https://host:port`; http only if the host is this computer. */
      readonly origin: string | URL;
      readonly region?: undefined;
    };

/** Address of a service, and the application id that it is told. */
export interface Target {
  /** Without a slash at the end. */
  readonly origin: string;
  readonly host: string;
  readonly region: RegionName | undefined;
  readonly applicationId: string;
}

function parseOrigin(origin: string | URL): URL {
  const href = URL.canParse(String(origin)) ? new URL(origin).href : '';
  if (!/^https?:\/\/[^/@]+\/$/.test(href)) throw new ShareError('badOrigin', {});
  const url = new URL(href);
  if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname)) {
    throw new ShareError('insecureOrigin', { host: url.host });
  }
  return url;
}

/**
 * Finds the service that is meant.
 *
 * @throws InputError `outOfRange` for an unknown region; ShareError `badOrigin`, `insecureOrigin`
 */
export function resolveTarget({
  region,
  origin,
  applicationId,
}: ShareService & { readonly applicationId?: string | undefined }): Target {
  // Services that imitate Share take the id of the United States, if they look at it at all.
  const name = region ?? 'us';
  if (!Object.hasOwn(REGIONS, name)) {
    const allowed = `one of ${Object.keys(REGIONS).join(', ')}`;
    throw outOfRange('the region', name, allowed);
  }
  const known = REGIONS[name];
  const url = parseOrigin(origin ?? `https://${known.host}`);
  return {
    origin: url.origin,
    host: url.host,
    region,
    applicationId: applicationId ?? known.applicationId,
  };
}
