// Passes the calls of your own web pages on to one Dexcom Share service, and nothing else.
// It keeps nothing and logs nothing, but passwords go through it: run your own, behind https.
import { createRelay } from '@egvkit/relay';

const { RELAY_UPSTREAM = 'https://share2.dexcom.com', RELAY_PAGES = '' } = process.env;

export default {
  hostname: '127.0.0.1', // read by Bun; Deno has --host
  fetch: createRelay({
    shareOrigin: RELAY_UPSTREAM,
    pages: RELAY_PAGES.split(' '), // such as 'https://glucose.example http://localhost:5173'
  }),
};
