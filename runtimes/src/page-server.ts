// Serves a page to this computer, passes the calls of this page on to one Dexcom Share service, and
// nothing else.
import { serveRelay } from '@egvkit/relay/node';

const { PAGE = 'dist', PORT = '8787', RELAY_UPSTREAM = 'https://share2.dexcom.com' } = process.env;

const server = await serveRelay({
  folder: PAGE,
  port: Number(PORT),
  shareOrigin: RELAY_UPSTREAM,
});
console.log(`Open ${server.origin}`);
