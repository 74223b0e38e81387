// The least that a server can do, in a process of its own, for comparison: `node bare-server.ts BYTES`
// takes each request and answers with as many bytes. Prints its origin.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const body = Buffer.alloc(Number(process.argv[2]), 0x20);
const headers = { 'content-type': 'application/json', 'content-length': body.length };
const server = createServer(async (incoming, outgoing) => {
  for await (const _ of incoming);
  outgoing.writeHead(200, headers).end(body);
});
server.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
