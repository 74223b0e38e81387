import { checkPort, sleep } from '@egvkit/platform';
import { HIGH_MG_DL, LOW_MG_DL, toHex } from '@egvkit/protocol';
import { calibrationStore } from '../../calibration-store.ts';
import type { CallOptions } from '../../call-options.ts';
import type { Destination, ReadBackOptions, ServiceClock } from '../../destination.ts';
import { inSlots } from '../../slots.ts';
import type { DestinationLimits } from '../../uploaded-data.ts';
import { Access } from './access.ts';
import type { Api } from './api.ts';
import { apiV1 } from './api-v1.ts';
import { apiV3 } from './api-v3.ts';
import {
  calibrationOfEntry,
  entryOfCalibration,
  entryOfReading,
  readingOfEntry,
} from './entries.ts';
import { NightscoutError } from './errors.ts';
import {
  checkCredentials,
  checkSlot,
  type NightscoutBehaviour,
  type NightscoutOptions,
  siteAt,
} from './options.ts';
import { readEntries } from './reading-back.ts';
import { clockInStatus, STATUS } from './status-v1.ts';
import { send, type Wire } from './wire.ts';

const DAY_MS = 86_400_000;
/** Half of the five minutes between two measurements. */
const SLOT_MS = 150_000;

/** Limits of Nightscout; a batch of version 3 is smaller, as each reading is a request. */
export const NIGHTSCOUT_LIMITS: DestinationLimits = {
  // The site keeps all it gets; receivers keep about a month, and journals 45 days (ours).
  windowMs: 30 * DAY_MS,
  batchSize: 200,
  lowestValue: LOW_MG_DL,
  highestValue: HIGH_MG_DL,
  // Kept to the millisecond; whole seconds are what sessions agree on.
  timeStepMs: 1000,
};

const DEFAULTS = {
  mostReadings: 30_000,
  device: 'dexcom', // nightscout §2.1
  timeoutMs: 30_000,
  maxAnswerBytes: 8 * 1024 * 1024,
} as const;

function wireOf(options: SiteOptions): Wire {
  const { url, fetch: given, timeoutMs, maxAnswerBytes } = options;
  const site = siteAt(url);
  if (given === undefined) checkPort('the Nightscout site', Number(new URL(site.base).port));
  return {
    ...site,
    fetch: given ?? ((address, init) => fetch(address, init)),
    nowMs: options.nowMs ?? Date.now,
    sleep: options.sleep ?? sleep,
    timeoutMs: timeoutMs ?? DEFAULTS.timeoutMs,
    maxAnswerBytes: maxAnswerBytes ?? DEFAULTS.maxAnswerBytes,
  };
}

/** A site, without a secret. */
type SiteOptions = Pick<NightscoutOptions, 'url' | keyof NightscoutBehaviour>;

/**
 * Asks a site for its time, without a secret, to find out that it is there. Undefined if it tells no time.
 *
 * @throws NightscoutError `badAddress`, `insecureAddress`, and those of a request; the signal's reason
 *   if it is aborted
 */
export async function nightscoutClock(
  options: SiteOptions,
  call: CallOptions = {},
): Promise<ServiceClock | undefined> {
  const wire = wireOf(options);
  return clockInStatus(wire, await send(wire, STATUS, call));
}

/**
 * A Nightscout site as the destination of an upload: sensor values with direction, noise and raw counts,
 * meter values and calibrations. Needs `fetch` and Web Crypto only. Once the site has refused the secret
 * or token, nothing more is sent.
 *
 * @throws NightscoutError `badAddress`, `insecureAddress`, `tokenNeeded`; InputError `outOfRange` for a
 *   secret or token of another form and for a `slotMs` of more than five minutes
 *
 * @example
 * ```ts
 * import { nightscoutDestination } from '@egvkit/uploader/nightscout';
 *
 * const destination = nightscoutDestination({
 *   url: 'https://nightscout.example',
 *   token: 'egvkit-0123456789abcdef',
 * });
 * ```
 */
export function nightscoutDestination(options: NightscoutOptions): Destination {
  checkCredentials(options);
  const { version = 1, device = DEFAULTS.device, slotMs = SLOT_MS } = options;
  const { windowMs = NIGHTSCOUT_LIMITS.windowMs, mostReadings = DEFAULTS.mostReadings } = options;
  checkSlot(slotMs);
  const wire = wireOf(options);
  const access = new Access(wire, options);
  const api: Api = (version === 1 ? apiV1 : apiV3)({ wire, access });
  const place = { api, site: wire };
  const earliest = ({ sinceMs = 0 }: ReadBackOptions): number =>
    Math.max(sinceMs, wire.nowMs() - windowMs - slotMs);
  let checked: Promise<void> | undefined;
  let name: Promise<string> | undefined;
  return {
    limits: { ...NIGHTSCOUT_LIMITS, windowMs, batchSize: api.batchSize },
    repeatsAreOnce: api.repeatsAreOnce,
    takesCounts: true,
    readBack: {
      windowMs,
      mostReadings,
      inSlots: slotMs > 0 ? inSlots(slotMs) : undefined,
      read: (asked) =>
        readEntries(
          place,
          { type: 'sgv', sinceMs: earliest(asked), most: mostReadings, take: readingOfEntry },
          asked,
        ),
    },
    calibrations: calibrationStore({
      ...{ batchSize: api.batchSize, mayHaveArrived },
      async read(asked) {
        const wanted = { sinceMs: earliest(asked), most: mostReadings, take: calibrationOfEntry };
        const meters = await readEntries(place, { type: 'mbg', ...wanted }, asked);
        return [...meters, ...(await readEntries(place, { type: 'cal', ...wanted }, asked))];
      },
      async post(records, call) {
        await api.create(
          records.map((record) => entryOfCalibration(record, device)),
          call,
        );
      },
    }),
    clockOffset: (call) => api.clock(call),
    fingerprint() {
      name ??= fingerprintOf(wire.base);
      return name;
    },
    async prepare(call) {
      checked ??= api.check(call);
      await checked.catch((error: unknown) => {
        checked = undefined;
        throw error;
      });
    },
    post: (readings, call) =>
      api.create(
        readings.map((reading) => entryOfReading(reading, device)),
        call,
      ),
    mayHaveArrived,
  };
}

function mayHaveArrived(error: unknown): boolean {
  return error instanceof NightscoutError && error.outcomeUnknown;
}

async function fingerprintOf(base: string): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(['nightscout', base]));
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
}
