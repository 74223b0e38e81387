import type { ServiceClock } from '../../destination.ts';
import { decoded, errorOfStatus, STATUS_V1 } from './answers.ts';
import { clockIn } from './api.ts';
import type { Site } from './options.ts';
import type { Answer, Request } from './wire.ts';

/** Request for the status of a site. */
export const STATUS: Request = { method: 'GET', path: '/api/v1/status.json' }; // nightscout §4.4

/**
 * Compares the site's clock with this computer's by an answer to {@link STATUS}. A site that tells its
 * status only to some still gives the time of the answer.
 *
 * @throws NightscoutError if what answers is no site that works
 */
export function clockInStatus(site: Site, answer: Answer): ServiceClock | undefined {
  if (answer.status === 401) return clockIn(answer, undefined);
  const error = errorOfStatus(site, STATUS, answer);
  if (error !== undefined) throw error;
  const { serverTimeEpoch, serverTime = '' } = decoded(site, STATUS, answer, STATUS_V1);
  return clockIn(answer, serverTimeEpoch ?? Date.parse(serverTime));
}
