import { bytesOf, withHeader, withLines } from '../support.ts';
import { type Change, header, type Scene } from './change.ts';

const lines = (...list: (string | readonly string[])[]): Change[] =>
  list.map((line) => [JSON.stringify(line).slice(0, 80), (of) => withLines(of, ...[line].flat())]);

export const SMUGGLED = ({ elsewhere, maxRequestBytes }: Scene): Change[] => [
  ...lines(
    'Transfer-Encoding: chunked',
    'Transfer-Encoding: identity',
    'Transfer-Encoding: gzip, chunked',
    'Transfer-Encoding: xchunked',
    'Transfer-Encoding : chunked',
    'Transfer-Encoding:\tchunked',
    'Transfer-Encoding: chunked, identity',
    ' Transfer-Encoding: chunked',
    'Content-Length: 6',
    'Content-Length: +5',
    'Content-Length: 0x5',
    'Content-Length: 5, 6',
    'Content-Length: -1',
    'Content-Length : 6',
    'Content-Length: 99999999999999999999999',
    `Host: ${elsewhere}`,
    `Origin: http://${elsewhere}`,
    'Sec-Fetch-Site: cross-site',
    'Content-Type: text/plain',
    ' folded: x',
    ['X-Folded: x', ' y'],
    ['X-Folded: x', '\ty'],
    ['X-Folded:', ` Host: ${elsewhere}`],
    'X-Nul: a\0b',
    'X-\0Nul: a',
    'X-Cr: a\rb',
    'X-Bell: a\x07b',
    'X Space: a',
    'X-Space : a',
    'X-Tab\t: a',
    ': nameless',
    'no colon',
    'X-\xff: a',
    'X-(: a',
    'Upgrade: h2c',
    'Upgrade: websocket',
    'Expect: 100-continue',
    'Expect: 200-ok',
    'Trailer: Host',
    `X-Long: ${'a'.repeat(20_000)}`,
    `${'X'.repeat(20_000)}: a`,
    Array.from({ length: 2000 }, (_, at) => `X-${at}: aaaaaaaa`),
  ),
  ['lines end with LF', (of) => ({ ...of, eol: '\n' })],
  ['lines end with CR', (of) => ({ ...of, eol: '\r' })],
  ['one line ends with LF', (of) => ({ ...of, headers: [`X-Lf: a\nX-Next: b`, ...of.headers] })],
  ['headers end with LF LF', (of) => ({ ...of, headers: [...of.headers, 'X: a\n'] })],
  [
    'a Host behind a bare LF',
    (of) => ({ ...of, headers: [`X-Lf: a\nHost: ${elsewhere}`, ...of.headers] }),
  ],
  ...[
    'HTTP/0.9',
    'HTTP/2.0',
    'HTTP/9.9',
    'HTTP/1.10',
    'HTTP/11',
    'HTTP/',
    'http/1.1',
    'HTTPS/1.1',
    'ICE/1.0',
    'HTTP/1.1 x',
    '',
  ].map((version): Change => [`version ${version}`, (of) => ({ ...of, version })]),
  ['1.0 without a host', (of) => ({ ...withHeader(of, 'Host', undefined), version: 'HTTP/1.0' })],
  [
    'a length above the limit',
    (of) => withHeader(of, 'Content-Length', String(maxRequestBytes + 1)),
  ],
];

/** Only where there is a body. */
export const BODIES = ({ maxRequestBytes, port, cookie }: Scene): Change[] => [
  ...header('Content-Type', [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonx',
    'text/json',
    '',
  ]),
  [
    'too long',
    (of) => ({
      ...withHeader(of, 'Content-Length', String(maxRequestBytes + 1)),
      body: 'x'.repeat(maxRequestBytes + 1),
    }),
  ],
  [
    'chunked and too long',
    (of) => ({
      ...withLines(withHeader(of, 'Content-Length', undefined), 'Transfer-Encoding: chunked'),
      body: `${(maxRequestBytes + 1).toString(16)}\r\n${'x'.repeat(maxRequestBytes + 1)}\r\n0\r\n\r\n`,
    }),
  ],
  [
    'chunked',
    (of) => ({
      ...withLines(withHeader(of, 'Content-Length', undefined), 'Transfer-Encoding: chunked'),
      body: '2\r\n{}\r\n0\r\n\r\n',
    }),
  ],
  [
    'a request in the body of one that is refused',
    (of) => {
      const inner = bytesOf({
        ...of,
        headers: [`Host: 127.0.0.1:${port}`, `Cookie: ${cookie}`],
        body: '',
      });
      const outer = withHeader(withHeader(of, 'Connection', undefined), 'Cookie', undefined);
      return { ...withHeader(outer, 'Content-Length', '0'), body: inner };
    },
  ],
  ['a body that ends early', (of) => withHeader(of, 'Content-Length', String(of.body.length + 10))],
];
