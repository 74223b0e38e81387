import { createShareService } from '@egvkit/share-emulator';
import { SharePublisher } from '@egvkit/share-http';
import { type ShareDestinationOptions, shareDestination } from '../../src/index.ts';
import { NOW_MS } from './world.ts';

export const ACCOUNT = { name: 'wearer', password: 'a password', receiver: 'SM00000001' };

/** An emulated Share service, an account, and the bodies that were posted to it. */
export function shareWorld(options: ShareDestinationOptions = {}) {
  const service = createShareService({ accounts: [ACCOUNT], now: () => NOW_MS });
  const bodies: unknown[] = [];
  const share = new SharePublisher({
    origin: 'https://share.example',
    accountName: ACCOUNT.name,
    password: ACCOUNT.password,
    fetch: async (input, init) => {
      const request = new Request(input, init);
      if (request.url.includes('PostReceiverEgvRecords')) bodies.push(await request.clone().json());
      return await service.fetch(request);
    },
  });
  return { service, bodies, destination: shareDestination(share, options) };
}
