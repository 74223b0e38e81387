/** Uploads of a page to Nightscout: directly, or through a relay. */
import { relayFetch } from '@egvkit/relay/page';
import {
  NightscoutError,
  type NightscoutOptions,
  nightscoutDestination,
} from '@egvkit/uploader/nightscout';

/** Address and rights; with a relay all calls go through it. */
export interface PageUpload {
  readonly url: string;
  readonly version?: 1 | 3;
  readonly token?: string;
  readonly apiSecret?: string;
  readonly relay?: string;
}

/** Posts a reading twice and reads it back. */
export async function upload({ relay, ...options }: PageUpload) {
  const via = relay === undefined ? {} : { fetch: relayFetch(relay) };
  const destination = nightscoutDestination({ ...options, ...via } as unknown as NightscoutOptions);
  const utcMs = Math.floor(Date.now() / 1000) * 1000 - 60_000;
  const trend = { raw: 4, name: 'Flat' } as const;
  const reading = {
    ...({ utcMs, mgDl: 104, value: 104, status: 'inRange', trend, source: 'receiver' } as const),
    key: '4:1@1',
  };
  const call = { serialNumber: 'SM00000001' };
  try {
    const clock = await destination.clockOffset({});
    await destination.prepare({ ...call, assign: false });
    const outcomes = [
      await destination.post([reading], call),
      await destination.post([reading], call),
    ];
    await destination.calibrations?.post([{ kind: 'meter', key: '10:1@1', utcMs, mgDl: 110 }], {});
    const back = await destination.readBack?.read({});
    return { hasClock: clock !== undefined, outcomes, back: back?.map(({ value }) => value) };
  } catch (error) {
    return { code: error instanceof NightscoutError ? error.code : String(error) };
  }
}
