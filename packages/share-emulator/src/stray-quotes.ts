import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';

const QUOTE = 0x22;
const END_OF_HEAD = '\r\n\r\n';

/** Number of quotes that may still follow the request that was read last. */
const expected = new WeakMap<Socket, number>();

/**
 * Notes a request that says `Content-Length: 0` and JSON: share2nightscout-bridge sends two quotes
 * behind it all the same (share, Appendix C).
 */
export function noteRequest({ headers, socket }: IncomingMessage): void {
  const isEmpty = headers['content-length'] === '0' && headers['transfer-encoding'] === undefined;
  const isJson = /^application\/json\b/i.test(headers['content-type'] ?? '');
  if (isEmpty && isJson) expected.set(socket, 2);
  // One behind it on the same connection has quotes of its own.
  else expected.delete(socket);
}

/**
 * Drops `""` behind such a request, and nothing else: whatever else is stray is refused by Node.js
 * with 400 and ends the connection. Quotes cannot begin a request, so nothing is read as one that
 * was not sent as one.
 */
function filter(socket: Socket, read: (piece: Buffer) => void): (piece: Buffer) => void {
  let last = '';
  return (piece) => {
    let rest = piece;
    while (rest.length > 0 && !socket.destroyed) {
      const most = expected.get(socket) ?? 0;
      expected.delete(socket);
      let quotes = 0;
      while (quotes < most && rest[quotes] === QUOTE) quotes++;
      rest = rest.subarray(quotes);
      if (quotes > 0 && quotes < most && rest.length === 0) expected.set(socket, most - quotes);
      if (rest.length === 0) return;
      // The head goes first alone: only then is it known which request the quotes follow.
      const head = rest.indexOf(`${END_OF_HEAD}"`);
      const end = head < 0 ? rest.length : head + END_OF_HEAD.length;
      read(rest.subarray(0, end));
      last = (last + rest.toString('latin1', Math.max(0, end - 4), end)).slice(-4);
      // The next request has begun: these quotes would be its own.
      if (last !== END_OF_HEAD) expected.delete(socket);
      rest = rest.subarray(end);
    }
  };
}

/** Puts the filter before the parser of every connection of a server. */
export function dropStrayQuotes(server: Server): void {
  server.on('connection', (socket) => {
    const parsers = socket.listeners('data') as ((piece: Buffer) => void)[];
    socket.on(
      'data',
      filter(socket, (piece) => {
        for (const parse of parsers) parse.call(socket, piece);
      }),
    );
    for (const parse of parsers) socket.removeListener('data', parse);
  });
}
